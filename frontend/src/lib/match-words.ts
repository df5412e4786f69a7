/**
 * How well a text answers a query, from 0 (not at all) to 1: every word of the query must stand in it. Beginnings
 * count more than middles, and the beginning of the text most.
 */
export function matchWords(text: string, query: string): number {
  const lower = text.toLowerCase()
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return 1
  let sum = 0
  for (const word of words) {
    const at = lower.indexOf(word)
    if (at < 0) return 0
    sum += scoreAt(lower, at)
  }
  return sum / words.length
}

function scoreAt(text: string, at: number): number {
  if (at === 0) return 1
  return /[\s/._:-]/.test(text.charAt(at - 1)) ? 0.8 : 0.5
}
