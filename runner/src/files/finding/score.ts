/**
 * How well a path matches what somebody types: all its characters in their order, anywhere in the path. Better are
 * matches in the name than in the folders, in a row than scattered, at the beginning of words than inside, and in short
 * paths than in long ones.
 */

/** A path made ready for matching many queries. */
export interface Candidate {
  readonly path: string
  readonly lower: string
  /** Where the name begins in it. */
  readonly nameAt: number
  /** Which characters it has, as bits: most paths are ruled out by these alone. */
  readonly chars: number
}

const CODE_0 = 48
const CODE_A = 97

/** Letters have a bit each, all digits one, everything else one more. */
function bitOf(code: number): number {
  if (code >= CODE_A && code < CODE_A + 26) return 1 << (code - CODE_A)
  return code >= CODE_0 && code < CODE_0 + 10 ? 1 << 26 : 1 << 27
}

function charsOf(lower: string): number {
  let chars = 0
  for (let at = 0; at < lower.length; at += 1) chars |= bitOf(lower.charCodeAt(at))
  return chars
}

export function toCandidate(path: string): Candidate {
  const lower = path.toLowerCase()
  return { path, lower, nameAt: path.lastIndexOf('/') + 1, chars: charsOf(lower) }
}

/** What is typed, made ready: words apart by spaces match each for itself. */
export interface Query {
  readonly words: readonly string[]
  readonly chars: number
}

export function toQuery(text: string): Query {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean)
  return { words, chars: charsOf(words.join('')) }
}

/** @returns a number that is higher for better matches, or null if the path does not match */
export function scoreOf(candidate: Candidate, query: Query): number | null {
  if ((candidate.chars & query.chars) !== query.chars) return null
  let total = 0
  for (const word of query.words) {
    const score = scoreWord(candidate, word)
    if (score === null) return null
    total += score
  }
  // Between equals, the shorter path is nearer to what was typed.
  return total - candidate.path.length / 1_000
}

const EXACT_NAME = 200
const NAME_BEGINS = 120
const IN_NAME = 60
const AT_WORD_START = 40
const WORD_START = 12
/** For each character in a row that begins no word: two of them say little, a long piece says much. */
const PER_CHARACTER = 4
const IN_A_ROW = 5
const SKIPPED = 0.2

function scoreWord({ path, lower, nameAt }: Candidate, word: string): number | null {
  const inName = lower.indexOf(word, nameAt)
  if (inName >= 0) {
    const left = lower.length - nameAt - word.length
    if (inName === nameAt) return (left === 0 ? EXACT_NAME : NAME_BEGINS) + IN_NAME - left * SKIPPED
    return IN_NAME + inARow(path, inName, word)
  }
  const inPath = lower.indexOf(word)
  if (inPath >= 0) return inARow(path, inPath, word)
  const named = scattered(path, lower, { word, from: nameAt })
  return named === null ? scattered(path, lower, { word, from: 0 }) : named + IN_NAME
}

/** Scores a word that stands in the path as a whole. */
function inARow(path: string, at: number, word: string): number {
  return word.length * PER_CHARACTER + (startsWord(path, at) ? AT_WORD_START : 0)
}

/** Scores the characters one by one; each is taken at the beginning of a word if there is one, else where it comes first. */
function scattered(
  path: string,
  lower: string,
  { word, from }: { readonly word: string; readonly from: number },
): number | null {
  let score = 0
  let at = from
  for (let index = 0; index < word.length; index += 1) {
    const char = word.charAt(index)
    const first = lower.indexOf(char, at)
    if (first < 0) return null
    const start =
      index > 0 && first === at ? first : wordStart(path, lower, { char, from: first, rest: word.slice(index + 1) })
    const taken = start ?? first
    if (index > 0 && taken === at) score += IN_A_ROW
    else score -= (taken - at) * SKIPPED
    if (startsWord(path, taken)) score += WORD_START
    at = taken + 1
  }
  return score
}

/** The next place from `from` on where `char` begins a word, if the rest of the word still finds room after it. */
function wordStart(
  path: string,
  lower: string,
  { char, from, rest }: { readonly char: string; readonly from: number; readonly rest: string },
): number | null {
  for (let at = from; at >= 0; at = lower.indexOf(char, at + 1)) {
    if (startsWord(path, at)) return isSubsequence(lower, at + 1, rest) ? at : null
  }
  return null
}

function isSubsequence(lower: string, from: number, rest: string): boolean {
  let at = from
  for (const char of rest) {
    const found = lower.indexOf(char, at)
    if (found < 0) return false
    at = found + 1
  }
  return true
}

/** Whether a word begins at this place: after a separator, or where small letters turn to capitals. */
function startsWord(path: string, at: number): boolean {
  if (at === 0) return true
  const before = path.charCodeAt(at - 1)
  if (!isLetterOrDigit(before)) return true
  return isCapital(path.charCodeAt(at)) && !isCapital(before)
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

function isLetterOrDigit(code: number): boolean {
  return (
    (code >= CODE_0 && code < CODE_0 + 10) || isCapital(code) || (code >= CODE_A && code < CODE_A + 26) || code > 127
  )
}
