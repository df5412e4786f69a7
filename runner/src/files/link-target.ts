import { posix } from 'node:path'

/**
 * Whether a link, unpacked with all of an archive, leads to something in the archive.
 * @param path of the link in the archive
 */
export function linkStaysInside(path: string, target: string): boolean {
  if (target === '' || target.includes('\0') || posix.isAbsolute(target)) return false
  const leadsTo = posix.normalize(posix.join(posix.dirname(path), target))
  return leadsTo !== '..' && !leadsTo.startsWith('../')
}
