/**
 * Files: names and contents in the workspaces, on the machine of the runner.
 *
 * Owns the watchers, the lists for finding files, and the trash. Promises: nothing outside a workspace is read or
 * changed, whatever links lie in it and however they change meanwhile; a save replaces a file whole or not at all, and
 * never one that changed since it was read. Never follows a link as the last part of what is deleted, moved or replaced,
 * never waits for a FIFO or device, and never runs anything that a workspace configures.
 */
export { createFilesRoom } from './room.ts'
