import type { ReactElement } from 'react'
import { useSyncExternalStore } from 'react'

import { formatExactTime, formatRelative } from './format.ts'

/** Relative times are never finer than a minute, so half of one keeps them honest. */
const TICK_MS = 30_000

/** One clock for all times on the page; it stands still while nobody looks. */
const clock = {
  now: Date.now(),
  timer: undefined as ReturnType<typeof setTimeout> | undefined,
  readers: new Set<() => void>(),
}

function tick(): void {
  clock.now = Date.now()
  clock.timer = setTimeout(tick, TICK_MS)
  for (const reader of clock.readers) reader()
}

function subscribe(reader: () => void): () => void {
  clock.readers.add(reader)
  if (clock.timer === undefined) tick()
  return () => {
    clock.readers.delete(reader)
    if (clock.readers.size > 0) return
    clearTimeout(clock.timer)
    clock.timer = undefined
  }
}

/** The present, refreshed every half minute. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => clock.now)
}

interface RelativeTimeProps {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly className?: string
}

/** `4 min ago`, kept current, with the exact time on hover. */
export function RelativeTime({ at, className }: RelativeTimeProps): ReactElement {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExactTime(at)} className={className}>
      {formatRelative(at, Math.max(now, at))}
    </time>
  )
}
