import type { SessionSummary } from '@octo/protocol'
import { createStore, useStore } from 'zustand'
import { isRecord, readStored, writeStored } from '../lib/storage.ts'

/**
 * Which sessions this browser has shown since they last changed. Sessions from before the browser first came count as
 * seen.
 */
interface Seen {
  readonly since: number
  readonly sessions: Readonly<Record<string, number>>
}

const STORAGE_KEY = 'octo.seen'
/** The oldest marks go first; a session that old has long been read. */
const MAX_MARKS = 500

const store = createStore<Seen>(() => parseSeen(readStored(STORAGE_KEY), Date.now()))

/** Marks a session as seen as it is now. */
export function markSeen(session: Pick<SessionSummary, 'id' | 'updatedAt'>): void {
  const { since, sessions } = store.getState()
  if ((sessions[session.id] ?? 0) >= session.updatedAt) return
  const marks = Object.entries({ ...sessions, [session.id]: session.updatedAt })
  const newest = marks.toSorted((a, b) => b[1] - a[1]).slice(0, MAX_MARKS)
  const next = { since, sessions: Object.fromEntries(newest) }
  store.setState(next, true)
  writeStored(STORAGE_KEY, next)
}

/** Tells of any session whether it changed since it was last shown, as a hook. */
export function useUnread(): (session: SessionSummary) => boolean {
  const seen = useStore(store)
  return (session) => isUnread(session, seen)
}

export function isUnread(session: SessionSummary, seen: Seen): boolean {
  return session.updatedAt > Math.max(seen.since, seen.sessions[session.id] ?? 0)
}

function parseSeen(stored: unknown, now: number): Seen {
  if (!isRecord(stored) || typeof stored['since'] !== 'number' || !isRecord(stored['sessions'])) {
    const first = { since: now, sessions: {} }
    writeStored(STORAGE_KEY, first)
    return first
  }
  const marks = Object.entries(stored['sessions']).filter(
    (mark): mark is [string, number] => typeof mark[1] === 'number',
  )
  return { since: stored['since'], sessions: Object.fromEntries(marks) }
}
