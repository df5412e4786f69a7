import type { BigIntStats, Dirent } from 'node:fs'
import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { isSystemError } from './faults.ts'
import { isHidden } from './hidden-names.ts'
import { direntKind } from './list-folder.ts'

/** A tree is followed this deep: each level holds a descriptor while it is walked. */
export const MAX_DEPTH = 256

export interface Found {
  /** Below the folder the walk began in; bytes that are no UTF-8 read as U+FFFD. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'symlink' | 'other'
  /** Leads to exactly this entry while it is the walk's present one; a link is not followed by whoever says so. */
  readonly at: Buffer
  readonly depth: number
}

interface WalkOptions {
  /** Whether to go into a folder. */
  readonly enter?: (folder: Found) => boolean
  /** Called for a folder that cannot be read or lies too deep. */
  readonly skipped?: (path: string, why: string) => void
}

/**
 * Walks everything below a folder, parents first, without following links: each folder is reached from the descriptor of the
 * one above. Holds one folder's names for each level, and no more.
 */
export async function* walk(at: string, options: WalkOptions = {}): AsyncGenerator<Found> {
  yield* walkFolder({ at: Buffer.from(at), path: '', depth: 0 }, options)
}

interface Level {
  readonly at: Buffer
  readonly path: string
  readonly depth: number
}

async function* walkFolder(level: Level, options: WalkOptions): AsyncGenerator<Found> {
  if (level.depth > MAX_DEPTH) {
    options.skipped?.(level.path, `it lies more than ${MAX_DEPTH} folders deep`)
    return
  }
  // The first level may be named through /proc/self/fd, which is a link; below it, none is followed.
  const noFollow = level.depth === 0 ? 0 : constants.O_NOFOLLOW
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK | noFollow
  const handle = await open(level.at, flags).catch((error: unknown) => {
    if (isSystemError(error, 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ELOOP')) return null
    throw error
  })
  if (handle === null) {
    options.skipped?.(level.path, 'it cannot be opened')
    return
  }
  try {
    const here = `/proc/self/fd/${handle.fd}`
    for (const dirent of await readdir(here, { withFileTypes: true, encoding: 'buffer' })) {
      const found = toFound(dirent, here, level)
      if (found === null) continue
      yield found
      if (found.kind === 'folder' && options.enter?.(found) !== false) yield* walkFolder(found, options)
    }
  } finally {
    await handle.close()
  }
}

function toFound(dirent: Dirent<Buffer>, here: string, level: Level): Found | null {
  const name = dirent.name.toString('utf8')
  if (isHidden(name)) return null
  const path = level.path === '' ? name : `${level.path}/${name}`
  return {
    path,
    kind: direntKind(dirent),
    at: Buffer.concat([Buffer.from(`${here}/`), dirent.name]),
    depth: level.depth + 1,
  }
}

/** What a walked entry is; null if it has gone. */
export async function lookAt(found: Found): Promise<BigIntStats | null> {
  return lstat(found.at, { bigint: true }).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return null
    throw error
  })
}
