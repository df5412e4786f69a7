import type { SessionSummary, WorkspaceId } from '@octo/protocol'
import type { LiveListState } from '../mux/index.ts'
import { createLiveList, perMux, useLiveList, useMux } from '../mux/index.ts'
import type { DotState } from '../ui/index.ts'

/** The sessions of this user, live. */
export const sessionList = perMux((mux) => createLiveList(mux, 'sessions.list', 'sessions.listChanged'))

export function useSessions(): LiveListState<SessionSummary> {
  return useLiveList(sessionList(useMux()))
}

/** Sessions that wait for a person, the one waiting longest first. */
export function waitingSessions(sessions: Iterable<SessionSummary>): readonly SessionSummary[] {
  return [...sessions]
    .filter((session) => session.waiting > 0 && !session.archived)
    .toSorted((a, b) => a.updatedAt - b.updatedAt)
}

export interface SessionGroup {
  readonly workspace: WorkspaceId
  /** Newest first. */
  readonly sessions: readonly SessionSummary[]
}

export interface GroupOptions {
  /** Words that must all occur in the title, in any order and case. */
  readonly filter: string
  readonly archived: boolean
}

/** Sessions by workspace, both by the time of the last change. */
export function groupSessions(sessions: Iterable<SessionSummary>, options: GroupOptions): readonly SessionGroup[] {
  const words = options.filter.toLowerCase().split(/\s+/).filter(Boolean)
  const groups = new Map<WorkspaceId, SessionSummary[]>()
  const newestFirst = [...sessions].toSorted((a, b) => b.updatedAt - a.updatedAt)
  for (const session of newestFirst) {
    if (session.archived !== options.archived || !matches(session.title, words)) continue
    const group = groups.get(session.workspace)
    if (group === undefined) groups.set(session.workspace, [session])
    else group.push(session)
  }
  return [...groups].map(([workspace, members]) => ({ workspace, sessions: members }))
}

function matches(title: string, words: readonly string[]): boolean {
  const lower = title.toLowerCase()
  return words.every((word) => lower.includes(word))
}

/** What the dot before a session says. A person who is waited for comes first. */
export function dotOf(session: Pick<SessionSummary, 'state' | 'waiting'>, unread: boolean): DotState {
  if (session.waiting > 0) return 'waiting'
  switch (session.state) {
    case 'idle':
      return unread ? 'unread' : 'idle'
    case 'working':
    case 'waiting':
    case 'stopping':
    case 'interrupted':
    case 'failed':
      return session.state
  }
}
