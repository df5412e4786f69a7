import type {
  CommandId,
  Epoch,
  ErrorBody,
  Item,
  ItemChange,
  ItemId,
  Session,
  SessionId,
  UserId,
  Workspace,
  WorkspaceId,
} from '@octo/protocol'

/** One change of a session, stored whole or not at all. */
export interface SessionChange {
  readonly session: SessionId
  /** The seq this change raises the session to; every item in it carries this seq. */
  readonly seq: number
  readonly items: readonly ItemChange[]
  /** The session's properties after the change. */
  readonly properties: Session
  /** What the adapter needs to go on after a restart (the agent's own session id, its file); left out = unchanged. */
  readonly agentState?: unknown
  /** The command this change is the effect of: stored in the same transaction, so it can never run twice. */
  readonly command?: CommandRecord
}

/** Names one run of a command: ids are scoped to the user who acts. */
export interface CommandKey {
  readonly user: UserId
  readonly command: CommandId
}

/** A run of a command: which method, or which HTTP route. */
export interface CommandRun extends CommandKey {
  readonly method: string
  /** SHA-256 of the method and its canonical params: the same id with another body is a conflict. */
  readonly digest: string
}

export interface CommandRecord extends CommandRun {
  readonly result: unknown
}

/** What the ledger knows of a command id. */
export type CommandState =
  | { readonly state: 'new' }
  | { readonly state: 'started'; readonly method: string; readonly digest: string }
  | { readonly state: 'done'; readonly method: string; readonly digest: string; readonly result: unknown }
  | { readonly state: 'failed'; readonly method: string; readonly digest: string; readonly error: ErrorBody }

/** A session as it lies in the store, without its items. */
export interface StoredSession {
  readonly properties: Session
  readonly seq: number
  /** The next free item index. */
  readonly nextIndex: number
  readonly agentState: unknown
}

export interface ItemPage {
  readonly items: readonly ItemChange[]
  /** The seq up to which this page is complete. */
  readonly seq: number
  readonly more: boolean
  readonly older: boolean
}

export interface SearchHit {
  readonly session: SessionId
  readonly item: ItemId
  readonly index: number
  readonly excerpt: string
  readonly createdAt: number
}

/**
 * The runner's durable memory: one SQLite file, written by one thread of its own, so that a slow disk stalls no socket.
 *
 * Every promise that resolves means "committed and synced". Writes that wait while a sync runs are committed together
 * (group commit). A full or failing disk rejects with `no_space` or `internal`, and nothing of that write is kept.
 */
export interface Store {
  /** Changes when this file was restored or repaired. */
  readonly epoch: Epoch

  commit(change: SessionChange): Promise<void>
  /**
   * Saves the text streamed so far, for crashes only: an update in place, without a seq.
   * Writing an item that is gone, or that has a newer seq, is a no-op.
   */
  checkpoint(session: SessionId, item: Item): Promise<void>
  deleteSession(session: SessionId, command?: CommandRecord): Promise<void>
  sessions(): Promise<StoredSession[]>
  /** What changed after a seq, in order of seq, as much as fits a frame. */
  changedSince(session: SessionId, after: number): Promise<ItemPage>
  /** The newest items, at most `window` and as many as fit a frame, by rising index. */
  newest(session: SessionId, window: number): Promise<ItemPage>
  /** The items before an index, at most `limit` and as many as fit a frame, by rising index. */
  before(session: SessionId, index: number, limit: number): Promise<{ items: Item[]; older: boolean }>
  item(session: SessionId, item: ItemId): Promise<Item | null>
  /** Items that had not ended when the process last stopped: turns, tools, open requests, growing texts. */
  unfinished(session: SessionId): Promise<Item[]>
  search(query: string, limit: number): Promise<SearchHit[]>

  workspaces(): Promise<Workspace[]>
  saveWorkspace(workspace: Workspace, command?: CommandRecord): Promise<void>
  deleteWorkspace(workspace: WorkspaceId, command?: CommandRecord): Promise<void>

  commandState(key: CommandKey): Promise<CommandState>
  /** Stores `started`, before an effect outside the store. */
  commandStarted(run: CommandRun): Promise<void>
  commandDone(record: CommandRecord): Promise<void>
  /** A command that is done stays so: its effect is stored. */
  commandFailed(run: CommandRun & { readonly error: ErrorBody }): Promise<void>

  /**
   * Every SHA-256 in quotes that stands in an item or a session, and so may name a blob. Walks through all of them in small
   * steps.
   */
  mentionedHashes(): Promise<Set<string>>

  close(): Promise<void>
}
