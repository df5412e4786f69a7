import { lstat, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isSystemError } from './faults.ts'
import { isHidden, partialName } from './hidden-names.ts'
import type { Place } from './place.ts'

/** Content on its way into a folder, under a name nobody is shown. */
export interface Partial {
  readonly file: FileHandle
  readonly name: string
  /** Closes it, and removes what was not moved to its place. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Contents that are being written. Each is noted in a folder of the runner before it exists, so that what a crash leaves
 * behind in a workspace is removed at the next start.
 */
export class Partials {
  readonly #notes: string

  /** @param notes the folder for the notes */
  constructor(notes: string) {
    this.#notes = notes
  }

  /** Begins a content in `folder`. @param mode of the file */
  async begin(folder: Place, mode: number): Promise<Partial> {
    const name = partialName()
    const note = join(this.#notes, name)
    await writeFile(note, join(await readlink(folder.at), name), { mode: 0o600 })
    const path = `${folder.at}/${name}`
    const file = await open(path, 'wx', mode).catch(async (error: unknown) => {
      await rm(note, { force: true })
      throw error
    })
    return {
      file,
      name,
      async [Symbol.asyncDispose]() {
        await file.close()
        await rm(path, { force: true })
        await rm(note, { force: true })
      },
    }
  }

  /** Removes what the last process left. */
  async sweep(): Promise<void> {
    await mkdir(this.#notes, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#notes)) {
      const note = join(this.#notes, name)
      const path = await readFile(note, 'utf8')
      if (basename(path) === name && isHidden(name) && (await isRegularFile(path))) await rm(path, { force: true })
      await rm(note, { force: true })
    }
  }
}

async function isRegularFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile()
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return false
    throw error
  }
}
