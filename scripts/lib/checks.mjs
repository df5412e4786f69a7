import { listFiles } from './files.mjs'
import { root, run } from './run.mjs'

/** What is ours to lint and format, named file by file: given folders, the type-aware linter wanders into dependencies. */
const SOURCES = ['protocol', 'runner', 'backend', 'frontend', 'tests', 'scripts', 'vitest.config.ts']
const code = listFiles(root, SOURCES).filter((file) => /\.(ts|tsx|js|mjs)$/.test(file))
const styles = listFiles(root, ['frontend/src']).filter((file) => file.endsWith('.css'))

const checks = [
  { name: 'types', command: 'tsc', args: ['-b'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '-c', '.oxlintrc.json', '--deny-warnings', ...code] },
  { name: 'format', command: 'oxfmt', args: ['--check', ...code, ...styles] },
  { name: 'dead code', command: 'knip', args: [] },
  { name: 'rooms', command: 'node', args: ['scripts/check-rooms.mjs'] },
  { name: 'names', command: 'node', args: ['scripts/check-names.mjs'] },
  { name: 'protocol reference', command: 'node', args: ['scripts/protocol-docs.mjs', '--check'] },
]

/**
 * Runs every check, one after the other, and shows the output of those that fail.
 *
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks() {
  let passed = 0
  for (const { name, command, args } of checks) {
    const startedAt = performance.now()
    const { code: exitCode, output } = await run(command, args)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
    if (exitCode === 0) passed++
    else console.log(output)
  }
  return { passed, failed: checks.length - passed }
}
