import { readdir, readFile, rename, rm } from 'node:fs/promises'
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

/** Counting stops here: nobody reads "deleted 100,000 files" differently from more. */
const MAX_COUNTED = 100_000

/** How many names beside a taken one are tried. */
const MAX_ATTEMPTS = 100

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
    const record: TrashRecord = {
      version: 1,
      id: randomId('tra'),
      workspace: workspace.id,
      root: workspace.path,
      deletedAt: Date.now(),
      entries: [],
    }
    let deleted = 0
    try {
      for (const path of outermost(paths)) {
        deleted += await onPath(path, () => this.#take(workspace.root, record, path))
      }
    } catch (error) {
      await this.#putBack(workspace.root, record)
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
    await this.#forget(record, workspace.root)
    return paths
  }

  /** Lets go, for good, of what is too old or too much. */
  async sweep(now: number): Promise<void> {
    const notes = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'))
    const read = await Promise.all(notes.map((name) => this.#read(name.slice(0, -'.json'.length) as TrashId)))
    const records = read.filter((record) => record !== null).toSorted((a, b) => b.deletedAt - a.deletedAt)
    const old = records.filter(({ deletedAt }, at) => at >= MAX_RECORDS || now - deletedAt > KEPT_MS)
    for (const record of old) {
      await this.#letGo(record).catch((error: unknown) =>
        this.#log.warn('files.trash_not_swept', { trash: record.id, error }),
      )
    }
    if (old.length > 0) this.#log.info('files.trash_swept', { removed: old.length, kept: records.length - old.length })
  }

  async #take(root: Root, record: TrashRecord, path: string): Promise<number> {
    await using spot = await Spot.open(root, path)
    const stats = await spot.look()
    if (stats === null) throw new OctoError('not_found', `${named(path)} is not there (any more).`)
    const entry = { path, name: String(record.entries.length), folder: stats.isDirectory() }
    const counted =
      (await this.#shelve(root, record, spot, { ...entry, above: null })) ??
      (await this.#shelve(root, record, spot, { ...entry, above: await topOfFileSystem(root, parentOf(path)) }))
    if (counted === null) throw new OctoError('busy', `${named(path)} is where another file system is mounted.`)
    await spot.sync()
    return counted
  }

  /**
   * Moves an entry to its shelf, noting it before: what is moved and not noted would be lost.
   * @returns how many files it is, or null if the shelf lies on another file system
   */
  async #shelve(root: Root, record: TrashRecord, spot: Spot, entry: TrashedEntry): Promise<number | null> {
    await using shelf = await this.#openShelf(root, record.id, { above: entry.above, create: true })
    const entries = [...record.entries, entry]
    await writeFileAtomic(this.#note(record.id), JSON.stringify({ ...record, entries }))
    const at = shelf.at(entry.name)
    try {
      await rename(spot.at, at)
    } catch (error) {
      if (isSystemError(error, 'EXDEV')) return null
      throw error
    }
    record.entries.push(entry)
    return entry.folder ? await countFiles(at) : 1
  }

  /** Undoes a delete that failed half-way. What cannot be put back stays in the trash, with its note. */
  async #putBack(root: Root, record: TrashRecord): Promise<void> {
    try {
      for (const entry of record.entries) {
        await this.#bringBack(root, record.id, entry)
      }
      await this.#forget(record, root)
    } catch (error) {
      this.#log.error('files.delete_not_undone', { trash: record.id, error })
    }
  }

  /** @returns where it is now, or null if its shelf no longer holds it */
  async #bringBack(root: Root, id: TrashId, entry: TrashedEntry): Promise<string | null> {
    const shelf = await this.#openShelf(root, id, { above: entry.above, create: false }).catch((error: unknown) => {
      if (isSystemError(error, 'ENOENT')) return null
      throw error
    })
    if (shelf === null) return null
    await using opened = shelf
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const path = restoredPath(entry.path, attempt)
      await using spot = await Spot.open(root, path, { parents: true })
      const outcome = await tryMove(opened.at(entry.name), spot, entry.folder)
      if (outcome === 'moved') return path
      if (outcome === 'missing') return null
    }
    throw new OctoError('exists', `${named(entry.path)} cannot be restored: all names beside it are taken.`)
  }

  async #openShelf(
    root: Root,
    id: TrashId,
    where: { readonly above: string | null; readonly create: boolean },
  ): Promise<Shelf> {
    const { above, create } = where
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

async function tryMove(from: string, spot: Spot, isFolder: boolean): Promise<'moved' | 'taken' | 'missing'> {
  try {
    await moveWithoutReplacing(from, spot, isFolder)
    await spot.sync()
    return 'moved'
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 'missing'
    if (error instanceof OctoError && error.code === 'exists') return 'taken'
    throw error
  }
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
