/** How much of a window's beginning is looked for in the text before; long enough not to be met by chance. */
const ANCHOR_CHARS = 256

/**
 * Finds what was added to a text when only its present form is told, or, once it is long, only a window of its end.
 * @returns what to append, or `null` if the text does not go on where it was
 */
export function growth(before: string, now: string): string | null {
  if (now.startsWith(before)) return now.slice(before.length)
  if (now.length < ANCHOR_CHARS) return null
  const at = before.lastIndexOf(now.slice(0, ANCHOR_CHARS))
  if (at === -1) return null
  const overlap = before.length - at
  return before.endsWith(now.slice(0, overlap)) ? now.slice(overlap) : null
}
