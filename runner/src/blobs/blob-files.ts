import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobId, type BlobRef, MAX_BLOB_BYTES, OctoError } from '@octo/protocol'
import { syncFolder } from '../lib/atomic-write.ts'
import { sniffType, SNIFFED_BYTES } from './media-type.ts'

/** Drafts of uploads stand beside the blobs, so that renaming them is atomic; their names are no blob's. */
const DRAFT_PREFIX = 'draft-'

/** Blobs as files, named by the SHA-256 of their bytes, spread over folders named by its first two digits. */
export class BlobFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  path(id: BlobId): string {
    return join(this.#folder, id.slice(0, 2), id)
  }

  /**
   * Stores bytes as they come. They are on the disk when this resolves, or there is nothing of them.
   * @throws OctoError `too_large` beyond the limit, `no_space` if the disk is full
   */
  async put(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<BlobRef> {
    const draft = join(this.#folder, `${DRAFT_PREFIX}${randomUUID()}`)
    try {
      const blob = await writeDraft(draft, source)
      await this.#settle(draft, blob.id)
      return blob
    } catch (error) {
      throw isFull(error) ? new OctoError('no_space', 'The disk is full, so the bytes were not stored.') : error
    } finally {
      await rm(draft, { force: true })
    }
  }

  /** @throws OctoError `not_found` */
  async describe(id: BlobId): Promise<BlobRef> {
    const file = await this.open(id)
    try {
      const { size } = await file.stat()
      return { id, bytes: size, type: await sniffFile(file) }
    } finally {
      await file.close()
    }
  }

  /** @throws OctoError `not_found` */
  async open(id: BlobId): Promise<FileHandle> {
    try {
      return await open(this.path(id), 'r')
    } catch (error) {
      if (isMissing(error)) throw new OctoError('not_found', `There is no blob ${id}. Upload it again.`)
      throw error
    }
  }

  /** Blobs that nobody stored or stored again since, and drafts that a crash left. */
  async olderThan(time: number): Promise<{ blobs: BlobId[]; drafts: string[] }> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    const found: { blobs: BlobId[]; drafts: string[] } = { blobs: [], drafts: [] }
    for (const { name, parentPath } of files) {
      const path = join(parentPath, name)
      if ((await modifiedAt(path)) >= time) continue
      const id = BlobId.safeParse(name)
      if (id.success) found.blobs.push(id.data)
      else if (name.startsWith(DRAFT_PREFIX)) found.drafts.push(path)
    }
    return found
  }

  /** Removes a blob unless it was stored again since a time. */
  async removeIfOlder(id: BlobId, time: number): Promise<boolean> {
    if ((await modifiedAt(this.path(id))) >= time) return false
    await rm(this.path(id))
    return true
  }

  /** Gives a draft its name. Equal bytes that are there already stay, and count as stored now. */
  async #settle(draft: string, id: BlobId): Promise<void> {
    const path = this.path(id)
    const folder = join(this.#folder, id.slice(0, 2))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    try {
      const now = new Date()
      await utimes(path, now, now)
    } catch (error) {
      if (!isMissing(error)) throw error
      await rename(draft, path)
      await syncFolder(folder)
      await syncFolder(this.#folder)
    }
  }
}

async function writeDraft(path: string, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<BlobRef> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'wx+', 0o600)
  try {
    for await (const chunk of source) {
      bytes += chunk.byteLength
      if (bytes > MAX_BLOB_BYTES) {
        throw new OctoError(
          'too_large',
          `A blob may have ${MAX_BLOB_BYTES} bytes at most. Put larger files in the workspace.`,
        )
      }
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
    return { id: BlobId.parse(hash.digest('hex')), bytes, type: await sniffFile(file) }
  } finally {
    await file.close()
  }
}

async function sniffFile(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0)
  return sniffType(buffer.subarray(0, bytesRead))
}

/** A file that went meanwhile counts as new: there is nothing to remove. */
async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (isMissing(error)) return Number.POSITIVE_INFINITY
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
