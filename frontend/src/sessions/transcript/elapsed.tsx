import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { formatDuration } from '../../ui/index.ts'

/** What counts up is read by seconds. */
const TICK_MS = 1_000
/** What took less is not worth a number. */
const SHORT_MS = 1_000

interface ElapsedProps {
  readonly startedAt: number
  /** Absent while it goes on. */
  readonly endedAt?: number | undefined
}

/** How long something took or has been taking; nothing below a second. */
export function Elapsed({ startedAt, endedAt }: ElapsedProps): ReactElement | null {
  const now = useSeconds(endedAt === undefined)
  const ms = (endedAt ?? now) - startedAt
  if (ms < SHORT_MS) return null
  // A running clock shows whole seconds, so that it does not flicker.
  const shown = endedAt === undefined ? Math.floor(ms / TICK_MS) * TICK_MS : ms
  return <span className="shrink-0 text-xs text-faint tabular-nums">{formatDuration(shown)}</span>
}

function useSeconds(running: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [running])
  return now
}
