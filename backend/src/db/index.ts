/**
 * The backend's own store: accounts, logins, tokens and the audit.
 *
 * Promises: what a write resolved is synced; only one process at a time changes it, and none waits inside SQLite.
 * Never holds anything of a session; that is the runner's.
 */
export { type Database, openDatabase, type ReadTables, type WriteTables } from './database.ts'
export type { Tables } from './schema.ts'
