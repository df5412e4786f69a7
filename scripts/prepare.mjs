// prepare.mjs install|server|frontend: installs and builds what is not up to date, as far as the step named. Run by
// up.mjs, which holds the lock of the checkout meanwhile.
import { prepare } from './lib/steps.mjs'
import { endOnFailure } from './lib/stop.mjs'

await endOnFailure('Preparing this checkout', () => prepare(process.argv[2] ?? 'frontend'))
