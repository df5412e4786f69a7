import { isHidden } from '../hidden-names.ts'
import { joinPath, nameOf } from '../place.ts'

/** What of a repository's own folder says something to people: which commit is out, and what is staged. */
const TOLD_OF_GIT = new Set(['HEAD', 'index'])

/**
 * Whether a folder inside `parent` is watched. Not what lies in a repository's own folder, and not inside packages: both
 * hold thousands of folders that nobody reads.
 */
export function isWatched(parent: string, name: string): boolean {
  const above = nameOf(parent)
  return above !== '.git' && above !== 'node_modules' && !isHidden(name)
}

export interface Told {
  readonly path: string
  /** Set if names came or went in it. */
  readonly folder?: string
}

/**
 * What is told of a change of `name` in `folder`; null for what concerns nobody.
 * @param renamed whether the name came or went, rather than its content changed
 */
export function toldOf(folder: string, name: string, renamed: boolean): Told | null {
  if (isHidden(name)) return null
  const path = joinPath(folder, name)
  if (nameOf(folder) === '.git') return TOLD_OF_GIT.has(name) ? { path } : null
  // Packages come and go by the hundred; that they did is all there is to say.
  if (nameOf(folder) === 'node_modules') return renamed ? { path: folder, folder } : null
  return renamed ? { path, folder } : { path }
}
