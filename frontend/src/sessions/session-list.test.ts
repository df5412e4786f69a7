// @vitest-environment happy-dom
import type { SessionSummary } from '@octo/protocol'
import { expect, test } from 'vitest'
import { isUnread } from './seen.ts'
import { dotOf, groupSessions, waitingSessions } from './session-list.ts'

const session = (id: string, patch: Partial<Record<keyof SessionSummary, unknown>> = {}): SessionSummary =>
  ({
    id,
    title: id,
    workspace: 'w',
    state: 'idle',
    waiting: 0,
    archived: false,
    updatedAt: 1,
    ...patch,
  }) as SessionSummary

const ids = (sessions: readonly SessionSummary[]): readonly string[] => sessions.map(({ id }) => id)

test('sessions are grouped by workspace, the newest first', () => {
  const groups = groupSessions(
    [session('old'), session('other', { workspace: 'v', updatedAt: 5 }), session('new', { updatedAt: 9 })],
    { filter: '', archived: false },
  )
  expect(groups.map((group) => [group.workspace, ids(group.sessions)])).toEqual([
    ['w', ['new', 'old']],
    ['v', ['other']],
  ])
})

test('a filter wants every word, and archived sessions are shown apart', () => {
  const all = [session('Fix the login'), session('Fix tests'), session('Login page', { archived: true })]
  const found = (filter: string, archived: boolean): readonly string[] =>
    groupSessions(all, { filter, archived }).flatMap((group) => ids(group.sessions))
  expect(found('login fix', false)).toEqual(['Fix the login'])
  expect(found('login', true)).toEqual(['Login page'])
})

test('what waits longest is asked first', () => {
  const waiting = waitingSessions([
    session('later', { waiting: 1, updatedAt: 9 }),
    session('first', { waiting: 2, updatedAt: 3 }),
    session('put away', { waiting: 1, archived: true }),
    session('idle'),
  ])
  expect(ids(waiting)).toEqual(['first', 'later'])
})

test('the dot says first that somebody is waited for', () => {
  expect(dotOf(session('s', { state: 'working', waiting: 1 }), true)).toBe('waiting')
  expect(dotOf(session('s', { state: 'working' }), true)).toBe('working')
  expect([dotOf(session('s'), true), dotOf(session('s'), false)]).toEqual(['unread', 'idle'])
})

test('a session is unread when it changed after it was last shown', () => {
  const seen = { since: 10, sessions: { read: 30 } }
  expect(isUnread(session('before', { updatedAt: 9 }), seen)).toBe(false)
  expect(isUnread(session('new', { updatedAt: 20 }), seen)).toBe(true)
  expect(isUnread(session('read', { updatedAt: 30 }), seen)).toBe(false)
  expect(isUnread(session('read', { updatedAt: 31 }), seen)).toBe(true)
})
