/**
 * Holder: processes and their pipes.
 *
 * Owns every agent process and what it starts. Promises: a process that ends takes its whole tree with it when asked, and
 * what a dead runner left behind is found. Never reads what flows through the pipes.
 */
export { createPipeHost } from './pipe-host.ts'
export type { HostedProcess, ProcessExit, ProcessHost, ProcessSpec } from './process-host.ts'
export { findTrees, killUntilGone, signalAll } from './process-tree.ts'
