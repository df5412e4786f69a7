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

/** Why the process that wrote a log ended, as far as its last lines tell; `null` if they do not. */
export function lastReason(path: string): string | null {
  for (const line of readTail(path).trimEnd().split('\n').toReversed()) {
    const entry = parseLine(line)
    // Nothing before it concerns this process.
    if (entry?.event === 'runner.ready') return null
    const reason = entry === null ? crashReason(line) : (entry.reason ?? entry.error?.message)
    if (typeof reason === 'string') return reason
  }
  return null
}

interface LogLine {
  readonly event?: unknown
  readonly reason?: unknown
  readonly error?: { readonly message?: unknown }
}

function parseLine(line: string): LogLine | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as LogLine
  } catch (error) {
    // The first line of a tail may be cut.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The last words of Node itself. */
function crashReason(line: string): string | null {
  return /^(?:FATAL ERROR|\w*Error\b).*$/u.exec(line)?.[0].slice(0, 300) ?? null
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
