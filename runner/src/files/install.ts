import { link, rename, unlink } from 'node:fs/promises'
import { OctoError } from '@octo/protocol'
import { isSystemError, named } from './faults.ts'
import type { Spot } from './place.ts'

/** What the system answers where it knows no second names for a file. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EXDEV']

/**
 * Gives something that lies at `from` the name of `spot`, and never takes that name from anything else.
 *
 * Node cannot ask Linux for a rename that replaces nothing. A file gets its new name as a second one, which the system
 * refuses if it is taken, and then loses the old. A folder is renamed after a look; the system itself refuses if anything but
 * an empty folder has taken the name since. Where a file system knows no second names, the look has to do for files too.
 * @param isFolder whether `from` is a folder
 * @throws OctoError `exists`
 */
export async function moveWithoutReplacing(from: string, spot: Spot, isFolder: boolean): Promise<void> {
  if (!isFolder && (await linkedThere(from, spot))) {
    await unlink(from)
    return
  }
  if ((await spot.look()) !== null) throw taken(spot)
  await rename(from, spot.at).catch((error: unknown) => {
    if (isSystemError(error, 'EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR')) throw taken(spot)
    throw error
  })
}

/** @returns false where the file system knows no second names */
async function linkedThere(from: string, spot: Spot): Promise<boolean> {
  try {
    await link(from, spot.at)
    return true
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) throw taken(spot)
    if (isSystemError(error, ...NO_LINKS)) return false
    throw error
  }
}

function taken(spot: Spot): OctoError {
  return new OctoError('exists', `${named(spot.path)} is there already; choose another name.`)
}
