import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type Entry, type EntryKind, MAX_FRAME_BYTES } from '@octo/protocol'
import { type Page, pageOf } from './folder-order.ts'
import { isHidden } from './hidden-names.ts'
import type { Root } from './place.ts'

/** Leaves room in the frame for the envelope of the answer. */
const PAGE_BYTES = MAX_FRAME_BYTES - 65_536

/**
 * Lists a page of a folder, without looking at each entry: a large folder takes one call of the system per thousand names.
 *
 * A name that is not UTF-8 cannot be written in a path: it is shown with U+FFFD in place of the odd bytes, as kind
 * `other`, so that nobody misses it.
 */
export async function listFolder(root: Root, path: string, after: string | undefined): Promise<Page> {
  await using folder = await root.openFolder(path)
  const dirents = await readdir(folder.at, { withFileTypes: true, encoding: 'buffer' })
  const entries = new Map<string, Entry>()
  for (const dirent of dirents) {
    const name = dirent.name.toString('utf8')
    if (isHidden(name)) continue
    const odd = name.includes('\uFFFD') && !Buffer.from(name).equals(dirent.name)
    // Where an odd name reads like a proper one, the proper one is listed.
    if (!odd) entries.set(name, { name, kind: direntKind(dirent) })
    else if (!entries.has(name)) entries.set(name, { name, kind: 'other' })
  }
  return pageOf([...entries.values()], after, PAGE_BYTES)
}

export function direntKind(dirent: Dirent<Buffer>): EntryKind {
  if (dirent.isFile()) return 'file'
  if (dirent.isDirectory()) return 'folder'
  return dirent.isSymbolicLink() ? 'symlink' : 'other'
}
