import type { ErrorCode } from '@octo/protocol'
import type { SetAside } from './open-database.ts'
import type { ChangeRow, CommandRow, ItemRow } from './rows.ts'

export interface StoredSessionRow {
  readonly properties: string
  readonly seq: number
  readonly nextIndex: number
  readonly agentState: string | null
}

/** A page of items as one JSON array, so that it crosses the thread as one string. */
export interface PageRow {
  readonly items: string
  readonly seq: number
  readonly more: boolean
  readonly older: boolean
}

export interface HitRow {
  readonly session: string
  readonly item: string
  readonly index: number
  readonly excerpt: string
  readonly createdAt: number
}

export type CommandStateRow =
  | { readonly state: 'new' }
  | {
      readonly state: 'started' | 'done' | 'failed'
      readonly method: string
      readonly digest: string
      readonly outcome: string | null
    }

/** What may be asked of the worker that changes the file; all that wait are committed together. */
export interface Writes {
  commit(change: ChangeRow): void
  checkpoint(session: string, row: ItemRow): void
  deleteSession(session: string, command: CommandRow | null): void
  saveWorkspace(id: string, json: string, command: CommandRow | null): void
  deleteWorkspace(id: string, command: CommandRow | null): void
  commandStarted(row: CommandRow): void
  commandDone(row: CommandRow): void
  commandFailed(row: CommandRow): void
  pruneCommands(before: number): void
}

export interface Reads {
  sessions(): StoredSessionRow[]
  changedSince(session: string, after: number): PageRow
  newest(session: string, window: number): PageRow
  before(session: string, index: number, limit: number): PageRow
  item(session: string, id: string): string | null
  unfinished(session: string): string
  search(query: string, limit: number): HitRow[]
  workspaces(): string[]
  commandState(user: string, id: string): CommandStateRow
  mentionedHashes(after: number): { hashes: string[]; next: number | null }
}

export type Operations = Writes & Reads
export type OperationName = keyof Operations
type WriteName = keyof Writes

const writeNames: Readonly<Record<WriteName, true>> = {
  commit: true,
  checkpoint: true,
  deleteSession: true,
  saveWorkspace: true,
  deleteWorkspace: true,
  commandStarted: true,
  commandDone: true,
  commandFailed: true,
  pruneCommands: true,
}

export function isWrite(name: OperationName): name is WriteName {
  return Object.hasOwn(writeNames, name)
}

/** What the main thread sends. */
export type ToWorker =
  | { readonly type: 'call'; readonly id: number; readonly name: OperationName; readonly args: readonly unknown[] }
  | { readonly type: 'close' }

/** A failure in a form that survives the way between threads. */
export type Failure =
  | { readonly type: 'known'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'bug'; readonly message: string; readonly stack: string | undefined }

export type FromWorker =
  | { readonly type: 'opened'; readonly epoch: string; readonly setAside: SetAside | null }
  | { readonly type: 'refused'; readonly failure: Failure }
  | { readonly type: 'answers'; readonly answers: readonly WorkerAnswer[] }
  | { readonly type: 'closed' }

export type WorkerAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure }
