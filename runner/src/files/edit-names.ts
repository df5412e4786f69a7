import { mkdir, open } from 'node:fs/promises'
import { type FileStat, OctoError } from '@octo/protocol'
import { named } from './faults.ts'
import { moveWithoutReplacing } from './install.ts'
import { type Root, Spot } from './place.ts'
import { statPath } from './stat-path.ts'

/**
 * Makes an empty file or folder, with the folders above it.
 * @throws OctoError `exists`, `path_outside`, `permission_denied`
 */
export async function createEntry(root: Root, path: string, kind: 'file' | 'folder'): Promise<FileStat> {
  await using spot = await Spot.open(root, path, { parents: true })
  // Both refuse a name that is taken, by a link too.
  if (kind === 'folder') await mkdir(spot.at)
  else await (await open(spot.at, 'wx')).close()
  await spot.sync()
  return await statPath(root, path)
}

/**
 * Renames or moves, never over anything, making the folders above the new name. A link is moved as itself.
 * @throws OctoError `not_found`, `exists`, `bad_request` for a folder into itself, `unsupported` across file systems
 */
export async function moveEntry(root: Root, from: string, to: string): Promise<FileStat> {
  if (to === from || to.startsWith(`${from}/`)) {
    throw new OctoError('bad_request', `${named(from)} cannot be moved into itself.`)
  }
  await using source = await Spot.open(root, from)
  const stats = await source.look()
  if (stats === null) throw new OctoError('not_found', `${named(from)} is not there (any more).`)
  await using target = await Spot.open(root, to, { parents: true })
  await moveWithoutReplacing(source.at, target, stats.isDirectory())
  await target.sync()
  await source.sync()
  return await statPath(root, to)
}
