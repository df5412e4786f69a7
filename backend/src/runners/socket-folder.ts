import { lstatSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../lib/error-code.ts'

/** What the kernel takes for the path of a Unix socket. */
const MAX_SOCKET_PATH_BYTES = 107
/** `runner-`, the longest user name, and `.sock`. */
const LONGEST_NAME_BYTES = 7 + 31 + 5
const NOTE = 'socket-folder'

/**
 * Finds the folder for sockets: the home's own, or, where its path is too long for sockets, a private one with a short
 * path that the home remembers, so that the next start finds the same runners.
 * @param run the home's folder for what lives as long as processes
 * @returns `null` if it is still to be made
 */
export function findSocketFolder(run: string): string | null {
  if (Buffer.byteLength(run) + 1 + LONGEST_NAME_BYTES <= MAX_SOCKET_PATH_BYTES) return run
  const known = readNote(join(run, NOTE))
  return known !== null && isPrivate(known) ? known : null
}

/** The folder for sockets, made if need be. */
export function openSocketFolder(run: string): string {
  const known = findSocketFolder(run)
  if (known !== null) return known
  const folder = mkdtempSync(join(tmpdir(), 'octo-'))
  writeFileSync(join(run, NOTE), folder, { mode: 0o600 })
  return folder
}

function readNote(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** In a shared folder somebody else may have taken the name meanwhile. */
function isPrivate(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
}
