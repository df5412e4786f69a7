import { type Epoch, randomId, type WorkspaceId } from '@octo/protocol'
import type { Log } from '../../lib/log.ts'
import { Changes, type ChangeSet } from './changes.ts'
import { TreeWatcher } from './tree-watcher.ts'

/** Changes are told at most this often: a build that writes hundreds of files is one notice, and nobody sees the delay. */
const GATHER_MS = 75

/** A watch that broke is begun again after a while, ever more rarely. */
const FIRST_RETRY_MS = 5_000
const LAST_RETRY_MS = 60_000

/** Numbered changes: `from` is the seq before them. */
export interface Told extends ChangeSet {
  readonly from: number
  readonly seq: number
}

export interface Lease {
  readonly epoch: Epoch
  readonly seq: number
  /** Has everything told that happened before the call. */
  settled(): Promise<void>
  end(): Promise<void>
}

interface Shared {
  readonly watch: WorkspaceWatch
  readonly opening: Promise<void>
}

/** The watched workspaces. One watch serves everybody who asks for it, and ends with the last. */
export class Watches {
  readonly #log: Log
  readonly #shared = new Map<WorkspaceId, Shared>()

  constructor(log: Log) {
    this.#log = log
  }

  /**
   * Calls `listener` with what changes in a workspace, from when this resolves on.
   * @throws OctoError `overloaded` if it has too many folders, `workspace_gone`
   */
  async use(
    workspace: { readonly id: WorkspaceId; readonly path: string },
    listener: (told: Told) => void,
  ): Promise<Lease> {
    const shared = this.#shared.get(workspace.id) ?? this.#open(workspace)
    const { watch, opening } = shared
    watch.listeners.add(listener)
    const end = async (): Promise<void> => {
      if (!watch.listeners.delete(listener) || watch.listeners.size > 0) return
      if (this.#shared.get(workspace.id) === shared) this.#shared.delete(workspace.id)
      await opening.catch(() => undefined)
      await watch.close()
    }
    try {
      await opening
    } catch (error) {
      await end()
      throw error
    }
    return { epoch: watch.epoch, seq: watch.seq, settled: () => watch.settled(), end }
  }

  async close(): Promise<void> {
    const all = [...this.#shared.values()]
    this.#shared.clear()
    await Promise.all(
      all.map(async ({ watch, opening }) => {
        await opening.catch(() => undefined)
        await watch.close()
      }),
    )
  }

  #open(workspace: { readonly id: WorkspaceId; readonly path: string }): Shared {
    const watch = new WorkspaceWatch(workspace, this.#log)
    const shared = { watch, opening: watch.open() }
    this.#shared.set(workspace.id, shared)
    return shared
  }
}

/** The changes of one workspace, numbered from 0 in an epoch of their own. */
class WorkspaceWatch {
  readonly epoch: Epoch = randomId('epo')
  readonly listeners = new Set<(told: Told) => void>()
  seq = 0
  readonly #workspace: { readonly id: WorkspaceId; readonly path: string }
  readonly #log: Log
  readonly #changes = new Changes()
  #tree: TreeWatcher | null = null
  #gathering: NodeJS.Timeout | null = null
  #retry: NodeJS.Timeout | null = null
  #reopening: Promise<void> | null = null
  #retryMs = FIRST_RETRY_MS
  #closed = false

  constructor(workspace: { readonly id: WorkspaceId; readonly path: string }, log: Log) {
    this.#workspace = workspace
    this.#log = log
  }

  async open(): Promise<void> {
    this.#tree = await TreeWatcher.open(this.#workspace.path, {
      changed: (path, folder) => {
        this.#changes.add(path, folder)
        this.#gather()
      },
      lost: () => this.#reset(),
      failed: (error) => this.#onFailed(error),
    })
    this.#retryMs = FIRST_RETRY_MS
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#gathering !== null) clearTimeout(this.#gathering)
    if (this.#retry !== null) clearTimeout(this.#retry)
    await this.#reopening
    await this.#tree?.[Symbol.asyncDispose]()
  }

  #reset(): void {
    this.#changes.reset()
    this.#gather()
  }

  /** Tells at once what has been gathered and what still waits to be. */
  async settled(): Promise<void> {
    await this.#tree?.settled()
    this.#tell()
  }

  #gather(): void {
    if (!this.#closed) this.#gathering ??= setTimeout(() => this.#tell(), GATHER_MS)
  }

  #tell(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering)
    this.#gathering = null
    if (this.#closed || this.#changes.empty) return
    const from = this.seq
    this.seq += 1
    const told = { ...this.#changes.take(), from, seq: this.seq }
    for (const listener of this.listeners) listener(told)
  }

  /** Whoever watches is told that anything may have changed, now and when the watch works again. */
  #onFailed(error: unknown): void {
    this.#log.warn('files.watch_failed', { workspace: this.#workspace.id, retryMs: this.#retryMs, error })
    this.#reset()
    this.#retry = setTimeout(() => {
      this.#reopening = this.#reopen()
    }, this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS)
  }

  async #reopen(): Promise<void> {
    await this.#tree?.[Symbol.asyncDispose]()
    this.#tree = null
    try {
      await this.open()
      this.#reset()
    } catch (error) {
      if (!this.#closed) this.#onFailed(error)
    }
  }
}
