/**
 * The store: sessions, items, workspaces and the ledger of commands, in one SQLite file.
 *
 * Owns the file and the thread that alone touches it. Promises: what was answered is committed and synced; writes that
 * wait are committed together; a full disk fails calls and nothing else. Never knows what an item means beyond finding
 * it again, by place, by change or by its words.
 */
export { MAX_CHANGE_BYTES, openStore } from './client.ts'
export { isUnfinished } from './rows.ts'
export type * from './store.ts'
