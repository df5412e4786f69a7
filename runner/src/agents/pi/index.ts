/**
 * pi: octo's usual agent, driven over its RPC mode.
 *
 * Owns pi's processes and its folder below the runner's home. Promises: keys reach pi by its environment and stand in no
 * file; what pi says is kept or void, never doubled. Never reads a line of pi's history itself; pi resumes from its own file.
 */
export { createPiAdapter } from './adapter.ts'
