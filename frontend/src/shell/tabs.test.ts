import type { SessionId, TerminalId, WorkspaceId } from '@octo/protocol'
import { expect, test } from 'vitest'
import type { TabsState, TabTarget } from './tabs.ts'
import {
  MAX_TABS,
  NO_TABS,
  neighbourKey,
  parseTabs,
  storableTabs,
  withActive,
  withChanged,
  withClosed,
  withMoved,
  withOpened,
  withReplaced,
} from './tabs.ts'

const session = (name: string): TabTarget => ({ kind: 'session', session: name as SessionId })
const file = (path: string, line?: number): TabTarget => ({
  kind: 'file',
  workspace: 'w' as WorkspaceId,
  path,
  ...(line === undefined ? {} : { line }),
})
const open = (...targets: readonly TabTarget[]): TabsState =>
  targets.reduce((state, target) => withOpened(state, target, false), NO_TABS)
const keys = (state: TabsState): readonly string[] => state.tabs.map((tab) => tab.key)

test('opening what is open goes to its tab, at the line asked for', () => {
  const state = withOpened(open(file('a.ts'), session('s')), file('a.ts', 7), false)
  expect(keys(state)).toEqual(['file:w:a.ts', 'session:s'])
  expect(state.active).toBe('file:w:a.ts')
  expect(state.tabs[0]?.target).toEqual(file('a.ts', 7))
})

test('a new tab stands right of the active one', () => {
  const state = withOpened(withActive(open(session('a'), session('b')), 'session:a'), session('c'), false)
  expect(keys(state)).toEqual(['session:a', 'session:c', 'session:b'])
})

test('a preview is replaced by the next preview of its kind, a kept tab is not', () => {
  const previewed = withOpened(open(file('kept.ts')), session('a'), true)
  const next = withOpened(previewed, session('b'), true)
  expect(keys(next)).toEqual(['file:w:kept.ts', 'session:b'])
  const kept = withOpened(withChanged(next, 'session:b', { preview: false }), session('c'), true)
  expect(keys(kept)).toEqual(['file:w:kept.ts', 'session:b', 'session:c'])
})

test('a preview with unsaved text is never replaced', () => {
  const dirty = withChanged(withOpened(NO_TABS, file('a.ts'), true), 'file:w:a.ts', { dirty: true })
  expect(keys(withOpened(dirty, file('b.ts'), true))).toEqual(['file:w:a.ts', 'file:w:b.ts'])
})

test('closing the active tab goes back to the one used before', () => {
  const state = withActive(open(session('a'), session('b'), session('c')), 'session:a')
  expect(withClosed(state, 'session:a').active).toBe('session:c')
  expect(withClosed(state, 'session:b').active).toBe('session:a')
  expect(withClosed(open(session('a')), 'session:a')).toEqual(NO_TABS)
})

test('the draft of a session becomes that session in its place', () => {
  const state = withActive(open(session('a'), { kind: 'new', workspace: null }, session('b')), 'new')
  const replaced = withReplaced(state, 'new', session('made'))
  expect(keys(replaced)).toEqual(['session:a', 'session:made', 'session:b'])
  expect(replaced.active).toBe('session:made')
})

test('dragging moves a tab before another or to the end', () => {
  const state = open(session('a'), session('b'), session('c'))
  expect(keys(withMoved(state, 'session:c', 'session:a'))).toEqual(['session:c', 'session:a', 'session:b'])
  expect(keys(withMoved(state, 'session:a', null))).toEqual(['session:b', 'session:c', 'session:a'])
  expect(withMoved(state, 'session:a', 'session:a')).toBe(state)
})

test('stepping goes around the ends', () => {
  const state = open(session('a'), session('b'))
  expect(neighbourKey(state, 1)).toBe('session:a')
  expect(neighbourKey(withActive(state, 'session:a'), -1)).toBe('session:b')
  expect(neighbourKey(NO_TABS, 1)).toBeNull()
})

test('too many tabs close the one unused for longest, never one with unsaved text', () => {
  const many = open(...Array.from({ length: MAX_TABS }, (_, at) => file(`${at}.ts`)))
  const dirty = withChanged(many, 'file:w:0.ts', { dirty: true })
  const full = withOpened(dirty, file('one-more.ts'), false)
  expect(full.tabs).toHaveLength(MAX_TABS)
  expect(keys(full)).toContain('file:w:0.ts')
  expect(keys(full)).not.toContain('file:w:1.ts')
})

test('tabs come back after a reload, odd entries left out', () => {
  const state = withActive(
    open(session('a'), file('b.ts'), { kind: 'terminal', terminal: 't' as TerminalId }, { kind: 'inbox' }),
    'file:w:b.ts',
  )
  const stored = JSON.parse(JSON.stringify(storableTabs(state))) as { tabs: unknown[] }
  stored.tabs.push({ target: { kind: 'canvas' } }, null, { target: { kind: 'session', session: 'a' } })
  const restored = parseTabs(stored)
  expect(keys(restored)).toEqual(keys(state))
  expect(restored.active).toBe('file:w:b.ts')
  expect(parseTabs('nonsense')).toEqual(NO_TABS)
})
