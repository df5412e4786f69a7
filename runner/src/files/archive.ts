import { once } from 'node:events'
import { constants } from 'node:fs'
import { open, readlink } from 'node:fs/promises'
import { PassThrough, Readable } from 'node:stream'
import mime from 'mime'
import { ZipFile } from 'yazl'
import type { Log } from '../lib/log.ts'
import { isSystemError } from './faults.ts'
import { linkStaysInside } from './link-target.ts'
import { isOfKernel, type Place } from './place.ts'
import { type Found, lookAt, walk } from './walk.ts'

/** An archive's index is kept in memory until its end; with more entries than this it is broken off. */
const MAX_ENTRIES = 500_000

/** What is compressed already gains nothing more. */
const COMPRESSED =
  /^(image\/(?!svg|bmp)|audio\/|video\/|font\/woff|application\/(zip|gzip|x-7z|x-bzip|x-xz|zstd|vnd\.rar|java-archive))/u

/** The file in an archive that says what is missing in it, so that nobody takes a part for the whole. */
const LEFT_OUT = 'octo-left-out.txt'
const MAX_LEFT_OUT_LINES = 1_000

/**
 * Packs a folder as a zip archive while it is read: nothing is stored, and the reader sets the pace.
 *
 * Links that lead to something in the archive are packed as links, others are left out; so are pipes, sockets, devices
 * and what cannot be read. A file at the end names what was left out.
 * @returns the archive's bytes; when they are not wanted any more, the work ends. The folder is closed at the end.
 */
export function archiveFolder(folder: Place, log: Log): ReadableStream {
  const packing = new Packing()
  void packAndClose(packing, folder, log)
  // The types of Node's web streams and of fetch differ in name only.
  return Readable.toWeb(packing.output) as ReadableStream
}

async function packAndClose(packing: Packing, folder: Place, log: Log): Promise<void> {
  try {
    await packing.run(folder)
  } catch (error) {
    if (!packing.output.destroyed) log.warn('files.archive_failed', { error })
    packing.output.destroy(error instanceof Error ? error : new Error('The archive could not be made.'))
  } finally {
    await folder[Symbol.asyncDispose]()
  }
}

class Packing {
  readonly output = new PassThrough()
  readonly #zip = new ZipFile()
  readonly #leftOut: string[] = []
  #entries = 0
  #reading: Readable | null = null

  constructor() {
    this.#zip.outputStream.pipe(this.output)
    this.#zip.on('error', (error: Error) => this.output.destroy(error))
    // A reader that leaves also ends what is being read.
    this.output.on('close', () => this.#reading?.destroy())
    this.output.on('error', () => this.#reading?.destroy())
  }

  async run(folder: Place): Promise<void> {
    const skipped = (path: string, why: string): void => this.#leaveOut(path, why)
    for await (const found of walk(folder.at, { skipped })) {
      if (this.output.destroyed) return
      this.#entries += 1
      if (this.#entries > MAX_ENTRIES) throw new Error(`There are more than ${MAX_ENTRIES} files.`)
      await this.#add(found)
    }
    if (this.#leftOut.length > 0) this.#zip.addBuffer(Buffer.from(this.#leftOut.join('')), LEFT_OUT)
    this.#zip.end()
  }

  async #add(found: Found): Promise<void> {
    const stats = await lookAt(found)
    if (stats === null) return this.#leaveOut(found.path, 'it has gone')
    const facts = { mtime: new Date(Number(stats.mtimeMs)), mode: Number(stats.mode) & 0xffff }
    // Some programs read a backslash as a separator; as one, it could lead out of where they unpack.
    const name = found.path.replaceAll('\\', '_')
    if (stats.isDirectory()) this.#zip.addEmptyDirectory(name, facts)
    else if (stats.isFile()) await this.#addFile(found, name, facts)
    else if (stats.isSymbolicLink()) await this.#addLink(found, name, facts)
    else this.#leaveOut(found.path, 'it is a pipe, socket or device')
  }

  async #addFile(found: Found, name: string, facts: { readonly mtime: Date; readonly mode: number }): Promise<void> {
    // What is a file here was one at the look; if it is a pipe by now, opening does not wait, and reading ends at once.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    const content = await open(found.at, flags).catch((error: unknown) => {
      if (isSystemError(error, 'EACCES', 'EPERM', 'ENOENT', 'ELOOP', 'ENXIO')) return null
      throw error
    })
    if (content === null) return this.#leaveOut(found.path, 'it cannot be opened')
    if (!(await content.stat()).isFile() || (await isOfKernel(`/proc/self/fd/${content.fd}`))) {
      await content.close()
      return this.#leaveOut(found.path, 'it is no ordinary file')
    }
    const stream = content.createReadStream()
    this.#reading = stream
    stream.on('error', (error) => this.output.destroy(error))
    this.#zip.addReadStream(stream, name, { ...facts, compress: !COMPRESSED.test(mime.getType(name) ?? '') })
    if (this.output.destroyed) stream.destroy()
    // One file at a time: the next is opened when this one has been taken.
    if (!stream.closed) await once(stream, 'close')
    this.#reading = null
  }

  async #addLink(found: Found, name: string, facts: { readonly mtime: Date; readonly mode: number }): Promise<void> {
    const target = await readlink(found.at).catch((error: unknown) => {
      if (isSystemError(error, 'ENOENT', 'EINVAL', 'EACCES')) return null
      throw error
    })
    if (target === null || !linkStaysInside(name, target)) {
      return this.#leaveOut(found.path, 'it is a link to something outside this folder')
    }
    this.#zip.addBuffer(Buffer.from(target), name, { ...facts, compress: false })
  }

  #leaveOut(path: string, why: string): void {
    if (this.#leftOut.length === MAX_LEFT_OUT_LINES) this.#leftOut.push('…and more.\n')
    if (this.#leftOut.length > MAX_LEFT_OUT_LINES) return
    this.#leftOut.push(`${JSON.stringify(path)} was left out: ${why}.\n`)
  }
}
