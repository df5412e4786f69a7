// All checks that need no running program: `npm run check`. `./setup.sh test` runs them before the tests.
import { runChecks } from './lib/checks.mjs'

const { failed } = await runChecks()
process.exitCode = failed === 0 ? 0 : 1
