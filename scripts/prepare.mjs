// Installs and builds what is not up to date. Run by up.mjs, which holds the lock of the checkout meanwhile.
import { prepare } from './lib/steps.mjs'
import { endOnFailure } from './lib/stop.mjs'

await endOnFailure('Preparing this checkout', prepare)
