/** How much of a found text is shown, and how much of that stands before the hit. */
const EXCERPT_CHARS = 200
const LEAD_CHARS = 60

/** What the index makes words of; anything else separates them. */
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

/**
 * Turns what a person typed into a full-text query: every word must occur, the last one may be unfinished. Nothing in it
 * is taken as query syntax.
 * @returns `null` if there is no word in it
 */
export function fullTextQuery(typed: string): string | null {
  const phrases = typed.split(/\s+/u).filter((phrase) => phrase.match(WORD) !== null)
  if (phrases.length === 0) return null
  return `${phrases.map((phrase) => `"${phrase.replaceAll('"', ' ').replaceAll('\0', ' ')}"`).join(' ')}*`
}

/** The stretch of a text around the first word that was searched for, on one line. */
export function excerptAround(text: string, typed: string): string {
  const words = (typed.match(WORD) ?? []).map(folded)
  const hit = firstHit(folded(text), words)
  // Folding may shift positions in texts full of marks; then the excerpt begins a little off, which harms nobody.
  const begin = Math.max(0, Math.min(hit, text.length) - LEAD_CHARS)
  const stretch = text.slice(begin, begin + EXCERPT_CHARS)
  const before = begin > 0 ? '…' : ''
  const after = begin + EXCERPT_CHARS < text.length ? '…' : ''
  return `${before}${stretch.replaceAll(/\s+/gu, ' ').trim()}${after}`.replaceAll(LONE_SURROGATE, '')
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

function firstHit(text: string, words: readonly string[]): number {
  let first = text.length
  for (const word of words) {
    for (let at = text.indexOf(word); at !== -1 && at < first; at = text.indexOf(word, at + 1)) {
      if (at === 0 || !isWordCharacter(text.charAt(at - 1))) first = at
    }
  }
  return first === text.length ? 0 : first
}

function isWordCharacter(char: string): boolean {
  return /[\p{L}\p{N}]/u.test(char)
}

/** As the index compares: without case and accents. */
function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
