import type { Entry, FileStat, OctoError, WorkspaceId } from '@octo/protocol'
import { isRecord, readStored, writeStored } from '../../lib/storage.ts'
import { perMux, toOctoError } from '../../mux/index.ts'
import type { Mux } from '../../mux/index.ts'
import { openDocuments } from '../editor/documents.ts'
import { fileWatch } from '../file-watch.ts'
import type { FileChange, FileWatch } from '../file-watch.ts'
import { foldersAbove, isWithin, parentOf } from '../paths.ts'
import { EMPTY_TREE, withEntries, withExpanded, withFolder, withMoved, withSelected } from './tree-model.ts'
import type { Naming, Tree } from './tree-model.ts'

/** Changed folders are listed again at most this often; a build touches the same folder many times a second. */
const RELOAD_MS = 150

/** Open folders that are remembered over a reload. */
const MAX_REMEMBERED = 200

/** The tree of each workspace, as long as the connection lives. */
export const treeStore = perMux((mux) => {
  const stores = new Map<WorkspaceId, TreeStore>()
  return (workspace: WorkspaceId): TreeStore => {
    const known = stores.get(workspace)
    if (known !== undefined) return known
    const store = new TreeStore(mux, workspace, (moved) => openDocuments(mux).moved(workspace, moved))
    stores.set(workspace, store)
    return store
  }
})

/** Has whatever shows a file follow it to its new path. */
type OnMoved = (moved: { readonly from: string; readonly to: string }) => Promise<void>

/** What is shown of a workspace's folders. It loads what is open, and follows changes while somebody looks. */
export class TreeStore {
  readonly workspace: WorkspaceId
  readonly watch: FileWatch
  readonly #mux: Mux
  readonly #onMoved: OnMoved
  readonly #listeners = new Set<() => void>()
  #state: Tree = EMPTY_TREE
  #stop: (() => void) | null = null
  readonly #stale = new Set<string>()
  readonly #loading = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(mux: Mux, workspace: WorkspaceId, onMoved: OnMoved) {
    this.#mux = mux
    this.#onMoved = onMoved
    this.workspace = workspace
    this.watch = fileWatch(mux)(workspace)
    const remembered = readStored(this.#storageKey)
    const open = isRecord(remembered) && Array.isArray(remembered['open']) ? (remembered['open'] as unknown[]) : []
    this.#state = withExpanded(
      EMPTY_TREE,
      open.filter((path) => typeof path === 'string'),
      true,
    )
  }

  get state(): Tree {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#begin()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#stop?.()
      this.#stop = null
    }
  }

  /** Opens or closes a folder. */
  setExpanded(path: string, expanded: boolean): void {
    this.#show(withExpanded(this.#state, [path], expanded))
    this.#remember()
    if (expanded && !this.#state.folders.has(path)) void this.#load(path)
  }

  collapseAll(): void {
    this.#show({ ...this.#state, expanded: new Set(['']) })
    this.#remember()
  }

  /** Loads the next page of a folder, or tries again after an error. */
  loadMore(path: string): void {
    void this.#load(path, this.#state.folders.get(path)?.next ?? null)
  }

  /** Lists everything that is open again. */
  refresh(): void {
    this.watch.refresh()
  }

  select(paths: readonly string[], focused: string | null = paths.at(-1) ?? null): void {
    this.#show({ ...withSelected(this.#state, paths), focused })
  }

  setNaming(naming: Naming | null): void {
    if (naming?.kind === 'create' && naming.folder !== '') this.setExpanded(naming.folder, true)
    this.#show({ ...this.#state, naming })
  }

  /** Opens the folders above a path and gives it the keyboard, loading what is missing. */
  async reveal(path: string): Promise<void> {
    const above = foldersAbove(path)
    this.#show(withExpanded(this.#state, above, true))
    this.#remember()
    for (const folder of ['', ...above]) {
      if (!this.#state.folders.has(folder)) await this.#load(folder)
    }
    this.select([path])
  }

  /** Finds out what a link leads to; a folder can then be opened. */
  async resolveLink(path: string): Promise<FileStat> {
    const found = await this.#mux.query('files.stat', { workspace: this.workspace, path })
    const links = new Map(this.#state.links).set(path, found.target ?? 'other')
    this.#show({ ...this.#state, links })
    return found
  }

  /** @throws OctoError `exists` and others, in words for the field it was typed in */
  async create(path: string, kind: 'file' | 'folder'): Promise<void> {
    await this.#mux.command('files.create', { workspace: this.workspace, path, kind })
    this.#show({ ...this.#state, naming: null })
    this.#markStale(['', ...foldersAbove(path)])
    await this.reveal(path)
  }

  /** @throws OctoError `exists` and others */
  async move(from: string, to: string): Promise<void> {
    await this.#mux.command('files.move', { workspace: this.workspace, from, to })
    this.#show({ ...withMoved(this.#state, from, to), naming: null })
    await this.#onMoved({ from, to })
    this.#markStale([parentOf(from), '', ...foldersAbove(to)])
  }

  /** @returns a function that brings everything back, and how many files that is */
  async delete(paths: readonly string[]): Promise<{ readonly deleted: number; restore(): Promise<void> }> {
    const { workspace } = this
    const { trash, deleted } = await this.#mux.command('files.delete', { workspace, paths: [...paths] })
    this.#markStale(paths.map(parentOf))
    return {
      deleted,
      restore: async () => {
        const restored = await this.#mux.command('files.restore', { workspace, trash })
        this.#markStale(restored.paths.map(parentOf))
        this.select(restored.paths)
      },
    }
  }

  #begin(): void {
    // The answer to the watch tells that anything may have changed, and so loads everything that is open.
    this.#stop = this.watch.subscribe((change) => this.#onChange(change))
  }

  #onChange({ folders, reset }: FileChange): void {
    if (!reset) return this.#markStale(folders)
    const { expanded } = this.#state
    const open = [...expanded].filter((path) => foldersAbove(path).every((above) => expanded.has(above)))
    this.#markStale([...this.#state.folders.keys(), ...open])
  }

  /** Lists folders again, soon; those nobody opened are listed when somebody does. */
  #markStale(paths: readonly string[]): void {
    for (const path of paths) {
      if (this.#state.folders.has(path) || this.#state.expanded.has(path)) this.#stale.add(path)
    }
    if (this.#stale.size === 0) return
    // The first is looked at once, so that a person's own act shows at once.
    if (this.#timer === null) this.#reloadStale()
  }

  #reloadStale(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#stale.size > 0) this.#reloadStale()
    }, RELOAD_MS)
    const { expanded } = this.#state
    for (const path of this.#stale) {
      if (this.#loading.has(path)) continue
      this.#stale.delete(path)
      if (path === '' || (expanded.has(path) && foldersAbove(path).every((above) => expanded.has(above)))) {
        void this.#load(path)
      } else this.#forget(path)
    }
  }

  /** What is closed and out of date is loaded when it is opened. */
  #forget(path: string): void {
    const folders = new Map(this.#state.folders)
    folders.delete(path)
    this.#show({ ...this.#state, folders })
  }

  /** @param after the page to add; null lists from the beginning as far as it was listed */
  async #load(path: string, after: string | null = null): Promise<void> {
    if (this.#loading.has(path)) return void this.#stale.add(path)
    this.#loading.add(path)
    if (this.#state.folders.has(path) || this.#listeners.size > 0)
      this.#show(withFolder(this.#state, path, { loading: true }))
    try {
      const known = this.#state.folders.get(path)?.entries ?? []
      const listed = after === null ? await this.#list(path, known.length) : await this.#listPage(path, after, known)
      this.#show(withEntries(this.#state, path, listed))
      void this.#loadIgnored(path)
    } catch (error) {
      this.#onLoadFailed(path, toOctoError(error))
    } finally {
      this.#loading.delete(path)
    }
  }

  /** A folder that is no folder any more is closed; its parent is listed because of the same change. */
  #onLoadFailed(path: string, error: OctoError): void {
    if (path !== '' && ['not_found', 'not_a_folder'].includes(error.code)) {
      this.#show(
        withExpanded(
          this.#state,
          [...this.#state.expanded].filter((open) => isWithin(open, path)),
          false,
        ),
      )
      this.#forget(path)
    } else this.#show(withFolder(this.#state, path, { loading: false, error }))
  }

  async #list(path: string, atLeast: number) {
    let listed: { readonly entries: readonly Entry[]; readonly next: string | null } = { entries: [], next: null }
    do {
      listed = await this.#listPage(path, listed.next, listed.entries)
    } while (listed.next !== null && listed.entries.length < atLeast)
    return listed
  }

  async #listPage(path: string, after: string | null, before: readonly Entry[]) {
    const { workspace } = this
    const page = await this.#mux.query('files.list', { workspace, path, ...(after === null ? {} : { after }) })
    return { entries: [...before, ...page.entries], next: page.next ?? null }
  }

  /** Dims what git ignores, when the entries are there already; without an answer nothing is dim. */
  async #loadIgnored(path: string): Promise<void> {
    const { workspace } = this
    const names = await this.#mux.query('files.ignored', { workspace, path }).then(
      (answer) => answer.names,
      () => [],
    )
    const known = this.#state.folders.get(path)
    if (known === undefined || (names.length === known.ignored.size && names.every((name) => known.ignored.has(name))))
      return
    this.#show(withFolder(this.#state, path, { ignored: new Set(names) }))
  }

  #show(state: Tree): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }

  get #storageKey(): string {
    return `octo.tree.${this.workspace}`
  }

  #remember(): void {
    writeStored(this.#storageKey, { open: [...this.#state.expanded].slice(0, MAX_REMEMBERED) })
  }
}
