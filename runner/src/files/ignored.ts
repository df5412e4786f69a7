import { readdir } from 'node:fs/promises'
import { MAX_FRAME_BYTES } from '@octo/protocol'
import { readGit } from '../lib/git.ts'
import type { Root } from './place.ts'

/** More names than fit a frame are not dimmed: nobody looks through so many. */
const MAX_NAMES_BYTES = MAX_FRAME_BYTES / 2

/** The names in a folder that git ignores; none where there is no git. */
export async function ignoredNames(root: Root, path: string, signal: AbortSignal): Promise<string[]> {
  await using folder = await root.openFolder(path)
  return await whichIgnored(folder.at, await readdir(folder.at), signal)
}

/**
 * Asks git which of these paths it ignores.
 * @param folder where the paths begin
 */
export async function whichIgnored(folder: string, paths: readonly string[], signal: AbortSignal): Promise<string[]> {
  if (paths.length === 0) return []
  // "./" in front: a name that begins with ":" or "-" would mean something to git.
  const input = paths.map((path) => `./${path}\0`).join('')
  const ignored: string[] = []
  let bytes = 0
  await readGit({ args: ['check-ignore', '--stdin', '-z'], folder, input, signal }, (field) => {
    bytes += Buffer.byteLength(field) + 4
    ignored.push(field.slice(2))
    return bytes < MAX_NAMES_BYTES
  })
  // Not a repository, no git, one that belongs to somebody else: git ends with an error, and ignores nothing.
  return ignored
}
