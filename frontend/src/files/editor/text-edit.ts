/** One replacement that turns a text into another. Offsets count UTF-16 code units. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The smallest single replacement from one text to another: what both begin and end with stays, and with it the cursor.
 * @returns null if they are the same
 */
export function minimalEdit(from: string, to: string): TextEdit | null {
  if (from === to) return null
  const shorter = Math.min(from.length, to.length)
  let start = 0
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) start += 1
  let tail = 0
  while (tail < shorter - start && from.charCodeAt(from.length - 1 - tail) === to.charCodeAt(to.length - 1 - tail))
    tail += 1
  // A pair that makes one character is not cut in two.
  if (start > 0 && isHighHalf(from.charCodeAt(start - 1))) start -= 1
  if (tail > 0 && isLowHalf(from.charCodeAt(from.length - tail))) tail -= 1
  return { start, end: from.length - tail, text: to.slice(start, to.length - tail) }
}

function isHighHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

function isLowHalf(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
