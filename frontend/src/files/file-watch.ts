import type { Epoch, Notice, OctoError, WorkspaceId } from '@octo/protocol'
import { perMux, toOctoError } from '../mux/index.ts'
import type { Mux } from '../mux/index.ts'

/** What changed in a workspace; with `reset` anything may have. */
export interface FileChange {
  readonly paths: readonly string[]
  /** Folders in which names came or went. */
  readonly folders: readonly string[]
  readonly reset: boolean
}

export type WatchState =
  | { readonly phase: 'starting' }
  | { readonly phase: 'live' }
  /** Changes are not told; views show what they loaded until they are refreshed. */
  | { readonly phase: 'off'; readonly error: OctoError }

/** The changes of one workspace, as long as somebody listens. */
export interface FileWatch {
  readonly state: WatchState
  /** @returns a function that ends it */
  readonly subscribe: (listener: (change: FileChange) => void) => () => void
  /** Tells everybody that anything may have changed, and tries to watch if that failed. */
  readonly refresh: () => void
}

const RESET: FileChange = { paths: [], folders: [], reset: true }

/** The watch of a workspace; the same for everybody on this connection. */
export const fileWatch = perMux((mux) => {
  const watches = new Map<WorkspaceId, WorkspaceWatch>()
  return (workspace: WorkspaceId): FileWatch => {
    const known = watches.get(workspace)
    if (known !== undefined) return known
    const watch = new WorkspaceWatch(mux, workspace)
    watches.set(workspace, watch)
    return watch
  }
})

class WorkspaceWatch implements FileWatch {
  readonly #mux: Mux
  readonly #workspace: WorkspaceId
  readonly #listeners = new Set<(change: FileChange) => void>()
  #state: WatchState = { phase: 'starting' }
  #stops: readonly (() => void)[] = []
  /** Counts askings, so that only the answer to the last one counts. */
  #asking = 0
  #epoch: Epoch | null = null
  #seq = 0

  constructor(mux: Mux, workspace: WorkspaceId) {
    this.#mux = mux
    this.#workspace = workspace
  }

  get state(): WatchState {
    return this.#state
  }

  readonly subscribe = (listener: (change: FileChange) => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#begin()
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#end()
    }
  }

  readonly refresh = (): void => {
    this.#tell(RESET)
    if (this.#state.phase === 'off') void this.#ask()
  }

  #begin(): void {
    this.#stops = [
      this.#mux.on('files.changed', (notice) => this.#onNotice(notice)),
      this.#mux.onReady(() => void this.#ask()),
    ]
  }

  #end(): void {
    this.#asking += 1
    this.#epoch = null
    for (const stop of this.#stops) stop()
    // If this is lost, so is the connection, and its subscriptions with it.
    if (this.#mux.state.phase === 'ready') {
      this.#mux.query('files.unwatch', { workspace: this.#workspace }).catch(() => undefined)
    }
  }

  /** Subscribes this connection. What changed before the answer was told to nobody, so everybody looks again. */
  async #ask(): Promise<void> {
    this.#asking += 1
    const own = this.#asking
    this.#epoch = null
    try {
      const { epoch, seq } = await this.#mux.query('files.watch', { workspace: this.#workspace })
      if (own !== this.#asking) return
      this.#epoch = epoch
      this.#seq = seq
      this.#state = { phase: 'live' }
    } catch (error) {
      if (own !== this.#asking) return
      this.#state = { phase: 'off', error: toOctoError(error) }
    }
    this.#tell(RESET)
  }

  #onNotice({ workspace, epoch, from, seq, paths, folders, reset }: Notice<'files.changed'>): void {
    if (workspace !== this.#workspace || epoch !== this.#epoch) return
    const missed = from !== this.#seq
    this.#seq = seq
    this.#tell(missed || reset ? RESET : { paths, folders, reset: false })
  }

  #tell(change: FileChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
