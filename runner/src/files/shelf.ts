import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrashId } from '@octo/protocol'
import { isSystemError } from './faults.ts'
import { TRASH_FOLDER } from './hidden-names.ts'
import { joinPath, parentOf, type Place, type Root } from './place.ts'

/** The folder that holds what one delete took from one file system. */
export class Shelf implements AsyncDisposable {
  readonly #handle: FileHandle
  /** Of the shelf itself, through the folder that holds it. */
  readonly #path: string
  readonly #holder: Place | null

  private constructor(handle: FileHandle, path: string, holder: Place | null) {
    this.#handle = handle
    this.#path = path
    this.#holder = holder
  }

  /** Opens the shelf of a delete in the runner's own trash. @param create makes it if it is not there */
  static async inHome(trash: string, id: TrashId, { create }: { readonly create: boolean }): Promise<Shelf> {
    const path = join(trash, id)
    if (create) await mkdir(path, { recursive: true, mode: 0o700 })
    return new Shelf(await openFolder(path), path, null)
  }

  /**
   * Opens the shelf of a delete in the hidden trash folder that lies in `above`. A link in that folder's place is refused:
   * a workspace does not choose where its files go.
   */
  static async inWorkspace(
    root: Root,
    above: string,
    at: { readonly id: TrashId; readonly create: boolean },
  ): Promise<Shelf> {
    if (at.create) await makeTrashFolder(root, above)
    const holder = await root.open(joinPath(above, TRASH_FOLDER), { follow: false })
    try {
      const path = `${holder.at}/${at.id}`
      if (at.create) await mkdir(path, { recursive: true, mode: 0o700 })
      return new Shelf(await openFolder(path), path, holder)
    } catch (error) {
      await holder[Symbol.asyncDispose]()
      throw error
    }
  }

  /** A path that leads to an entry on it. */
  at(name: string): string {
    return `/proc/self/fd/${this.#handle.fd}/${name}`
  }

  /** Removes it with all that is on it, for good. */
  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close()
    await this.#holder?.[Symbol.asyncDispose]()
  }
}

async function makeTrashFolder(root: Root, above: string): Promise<void> {
  await using folder = await root.openFolder(above)
  const path = `${folder.at}/${TRASH_FOLDER}`
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return
    throw error
  }
  await writeFile(`${path}/.gitignore`, '*\n', { flag: 'wx' })
}

/**
 * The highest folder, from `path` upward, that lies on the same file system: a trash there can take what is in `path` by
 * renaming it.
 */
export async function topOfFileSystem(root: Root, path: string): Promise<string> {
  await using here = await root.openFolder(path)
  let top = here.realPath
  while (top !== '') {
    await using above = await root.openFolder(parentOf(top))
    if (above.stats.dev !== here.stats.dev) break
    top = above.realPath
  }
  return top
}

async function openFolder(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
}
