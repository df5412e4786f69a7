import { type Candidate, type Query, scoreOf } from './score.ts'

/** So many are looked at before others get their turn: a few milliseconds. */
const SLICE = 20_000

interface Scored {
  readonly path: string
  readonly score: number
}

/**
 * The best matches, best first. Between slices everything else the process does gets its turn.
 * @throws what the signal was aborted with
 */
export async function bestMatches(
  candidates: readonly Candidate[],
  query: Query,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<string[]> {
  let best: Scored[] = []
  for (let from = 0; from < candidates.length; from += SLICE) {
    signal.throwIfAborted()
    const floor = best.length < limit ? -Infinity : (best.at(-1)?.score ?? -Infinity)
    const better = scoreSlice(candidates.slice(from, from + SLICE), query, floor)
    best = [...best, ...better].toSorted(byScore).slice(0, limit)
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  return best.map(({ path }) => path)
}

function scoreSlice(candidates: readonly Candidate[], query: Query, floor: number): Scored[] {
  const scored: Scored[] = []
  for (const candidate of candidates) {
    const score = scoreOf(candidate, query)
    if (score !== null && score >= floor) scored.push({ path: candidate.path, score })
  }
  return scored
}

function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || (a.path < b.path ? -1 : 1)
}
