/** Bytes of one part: a few thousand lines, shown in a moment. */
export const PART_BYTES = 512 * 1_024

/** A part is drawn to the end of its last line, if that ends within this; a longer line is cut. */
export const TAIL_BYTES = 16 * 1_024

/** A line longer than this is shown in pieces, or the browser would lay it out for seconds. */
const MAX_LINE_CHARS = 4_096

/** Which bytes are read for a part, with what is needed to begin and end at lines. */
export function bytesOfPart(part: number, total: number): { readonly start: number; readonly end: number } {
  // One byte before tells whether the part begins at a line.
  const start = Math.max(0, part * PART_BYTES - 1)
  return { start, end: Math.min(total, (part + 1) * PART_BYTES + TAIL_BYTES) }
}

export function partCount(total: number): number {
  return Math.max(1, Math.ceil(total / PART_BYTES))
}

const NEWLINE = 10

/**
 * The lines that begin in a part. A line that began before belongs to the part before, up to what that part shows.
 * @param bytes as read for {@link bytesOfPart}
 */
export function linesOfPart(bytes: Uint8Array, part: number): readonly string[] {
  const first = part === 0 ? 0 : firstLine(bytes)
  const nominalEnd = PART_BYTES + (part === 0 ? 0 : 1)
  const text = new TextDecoder().decode(bytes.subarray(first, lastLine(bytes, nominalEnd)))
  const lines = text.split(/\r?\n/u)
  // What ends with a line break has no line after it.
  if (lines.length > 1 && lines.at(-1) === '') lines.pop()
  return lines.flatMap(piecesOf)
}

/** Where the first line begins that begins in this part. */
function firstLine(bytes: Uint8Array): number {
  const end = bytes.subarray(0, TAIL_BYTES).indexOf(NEWLINE)
  return end < 0 ? 1 : end + 1
}

/** Where the last line ends that begins in this part. */
function lastLine(bytes: Uint8Array, nominalEnd: number): number {
  if (bytes.length <= nominalEnd) return bytes.length
  const end = bytes.subarray(nominalEnd - 1).indexOf(NEWLINE)
  return end < 0 ? nominalEnd : nominalEnd + end
}

function piecesOf(line: string): readonly string[] {
  if (line.length <= MAX_LINE_CHARS) return [line]
  const pieces: string[] = []
  for (let at = 0; at < line.length; at += MAX_LINE_CHARS) pieces.push(line.slice(at, at + MAX_LINE_CHARS))
  return pieces
}

/** The lines that hold what is searched, regardless of case. */
export function findLines(lines: readonly string[], query: string): readonly number[] {
  if (query === '') return []
  const lower = query.toLowerCase()
  return lines.flatMap((line, at) => (line.toLowerCase().includes(lower) ? [at] : []))
}
