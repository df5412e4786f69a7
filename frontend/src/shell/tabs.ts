import type { ItemId, SessionId, TerminalId, WorkspaceId } from '@octo/protocol'
import { isRecord } from '../lib/storage.ts'

export const SETTINGS_PAGES = ['appearance', 'models', 'agents', 'account'] as const
export type SettingsPage = (typeof SETTINGS_PAGES)[number]

/** An item to show first, and its index, by which it is found far back. */
export interface ItemPlace {
  readonly item: ItemId
  readonly index: number
}

/** What a tab of the centre can show. */
export type TabTarget =
  | { readonly kind: 'session'; readonly session: SessionId; readonly at?: ItemPlace }
  /** A session that does not exist yet: the composer with its choices. */
  | { readonly kind: 'new'; readonly workspace: WorkspaceId | null }
  | { readonly kind: 'file'; readonly workspace: WorkspaceId; readonly path: string; readonly line?: number }
  | { readonly kind: 'terminal'; readonly terminal: TerminalId }
  | { readonly kind: 'settings'; readonly page: SettingsPage }
  | { readonly kind: 'inbox' }

export interface Tab {
  /** What makes it the same tab: opening a target again goes to the tab there is. */
  readonly key: string
  readonly target: TabTarget
  /** Shown in italics and replaced by the next preview of its kind, so that looking around leaves no heap of tabs. */
  readonly preview: boolean
  readonly dirty: boolean
  /** The title its view reported; the shell makes one from the target otherwise. */
  readonly title: string | null
}

export interface TabsState {
  readonly tabs: readonly Tab[]
  readonly active: string | null
  /** Keys from the most recently used on: closing a tab goes back to the one before. */
  readonly recent: readonly string[]
}

export const NO_TABS: TabsState = { tabs: [], active: null, recent: [] }

/** More cannot be told apart in a row; the one unused for longest goes, unless it holds unsaved text. */
export const MAX_TABS = 40

export function tabKey(target: TabTarget): string {
  switch (target.kind) {
    case 'session':
      return `session:${target.session}`
    case 'file':
      return `file:${target.workspace}:${target.path}`
    case 'terminal':
      return `terminal:${target.terminal}`
    case 'new':
    case 'settings':
    case 'inbox':
      return target.kind
  }
}

/** Opens a target, or goes to its tab if there is one. A tab that was a preview stays once it is opened for good. */
export function withOpened(state: TabsState, target: TabTarget, preview: boolean): TabsState {
  const key = tabKey(target)
  const known = state.tabs.find((tab) => tab.key === key)
  if (known !== undefined) {
    const next = { ...known, target, preview: known.preview && preview }
    return withActive({ ...state, tabs: state.tabs.map((tab) => (tab === known ? next : tab)) }, key)
  }
  const tab: Tab = { key, target, preview, dirty: false, title: null }
  const replaced = preview ? state.tabs.findIndex((other) => isReplaceable(other, target)) : -1
  if (replaced >= 0) return withActive({ ...state, tabs: state.tabs.with(replaced, tab) }, key)
  const at = state.tabs.findIndex((other) => other.key === state.active)
  const place = at < 0 ? state.tabs.length : at + 1
  return withActive(withinLimit({ ...state, tabs: state.tabs.toSpliced(place, 0, tab) }), key)
}

function isReplaceable(tab: Tab, target: TabTarget): boolean {
  return tab.preview && !tab.dirty && tab.target.kind === target.kind
}

function withinLimit(state: TabsState): TabsState {
  if (state.tabs.length <= MAX_TABS) return state
  const rank = (tab: Tab): number => {
    const at = state.recent.indexOf(tab.key)
    return at < 0 ? Number.MAX_SAFE_INTEGER : at
  }
  const candidates = state.tabs.filter(
    (tab) => !tab.dirty && tab.key !== state.active && state.recent.includes(tab.key),
  )
  const oldest = candidates.toSorted((a, b) => rank(b) - rank(a))[0]
  return oldest === undefined ? state : withClosed(state, oldest.key)
}

export function withActive(state: TabsState, key: string): TabsState {
  if (!state.tabs.some((tab) => tab.key === key)) return state
  const known = new Set(state.tabs.map((tab) => tab.key))
  return { ...state, active: key, recent: [key, ...state.recent.filter((other) => other !== key && known.has(other))] }
}

/** Closes a tab; the one used before it comes to the front. */
export function withClosed(state: TabsState, key: string): TabsState {
  const at = state.tabs.findIndex((tab) => tab.key === key)
  if (at < 0) return state
  const tabs = state.tabs.toSpliced(at, 1)
  const recent = state.recent.filter((other) => other !== key && tabs.some((tab) => tab.key === other))
  const neighbour = tabs[Math.min(at, tabs.length - 1)]?.key ?? null
  return { tabs, recent, active: state.active === key ? (recent[0] ?? neighbour) : state.active }
}

/** Puts another target into the place of a tab: the draft of a session becomes that session. */
export function withReplaced(state: TabsState, key: string, target: TabTarget): TabsState {
  const at = state.tabs.findIndex((tab) => tab.key === key)
  if (at < 0) return withOpened(state, target, false)
  const next: Tab = { key: tabKey(target), target, preview: false, dirty: false, title: null }
  const tabs = state.tabs.with(at, next).filter((tab, place) => tab.key !== next.key || place === at)
  return withActive({ ...state, tabs, active: state.active === key ? next.key : state.active }, next.key)
}

/** Moves a tab to the place of another. */
export function withMoved(state: TabsState, key: string, before: string | null): TabsState {
  const tab = state.tabs.find((candidate) => candidate.key === key)
  if (tab === undefined || key === before) return state
  const rest = state.tabs.filter((candidate) => candidate !== tab)
  const at = before === null ? rest.length : rest.findIndex((candidate) => candidate.key === before)
  return { ...state, tabs: rest.toSpliced(at < 0 ? rest.length : at, 0, tab) }
}

export function withChanged(state: TabsState, key: string, patch: Partial<Omit<Tab, 'key' | 'target'>>): TabsState {
  const tab = state.tabs.find((candidate) => candidate.key === key)
  if (tab === undefined) return state
  const next = { ...tab, ...patch }
  if (next.preview === tab.preview && next.dirty === tab.dirty && next.title === tab.title) return state
  return { ...state, tabs: state.tabs.map((candidate) => (candidate === tab ? next : candidate)) }
}

/** The tab beside the active one, around the ends. */
export function neighbourKey(state: TabsState, step: 1 | -1): string | null {
  const at = state.tabs.findIndex((tab) => tab.key === state.active)
  const next = state.tabs[(at + step + state.tabs.length) % state.tabs.length]
  return next?.key ?? null
}

/** What is kept over a reload. */
export function storableTabs(state: TabsState): unknown {
  return { active: state.active, tabs: state.tabs.map(({ target, preview }) => ({ target, preview })) }
}

/** Reads what an older version may have stored; what is odd is left out. */
export function parseTabs(stored: unknown): TabsState {
  if (!isRecord(stored) || !Array.isArray(stored['tabs'])) return NO_TABS
  const tabs: Tab[] = []
  for (const entry of stored['tabs'].slice(0, MAX_TABS) as unknown[]) {
    const target = isRecord(entry) ? parseTarget(entry['target']) : null
    if (target === null || tabs.some((tab) => tab.key === tabKey(target))) continue
    const preview = isRecord(entry) && entry['preview'] === true
    tabs.push({ key: tabKey(target), target, preview, dirty: false, title: null })
  }
  const active = tabs.find((tab) => tab.key === stored['active']) ?? tabs[0]
  return active === undefined ? NO_TABS : withActive({ tabs, active: null, recent: [] }, active.key)
}

function parseTarget(value: unknown): TabTarget | null {
  if (!isRecord(value)) return null
  const { kind, session, workspace, path, terminal, page } = value
  if (kind === 'session' && typeof session === 'string') return { kind, session: session as SessionId }
  if (kind === 'terminal' && typeof terminal === 'string') return { kind, terminal: terminal as TerminalId }
  if (kind === 'file' && typeof workspace === 'string' && typeof path === 'string') {
    return { kind, workspace: workspace as WorkspaceId, path }
  }
  if (kind === 'new') return { kind, workspace: typeof workspace === 'string' ? (workspace as WorkspaceId) : null }
  if (kind === 'settings') return { kind, page: SETTINGS_PAGES.find((known) => known === page) ?? 'appearance' }
  return kind === 'inbox' ? { kind } : null
}
