import { type FSWatcher, watch } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { OctoError } from '@octo/protocol'
import { isSystemError } from '../faults.ts'
import { joinPath, nameOf, parentOf, type Place, Root } from '../place.ts'
import { isWatched, toldOf } from './watched-names.ts'

/** Each watched folder takes 1.5 KB here and an entry of the kernel's; larger trees are refreshed by hand. */
const MAX_FOLDERS = 50_000

/** Up to this many changed names of a folder are looked at one by one; beyond, its names are read once. */
const MAX_SINGLE_LOOKS = 16

/** What Linux queues for a process when nothing else is set. */
const USUAL_QUEUE = 16_384

export interface TreeListener {
  /** @param folder the folder whose names changed, if it is not content alone */
  changed(path: string, folder?: string): void
  /** Changes were lost: anything may be different. */
  lost(): void
  /** Nothing more will be told. */
  failed(error: unknown): void
}

interface Watched {
  readonly watcher: FSWatcher
  readonly children: Set<string>
}

/**
 * Watches every folder of a workspace, each by its descriptor, so that links lead it nowhere else.
 *
 * It is built on the watch of single folders, because what the system says of a tree is only complete if whoever watches
 * follows folders that are made, moved and removed: a new folder is watched before its names are read, so nothing falls
 * between, and what was in it already is told; a moved folder is watched anew under its new name.
 */
export class TreeWatcher implements AsyncDisposable {
  readonly #path: string
  readonly #listener: TreeListener
  readonly #queueLimit: number
  readonly #folders = new Map<string, Watched>()
  /** Names that came or went and have not been looked at, by folder. */
  readonly #renamed = new Map<string, Set<string>>()
  /** Which folder the workspace is; another one under its name is another workspace's worth of files. */
  #identity: string | null = null
  #looking: Promise<void> | null = null
  #burst = 0
  #overflown = false
  #closed = false

  private constructor(path: string, listener: TreeListener, queueLength: number) {
    this.#path = path
    this.#listener = listener
    // The queue never shows that it overflowed, only that it was full: half is far more than a busy moment brings.
    this.#queueLimit = queueLength / 2
  }

  /**
   * Watches from now on; resolves when every folder is watched.
   * @throws OctoError `overloaded` if the tree has more folders than the system or octo watches, `workspace_gone`
   */
  static async open(path: string, listener: TreeListener): Promise<TreeWatcher> {
    const tree = new TreeWatcher(path, listener, await readQueueLength())
    try {
      await tree.#startOver()
      return tree
    } catch (error) {
      await tree[Symbol.asyncDispose]()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#unwatchAll()
    await this.#looking
  }

  /** Resolves when everything that happened before the call has been told. */
  async settled(): Promise<void> {
    // What the system queued is read when the event loop next waits, which is between two of its turns.
    await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))
    while (this.#looking !== null) await this.#looking
  }

  /** The folder of the workspace; never held open for long, or the system would not tell when it is removed. */
  async #openRoot(): Promise<Root> {
    const root = await Root.open(this.#path)
    const identity = await root.identity()
    this.#identity ??= identity
    if (identity === this.#identity) return root
    await root[Symbol.asyncDispose]()
    throw new OctoError('workspace_gone', `${this.#path} is another folder now.`)
  }

  /** Watches a folder and all below it, the upper ones first. @param tell whether what is found there is news */
  async #watchBelow(root: Root, path: string, tell: boolean): Promise<void> {
    const waiting = [path]
    for (let folder = waiting.pop(); folder !== undefined && !this.#closed; folder = waiting.pop()) {
      waiting.push(...(await this.#watchOne(root, folder, tell)))
    }
  }

  /** @returns the folders in it that are to be watched */
  async #watchOne(root: Root, path: string, tell: boolean): Promise<string[]> {
    const folder = await openFolderItself(root, path)
    if (folder === null) return []
    await using opened = folder
    const below: string[] = []
    if (!this.#add(path, opened.at)) return []
    for (const dirent of await readNames(opened.at)) {
      if (tell) this.#tell(path, dirent.name, true)
      if (dirent.isDirectory() && isWatched(path, dirent.name)) below.push(joinPath(path, dirent.name))
    }
    return below
  }

  /** @returns false if nobody may watch it */
  #add(path: string, at: string): boolean {
    this.#forget(path)
    // Between finding a folder and coming to it, the one above may have gone.
    if (this.#closed || (path !== '' && !this.#folders.has(parentOf(path)))) return false
    if (this.#folders.size >= MAX_FOLDERS) throw tooMany()
    try {
      // "." at the end: what the system says of the folder itself then comes under a name that no entry has.
      const watcher = watch(`${at}/.`, { persistent: false }, (event, name) => this.#onEvent(path, event, name))
      // A failing watch of one folder says no more than that the folder went, which the one above is told.
      watcher.on('error', () => this.#forget(path))
      this.#folders.set(path, { watcher, children: new Set() })
      if (path !== '') this.#folders.get(parentOf(path))?.children.add(nameOf(path))
      return true
    } catch (error) {
      if (isSystemError(error, 'ENOSPC', 'EMFILE')) throw tooMany(error)
      if (isSystemError(error, 'EACCES', 'ENOENT', 'ENOTDIR')) return false
      throw error
    }
  }

  #forget(path: string): void {
    const watched = this.#folders.get(path)
    if (watched === undefined) return
    this.#folders.delete(path)
    watched.watcher.close()
    if (path !== '') this.#folders.get(parentOf(path))?.children.delete(nameOf(path))
    for (const name of watched.children) this.#forget(joinPath(path, name))
  }

  #unwatchAll(): void {
    for (const { watcher } of this.#folders.values()) watcher.close()
    this.#folders.clear()
    this.#renamed.clear()
  }

  #onEvent(folder: string, event: 'rename' | 'change', name: string | null): void {
    if (this.#closed || this.#countBurst() || name === null) return
    if (name !== '.') this.#tell(folder, name, event === 'rename')
    else if (folder !== '') return
    if (event !== 'rename') return
    const names = this.#renamed.get(folder) ?? new Set()
    this.#renamed.set(folder, names.add(name))
    this.#look()
  }

  #tell(folder: string, name: string, renamed: boolean): void {
    const told = toldOf(folder, name, renamed)
    if (told !== null) this.#listener.changed(told.path, told.folder)
  }

  /** All that waits in the system's queue is told in one turn, so a turn that tells that much has met a full queue. */
  #countBurst(): boolean {
    if (this.#burst === 0) setImmediate(() => (this.#burst = 0))
    this.#burst += 1
    if (this.#burst < this.#queueLimit) return this.#overflown
    this.#overflown = true
    this.#look()
    return true
  }

  /** Looks at what came and went, until there is nothing left to look at. */
  #look(): void {
    this.#looking ??= this.#lookAll()
      .catch((error: unknown) => {
        this.#unwatchAll()
        if (!this.#closed) this.#listener.failed(error)
      })
      .finally(() => (this.#looking = null))
  }

  async #lookAll(): Promise<void> {
    for (;;) {
      if (this.#closed) return
      if (this.#overflown) {
        await this.#startOver()
        this.#listener.lost()
        continue
      }
      const [next] = this.#renamed
      if (next === undefined) return
      const [folder, names] = next
      this.#renamed.delete(folder)
      await this.#lookIn(folder, names)
    }
  }

  async #startOver(): Promise<void> {
    this.#unwatchAll()
    this.#overflown = false
    await using root = await this.#openRoot()
    await this.#watchBelow(root, '', false)
  }

  async #lookIn(folder: string, names: Set<string>): Promise<void> {
    await using root = await this.#openRoot()
    if (!this.#folders.has(folder)) return
    names.delete('.')
    for (const name of names) this.#forget(joinPath(folder, name))
    for (const name of await foldersAmong(root, folder, names)) {
      if (isWatched(folder, name)) await this.#watchBelow(root, joinPath(folder, name), true)
    }
  }
}

/** Opens a folder if it is one, and lies there and not behind a link. */
async function openFolderItself(root: Root, path: string): Promise<Place | null> {
  const place = await root.open(path, { follow: false }).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG')) return null
    if (error instanceof OctoError && error.code === 'path_outside') return null
    throw error
  })
  if (place === null || (place.kind === 'folder' && place.realPath === path)) return place
  await place[Symbol.asyncDispose]()
  return null
}

/** Which of these names in a folder are folders now. */
async function foldersAmong(root: Root, path: string, names: ReadonlySet<string>): Promise<string[]> {
  const folder = await openFolderItself(root, path)
  if (folder === null) return []
  await using opened = folder
  if (names.size > MAX_SINGLE_LOOKS) {
    const dirents = await readNames(opened.at)
    return dirents.filter((dirent) => dirent.isDirectory() && names.has(dirent.name)).map(({ name }) => name)
  }
  const looks = [...names].map(async (name) => ((await isFolder(`${opened.at}/${name}`)) ? [name] : []))
  return (await Promise.all(looks)).flat()
}

async function readNames(at: string) {
  return readdir(at, { withFileTypes: true }).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return []
    throw error
  })
}

async function isFolder(at: string): Promise<boolean> {
  try {
    return (await lstat(at)).isDirectory()
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG')) return false
    throw error
  }
}

async function readQueueLength(): Promise<number> {
  try {
    return Number(await readFile('/proc/sys/fs/inotify/max_queued_events', 'utf8')) || USUAL_QUEUE
  } catch (error) {
    if (error instanceof Error && 'code' in error) return USUAL_QUEUE
    throw error
  }
}

function tooMany(cause?: unknown): OctoError {
  return new OctoError(
    'overloaded',
    'This workspace has more folders than the system watches, so changes are not shown by themselves. Refresh by hand, or raise fs.inotify.max_user_watches.',
    { retryable: false, cause },
  )
}
