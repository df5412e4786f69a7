/**
 * Workspaces: the folders on this machine that sessions, terminals and files belong to.
 *
 * Owns the list of them. Promises: one folder is one workspace, under its real path; a folder that goes is noticed, and what
 * ran in it ends. Never touches what is in a folder; making one, if asked to, is all.
 */
export { createWorkspacesRoom, type WorkspacesRoom } from './room.ts'
