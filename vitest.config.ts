import { defineConfig } from 'vitest/config'

/** One project per kind of test, so `vitest --project unit` is the fast tier. They run one after the other. */
const shared = {
  resolve: { conditions: ['octo:source'] },
  ssr: { resolve: { conditions: ['octo:source'], externalConditions: ['octo:source'] } },
}

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{protocol,runner,backend,frontend}/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: ['**/*.room.test.ts', '**/node_modules/**', '**/dist/**'],
          // Bounds against hanging, not expectations: these take milliseconds, but a machine may be busy elsewhere.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...shared,
        test: {
          name: 'rooms',
          include: ['{runner,backend}/src/**/*.room.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
