/**
 * Runners: finds or starts the runner of each user, and says how it is.
 *
 * Promises: a runner that a killed backend left behind is found and used again; one that ends is started again, with
 * growing delays. The one launcher is the only place of the backend that starts a process, and runners are all it starts.
 */
export { encodeActor } from './actor.ts'
export { ChildLauncher, runDemoModel } from './child-launcher.ts'
export { askHealth } from './health.ts'
export type { Launcher, RunningRunner } from './launcher.ts'
export { Runner, USUAL_RUNNER } from './runner.ts'
export { Runners } from './runners.ts'
export { findSocketFolder, openSocketFolder } from './socket-folder.ts'
