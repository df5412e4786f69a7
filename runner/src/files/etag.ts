import type { BigIntStats } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * File systems stamp changes with a clock that may tick only every 10 ms. A file stamped within the running tick could
 * change again under the same stamp.
 */
const TICK_MS = 10

/** Names the content of a file as strongly as the file system can, in the form HTTP wants. */
export function etagOf(stats: BigIntStats): string {
  const facts = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs]
  return `"${facts.map((fact) => fact.toString(36)).join('-')}"`
}

/**
 * Waits until the tick in which a file was last stamped is over, so that any later change gives another ETag.
 * @param look reads the file's facts anew
 */
export async function settled(stats: BigIntStats, look: () => Promise<BigIntStats>): Promise<BigIntStats> {
  const ageMs = Date.now() - Number(stats.ctimeNs / 1_000_000n)
  if (ageMs < 0 || ageMs >= TICK_MS) return stats
  await delay(TICK_MS - ageMs)
  return look()
}

/** Whether a list of ETags in `If-Match` or `If-None-Match` names this one. `*` names every one. */
export function namesEtag(header: string, etag: string): boolean {
  return header.split(',').some((entry) => entry.trim() === '*' || entry.trim() === etag)
}
