import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { EntryKind, FileStat } from '@octo/protocol'
import { etagOf, settled } from './etag.ts'
import { isSystemError } from './faults.ts'
import { mediaOf, SNIFF_BYTES } from './media-type.ts'
import { isWritable, nameOf, openContent, type Place, type Root } from './place.ts'

/**
 * Says what a path is.
 * @throws OctoError `not_found`, `path_outside` if it is or leads through a link out of the workspace
 */
export async function statPath(root: Root, path: string): Promise<FileStat> {
  await using named = await root.open(path, { follow: false })
  if (named.kind !== 'symlink') return await describe(path, named)
  await using target = await openTarget(root, path)
  if (target === null) return withoutContent(path, named.stats, 'symlink')
  return { ...(await describe(path, target)), kind: 'symlink', target: target.kind }
}

/** What a link leads to, if anything is there. */
async function openTarget(root: Root, path: string): Promise<Place | null> {
  return root.open(path).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return null
    throw error
  })
}

async function describe(path: string, place: Place): Promise<FileStat> {
  if (place.kind !== 'file') return withoutContent(path, place.stats, place.kind)
  const writable = await isWritable(place)
  // What may not be read can still be told of; whoever opens it is told why not.
  const content = await openContent(place, path).catch((error: unknown) => {
    if (isSystemError(error, 'EACCES', 'EPERM')) return null
    throw error
  })
  if (content === null) return { ...withoutContent(path, place.stats, 'file'), writable }
  try {
    return { ...(await describeContent(path, content)), writable }
  } finally {
    await content.close()
  }
}

/** What a regular file is, read from its open content. */
export async function describeContent(path: string, content: FileHandle): Promise<Omit<FileStat, 'writable'>> {
  const look = () => content.stat({ bigint: true })
  const stats = await settled(await look(), look)
  const head = Buffer.alloc(Math.min(SNIFF_BYTES, Number(stats.size)))
  const { bytesRead } = await content.read(head, 0, head.length, 0)
  const media = mediaOf(nameOf(path), head.subarray(0, bytesRead), Number(stats.size) <= SNIFF_BYTES)
  return { ...facts(path, stats, 'file'), type: media.type, text: media.text }
}

function withoutContent(path: string, stats: BigIntStats, kind: EntryKind): FileStat {
  return { ...facts(path, stats, kind), type: inodeTypes[kind], text: false, writable: kind === 'folder' }
}

const inodeTypes: Readonly<Record<EntryKind, string>> = {
  file: 'application/octet-stream',
  folder: 'inode/directory',
  symlink: 'inode/symlink',
  other: 'inode/x-special',
}

function facts(path: string, stats: BigIntStats, kind: EntryKind): Omit<FileStat, 'type' | 'text' | 'writable'> {
  return {
    path,
    kind,
    bytes: Number(stats.size),
    modifiedAt: Number(stats.mtimeNs / 1_000_000n),
    etag: etagOf(stats),
  }
}
