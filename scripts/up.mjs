// Prepares the checkout for what setup.sh is about to run. Plain JavaScript without dependencies that Node 18 can
// run: it is what brings the dependencies, and with them the Node that everything else runs on.
import { runLocked } from './lib/lock.mjs'
import { installTestPackages } from './lib/packages.mjs'
import { staleSteps } from './lib/steps.mjs'
import { endOnFailure, Stop } from './lib/stop.mjs'

const HELP = `Usage: ./setup.sh VERB

  start [--port N] [--home DIR] [--host NAME]
                 install, build and start the server; it prints its address
                 (further options: ./setup.sh start --help)
  test           install, build, then every check and test
  test fast      the checks and the unit tests alone
  test PATH…     the tests whose path contains PATH
  build          install and build
  help           this page

Everything octo writes at run time lies in ~/.octo, in $OCTO_HOME or in --home DIR.
`

/**
 * @param {string | undefined} verb
 * @param {readonly string[]} rest
 */
async function main(verb = 'help', rest) {
  switch (verb) {
    case 'test':
      // Checks and unit tests read the sources alone.
      if (rest[0] === 'fast') return prepareCheckout('install')
      await installTestPackages()
      return prepareCheckout('frontend')
    case 'start':
    case 'build':
      return prepareCheckout('frontend')
    case 'help':
    case '--help':
      process.stdout.write(HELP)
      return
    default:
      throw new Stop(`There is no "${verb}" here: ./setup.sh help lists what there is.`)
  }
}

/**
 * Nothing is locked or written when there is nothing to do, so that a checkout may also belong to somebody else.
 *
 * @param {string} last the last step that is needed
 */
function prepareCheckout(last) {
  if (staleSteps(last).length > 0) process.exitCode = runLocked('scripts/prepare.mjs', [last])
}

await endOnFailure('Preparing this checkout', () => main(process.argv[2], process.argv.slice(3)))
