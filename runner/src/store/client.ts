import {
  type Epoch,
  type ErrorBody,
  type Item,
  type ItemChange,
  OctoError,
  type Session,
  type SessionId,
  type Workspace,
  type WorkspaceId,
} from '@octo/protocol'
import type { Log } from '../lib/log.ts'
import { startWorker } from '../lib/start-worker.ts'
import type { HitRow, PageRow } from './operations.ts'
import { changeRow, type CommandRow, doneRow, itemRow } from './rows.ts'
import type {
  CommandKey,
  CommandRecord,
  CommandRun,
  CommandState,
  ItemPage,
  SearchHit,
  SessionChange,
  Store,
  StoredSession,
} from './store.ts'
import { WorkerLink } from './worker-link.ts'

/** Items of one change, together: as an announcement they must fit a frame, with room for what stands around them. */
export const MAX_CHANGE_BYTES = 786_432

/** Bytes of items that may wait for the disk; sessions that write faster than it takes them fail to go on. */
const MAX_WAITING_BYTES = 64 * 1_048_576

/** How long a command id is remembered: longer than any client waits to repeat one. */
const COMMANDS_KEPT_MS = 30 * 86_400_000

const PRUNE_MS = 86_400_000

/** Ids of deleted sessions kept, so that a change still on its way cannot bring one back. */
const MAX_REMEMBERED_DELETIONS = 10_000

export interface StoreOptions {
  /** The file; its companions lie beside it. */
  readonly path: string
  readonly log: Log
  /** Called when the file can be used no longer: the process should end, and the next one recovers. */
  readonly onLost: (error: Error) => void
}

/**
 * Opens the runner's store.
 * @throws OctoError `busy` if another runner uses the file, `unsupported` if a newer octo wrote it
 */
export async function openStore({ path, log, onLost }: StoreOptions): Promise<Store> {
  const worker = startWorker('./worker', import.meta.url, { workerData: { path } })
  const link = new WorkerLink(worker, onLost)
  const { epoch, setAside } = await link.opened
  if (setAside !== null) {
    log.warn('store.set_aside', {
      reason: 'The store was damaged. A new one was begun with what could be read; the old file is kept.',
      ...setAside,
    })
  }
  const store = new WorkerStore(link, epoch as Epoch, log)
  await store.prune()
  return store
}

/** The main thread's side of {@link Store}: turns values into rows and back, and asks the worker. */
class WorkerStore implements Store {
  readonly epoch: Epoch
  readonly #link: WorkerLink
  readonly #log: Log
  readonly #deleted = new Set<SessionId>()
  readonly #pruning: NodeJS.Timeout
  #waitingBytes = 0

  constructor(link: WorkerLink, epoch: Epoch, log: Log) {
    this.epoch = epoch
    this.#link = link
    this.#log = log
    this.#pruning = setInterval(() => void this.prune(), PRUNE_MS).unref()
  }

  async commit(change: SessionChange): Promise<void> {
    if (this.#deleted.has(change.session)) {
      throw new OctoError('not_found', `The session ${change.session} was deleted.`)
    }
    const row = changeRow(change)
    const bytes = row.items.reduce((sum, item) => sum + (item.kind === 'removed' ? 0 : Buffer.byteLength(item.json)), 0)
    if (bytes > MAX_CHANGE_BYTES) {
      throw new OctoError(
        'too_large',
        `A change of ${bytes} bytes does not fit a frame. Split it, or put text in a blob.`,
      )
    }
    await this.#bounded(bytes, () => this.#link.call('commit', row))
  }

  async checkpoint(session: SessionId, item: Item): Promise<void> {
    const row = itemRow(item)
    await this.#bounded(Buffer.byteLength(row.json), () => this.#link.call('checkpoint', session, row))
  }

  async deleteSession(session: SessionId, command?: CommandRecord): Promise<void> {
    if (this.#deleted.size >= MAX_REMEMBERED_DELETIONS) this.#deleted.clear()
    // From now on, not from the answer on: a change sent meanwhile would come after the deletion.
    this.#deleted.add(session)
    try {
      await this.#link.call('deleteSession', session, optionalRow(command))
    } catch (error) {
      this.#deleted.delete(session)
      throw error
    }
  }

  async sessions(): Promise<StoredSession[]> {
    const rows = await this.#link.call('sessions')
    return rows.map(({ properties, agentState, ...row }) => ({
      ...row,
      properties: JSON.parse(properties) as Session,
      agentState: agentState === null ? undefined : (JSON.parse(agentState) as unknown),
    }))
  }

  async changedSince(session: SessionId, after: number): Promise<ItemPage> {
    return itemPage(await this.#link.call('changedSince', session, after))
  }

  async newest(session: SessionId, window: number): Promise<ItemPage> {
    return itemPage(await this.#link.call('newest', session, window))
  }

  async before(session: SessionId, index: number, limit: number): Promise<{ items: Item[]; older: boolean }> {
    const { items, older } = await this.#link.call('before', session, index, limit)
    return { items: JSON.parse(items) as Item[], older }
  }

  async item(session: SessionId, item: Item['id']): Promise<Item | null> {
    const json = await this.#link.call('item', session, item)
    return json === null ? null : (JSON.parse(json) as Item)
  }

  async unfinished(session: SessionId): Promise<Item[]> {
    return JSON.parse(await this.#link.call('unfinished', session)) as Item[]
  }

  async search(query: string, limit: number): Promise<SearchHit[]> {
    const rows: HitRow[] = await this.#link.call('search', query, limit)
    return rows as SearchHit[]
  }

  async workspaces(): Promise<Workspace[]> {
    const rows = await this.#link.call('workspaces')
    return rows.map((json) => JSON.parse(json) as Workspace)
  }

  async saveWorkspace(workspace: Workspace, command?: CommandRecord): Promise<void> {
    await this.#link.call('saveWorkspace', workspace.id, JSON.stringify(workspace), optionalRow(command))
  }

  async deleteWorkspace(workspace: WorkspaceId, command?: CommandRecord): Promise<void> {
    await this.#link.call('deleteWorkspace', workspace, optionalRow(command))
  }

  async commandState(key: CommandKey): Promise<CommandState> {
    const row = await this.#link.call('commandState', key.user, key.command)
    if (row.state === 'new') return row
    const { state, method, digest } = row
    const outcome = row.outcome === null ? null : (JSON.parse(row.outcome) as unknown)
    switch (state) {
      case 'started':
        return { state, method, digest }
      case 'done':
        return { state, method, digest, result: outcome }
      case 'failed':
        return { state, method, digest, error: outcome as ErrorBody }
    }
  }

  async commandStarted({ user, command, method, digest }: CommandRun): Promise<void> {
    await this.#link.call('commandStarted', { user, id: command, method, digest })
  }

  async commandDone(record: CommandRecord): Promise<void> {
    await this.#link.call('commandDone', doneRow(record))
  }

  async commandFailed({ user, command, method, digest, error }: CommandRun & { error: ErrorBody }): Promise<void> {
    await this.#link.call('commandFailed', { user, id: command, method, digest, outcome: JSON.stringify(error) })
  }

  async mentionedHashes(): Promise<Set<string>> {
    const found = new Set<string>()
    for (let after: number | null = 0; after !== null;) {
      const page: { hashes: string[]; next: number | null } = await this.#link.call('mentionedHashes', after)
      for (const hash of page.hashes) found.add(hash)
      after = page.next
    }
    return found
  }

  /** Forgets command ids that are too old. A full disk only puts it off. */
  async prune(): Promise<void> {
    try {
      await this.#link.call('pruneCommands', Date.now() - COMMANDS_KEPT_MS)
    } catch (error) {
      this.#log.warn('store.prune_failed', { error })
    }
  }

  async #bounded(bytes: number, write: () => Promise<void>): Promise<void> {
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      throw new OctoError('overloaded', 'The disk is too slow for what is to be written. Try again soon.')
    }
    this.#waitingBytes += bytes
    try {
      await write()
    } finally {
      this.#waitingBytes -= bytes
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pruning)
    await this.#link.close()
  }
}

function optionalRow(command: CommandRecord | undefined): CommandRow | null {
  return command === undefined ? null : doneRow(command)
}

function itemPage({ items, ...page }: PageRow): ItemPage {
  return { ...page, items: JSON.parse(items) as ItemChange[] }
}
