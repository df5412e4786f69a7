import { lstat, readdir, readFile, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { OctoError, randomId, type TrashId, type WorkspaceId } from '@octo/protocol'
import { writeFileAtomic } from '../lib/atomic-write.ts'
import type { Log } from '../lib/log.ts'
import { isSystemError, named, onPath } from './faults.ts'
import { moveWithoutReplacing } from './install.ts'
import { parentOf, Root, Spot } from './place.ts'
import { Shelf, topOfFileSystem } from './shelf.ts'
import { outermost, restoredPath } from './trash-names.ts'
import { parseRecord, type TrashedEntry, type TrashRecord } from './trash-record.ts'
import { walk } from './walk.ts'

/** What was deleted can be brought back for so long. */
const KEPT_MS = 30 * 86_400_000

/** The oldest deletes beyond this many are let go, so that a loop that deletes cannot fill the trash for ever. */
const MAX_RECORDS = 1_000

/** With less than this share of the disk free, what was deleted makes room for what is needed. */
const FULL_SHARE = 0.05

/** What was just deleted can be brought back even then. */
const UNDO_MS = 10 * 60_000

/** Counting stops here: nobody reads "deleted 100,000 files" differently from more. */
const MAX_COUNTED = 100_000

/** How many names beside a taken one are tried. */
const MAX_ATTEMPTS = 100

/** Where a delete keeps what it took from one file system: in the runner's trash, or above it in the workspace. */
interface ShelfPlace {
  readonly id: TrashId
  readonly above: string | null
}

interface Taking {
  readonly entry: TrashedEntry
  /** Those that went before it. */
  readonly taken: readonly TrashedEntry[]
}

/** A workspace that is open, and what names it. */
export interface OpenWorkspace {
  readonly id: WorkspaceId
  readonly path: string
  readonly root: Root
}

/**
 * Deleted files and folders, until they are restored or too old. They are moved, never copied: to the runner's trash where
 * that lies on the same file system, else to a hidden folder at the top of their own. A note in the runner's trash says what
 * lies where.
 */
export class Trash {
  readonly #folder: string
  readonly #log: Log

  constructor(folder: string, log: Log) {
    this.#folder = folder
    this.#log = log
  }

  /**
   * Takes paths away, all or none. A link is taken as itself.
   * @returns how many files that were, those in folders counted
   * @throws OctoError `not_found`, `bad_request` for the workspace itself, `busy` for the place of a mounted file system
   */
  async delete(workspace: OpenWorkspace, paths: readonly string[]): Promise<{ trash: TrashId; deleted: number }> {
    const entries = outermost(paths).map((path, at) => ({ path, name: String(at), above: null }))
    const { id, path } = workspace
    const record = {
      version: 1,
      id: randomId('tra'),
      workspace: id,
      root: path,
      deletedAt: Date.now(),
      entries,
    } as const
    // Noted before anything is moved: what is moved and not noted would be lost.
    await this.#write(record)
    const taken: TrashedEntry[] = []
    let deleted = 0
    try {
      for (const entry of entries) {
        const { count, above } = await onPath(entry.path, () => this.#take(workspace.root, record, { entry, taken }))
        taken.push({ ...entry, above })
        deleted += count
      }
      await syncFoldersOf(workspace.root, entries)
    } catch (error) {
      await this.#putBack(workspace.root, record.id)
      throw error
    }
    return { trash: record.id, deleted }
  }

  /**
   * Brings back what one delete took.
   * @returns where it all is now; what finds its name taken stands beside it
   * @throws OctoError `not_found` if that trash is not this workspace's, or is gone
   */
  async restore(workspace: OpenWorkspace, id: TrashId): Promise<string[]> {
    const record = await this.#read(id)
    if (record === null || record.workspace !== workspace.id) throw goneFromTrash()
    const paths: string[] = []
    for (const entry of record.entries) {
      const path = await onPath(entry.path, () => this.#bringBack(workspace.root, id, entry))
      if (path !== null) paths.push(path)
    }
    if (paths.length === 0) throw goneFromTrash()
    await syncFoldersOf(
      workspace.root,
      paths.map((path) => ({ path })),
    )
    await this.#forget(record, workspace.root)
    return paths
  }

  /** Lets go, for good, of what is too old or too much, and of the oldest while the disk is nearly full. */
  async sweep(now: number): Promise<void> {
    const notes = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'))
    const read = await Promise.all(notes.map((name) => this.#read(name.slice(0, -'.json'.length) as TrashId)))
    const newestFirst = read.filter((record) => record !== null).toSorted((a, b) => b.deletedAt - a.deletedAt)
    let removed = 0
    for (const [at, record] of [...newestFirst.entries()].toReversed()) {
      const age = now - record.deletedAt
      const over = at >= MAX_RECORDS || age > KEPT_MS || (age > UNDO_MS && (await this.#isDiskFull()))
      if (!over) break
      await this.#letGo(record).catch((error: unknown) =>
        this.#log.warn('files.trash_not_swept', { trash: record.id, error }),
      )
      removed += 1
    }
    if (removed > 0) this.#log.info('files.trash_swept', { removed, kept: newestFirst.length - removed })
  }

  async #isDiskFull(): Promise<boolean> {
    const { bavail, blocks } = await statfs(this.#folder)
    return bavail < blocks * FULL_SHARE
  }

  /** Moves one entry to the trash of its file system. */
  async #take(root: Root, record: TrashRecord, at: Taking): Promise<{ count: number; above: string | null }> {
    const { entry } = at
    await using spot = await Spot.open(root, entry.path)
    if ((await spot.look()) === null) throw new OctoError('not_found', `${named(entry.path)} is not there (any more).`)
    const inHome = await this.#shelve(root, { id: record.id, above: null }, { spot, name: entry.name })
    if (inHome !== null) return { count: inHome, above: null }
    const above = await topOfFileSystem(root, parentOf(entry.path))
    const rest = record.entries.filter(({ name }) => Number(name) > Number(entry.name))
    await this.#write({ ...record, entries: [...at.taken, { ...entry, above }, ...rest] })
    const beside = await this.#shelve(root, { id: record.id, above }, { spot, name: entry.name })
    if (beside !== null) return { count: beside, above }
    throw new OctoError('busy', `${named(entry.path)} is where another file system is mounted.`)
  }

  /** @returns how many files it is, or null if the shelf lies on another file system */
  async #shelve(root: Root, place: ShelfPlace, { spot, name }: { readonly spot: Spot; readonly name: string }) {
    await using shelf = await this.#openShelf(root, place, true)
    const at = shelf.at(name)
    try {
      await rename(spot.at, at)
    } catch (error) {
      if (isSystemError(error, 'EXDEV')) return null
      throw error
    }
    return (await lstat(at)).isDirectory() ? await countFiles(at) : 1
  }

  /** Undoes a delete that failed half-way, by its note. What cannot be put back stays in the trash, with the note. */
  async #putBack(root: Root, id: TrashId): Promise<void> {
    try {
      const record = await this.#read(id)
      for (const entry of record?.entries ?? []) await this.#bringBack(root, id, entry)
      if (record !== null) await this.#forget(record, root)
    } catch (error) {
      this.#log.error('files.delete_not_undone', { trash: id, error })
    }
  }

  /** @returns where it is now, or null if its shelf does not hold it */
  async #bringBack(root: Root, id: TrashId, entry: TrashedEntry): Promise<string | null> {
    const shelf = await this.#openShelf(root, { id, above: entry.above }, false).catch(ignoreMissing)
    if (shelf === null) return null
    await using opened = shelf
    const from = opened.at(entry.name)
    const stats = await lstat(from).catch(ignoreMissing)
    if (stats === null) return null
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const path = restoredPath(entry.path, attempt)
      await using spot = await Spot.open(root, path, { parents: true })
      if (await tryMove(from, spot, stats.isDirectory())) return path
    }
    throw new OctoError('exists', `${named(entry.path)} cannot be restored: all names beside it are taken.`)
  }

  async #openShelf(root: Root, { id, above }: ShelfPlace, create: boolean): Promise<Shelf> {
    return above === null ? Shelf.inHome(this.#folder, id, { create }) : Shelf.inWorkspace(root, above, { id, create })
  }

  async #letGo(record: TrashRecord): Promise<void> {
    const elsewhere = record.entries.some(({ above }) => above !== null)
    if (!elsewhere) return this.#forget(record, null)
    await using root = await Root.open(record.root)
    await this.#forget(record, root)
  }

  /** Removes the shelves of a delete, then its note. @param root needed only if a shelf lies in the workspace */
  async #forget(record: TrashRecord, root: Root | null): Promise<void> {
    await rm(join(this.#folder, record.id), { recursive: true, force: true })
    const aboves = new Set(record.entries.map(({ above }) => above).filter((above) => above !== null))
    for (const above of root === null ? [] : aboves) {
      await removeShelf(root, above, record.id)
    }
    await rm(this.#note(record.id), { force: true })
  }

  async #write(record: TrashRecord): Promise<void> {
    await writeFileAtomic(this.#note(record.id), JSON.stringify(record))
  }

  async #read(id: TrashId): Promise<TrashRecord | null> {
    try {
      return parseRecord(await readFile(this.#note(id), 'utf8'))
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return null
      if (!(error instanceof OctoError)) throw error
      this.#log.warn('files.trash_note_damaged', { trash: id })
      return null
    }
  }

  #note(id: TrashId): string {
    return join(this.#folder, `${id}.json`)
  }
}

/** @returns false if the name is taken */
async function tryMove(from: string, spot: Spot, isFolder: boolean): Promise<boolean> {
  try {
    await moveWithoutReplacing(from, spot, isFolder)
    return true
  } catch (error) {
    if (error instanceof OctoError && error.code === 'exists') return false
    throw error
  }
}

/** Makes what came or went in these folders survive a loss of power; each folder once, however many names that were. */
async function syncFoldersOf(root: Root, entries: readonly { readonly path: string }[]): Promise<void> {
  const first = new Map(entries.map(({ path }) => [parentOf(path), path]))
  for (const path of first.values()) {
    await syncFolderOf(root, path).catch(ignoreMissing)
  }
}

async function syncFolderOf(root: Root, path: string): Promise<void> {
  await using spot = await Spot.open(root, path)
  await spot.sync()
}

function ignoreMissing(error: unknown): null {
  if (isSystemError(error, 'ENOENT')) return null
  throw error
}

async function removeShelf(root: Root | null, above: string, id: TrashId): Promise<void> {
  if (root === null) return
  try {
    await using shelf = await Shelf.inWorkspace(root, above, { id, create: false })
    await shelf.remove()
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error
  }
}

async function countFiles(at: string): Promise<number> {
  let count = 0
  for await (const { kind } of walk(at)) {
    if (kind !== 'folder') count += 1
    if (count >= MAX_COUNTED) break
  }
  return count
}

function goneFromTrash(): OctoError {
  return new OctoError('not_found', 'What was deleted is not in the trash any more; it is kept for 30 days.')
}
