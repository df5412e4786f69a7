import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

/** A runner says some lines an hour; this holds weeks, twice. */
const MAX_BYTES = 4 * 1_048_576
/** Enough for the last lines. */
const TAIL_BYTES = 16_384

/** Opens a log for appending, for a process that outlives this one. @returns its descriptor */
export function openLogFile(path: string): number {
  const file = openSync(path, 'a', 0o600)
  boundLogFile(path)
  return file
}

/** Empties a log that became too large, and keeps the old one beside it; who appends to it goes on at its beginning. */
export function boundLogFile(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= MAX_BYTES) return
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
}

/** The reason that the last line of a log gives for the process's end; `null` if it gives none. */
export function lastReason(path: string): string | null {
  const line = readTail(path).trimEnd().split('\n').at(-1) ?? ''
  try {
    const entry = JSON.parse(line) as { reason?: unknown; error?: { message?: unknown } }
    const reason = entry.reason ?? entry.error?.message
    return typeof reason === 'string' ? reason : null
  } catch (error) {
    // Not a line of ours: the last words of Node itself.
    if (error instanceof SyntaxError) return line === '' ? null : line.slice(0, 300)
    throw error
  }
}

function readTail(path: string): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES))
  if (buffer.length === 0) return ''
  const file = openSync(path, 'r')
  try {
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8', 0, read)
  } finally {
    closeSync(file)
  }
}
