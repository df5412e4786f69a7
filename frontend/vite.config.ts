import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** Browsers of the last two years: they have everything the CSS uses (color-mix, :has, dvh), so nothing is rewritten. */
const BROWSERS = ['chrome120', 'firefox121', 'safari17.2']

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['octo:source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: BROWSERS,
    cssTarget: BROWSERS,
    // Every asset is a file of its own with a hashed name: the content security policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4_500,
    rolldownOptions: {
      output: {
        // React changes with a dependency update only, so returning users keep it across releases of ours.
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
    },
  },
})
