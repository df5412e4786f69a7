import type { WorkspaceId } from '@octo/protocol'
import { createStore, useStore } from 'zustand'
import { isRecord, readStored, writeStored } from '../lib/storage.ts'
import {
  NO_TABS,
  neighbourKey,
  parseTabs,
  storableTabs,
  tabKey,
  withActive,
  withChanged,
  withClosed,
  withMoved,
  withOpened,
  withReplaced,
} from './tabs.ts'
import type { Tab, TabsState, TabTarget } from './tabs.ts'

/**
 * Where the user is: tabs, side panel, dialogs of the shell. Every room goes elsewhere through these functions; none
 * of them needs React, and this module imports no view.
 */
export const SIDE_VIEWS = ['changes', 'files', 'terminals'] as const
export type SideView = (typeof SIDE_VIEWS)[number]

/** Beside the centre, or on a phone one of its screens. */
export type PhoneScreen = 'centre' | 'sessions' | SideView

/** Narrower windows have room for two columns. */
export const THREE_COLUMNS = '(min-width: 1100px)'

interface NavigationState extends TabsState {
  readonly side: { readonly open: boolean; readonly view: SideView }
  /** In a window too narrow for three columns the side panel lies over the centre, until something else is opened. */
  readonly sideOver: boolean
  readonly sidebarOpen: boolean
  readonly phone: PhoneScreen
}

const FIRST: NavigationState = {
  ...NO_TABS,
  side: { open: true, view: 'changes' },
  sideOver: false,
  sidebarOpen: true,
  phone: 'centre',
}

const store = createStore<NavigationState>(() => FIRST)

/** Asked before a tab closes: false keeps it open. */
export type CloseGuard = () => Promise<boolean>
const guards = new Map<string, CloseGuard>()

export interface OpenTabOptions {
  /** Opens it as a preview, which the next preview of the same kind replaces. */
  readonly preview?: boolean
}

/** Shows a session, file, terminal, … in the centre: in its tab if it has one, else in a new one. */
export function openTab(target: TabTarget, { preview = false }: OpenTabOptions = {}): void {
  store.setState((state) => ({ ...withOpened(state, target, preview), phone: 'centre', sideOver: false }))
}

/** Shows a file, at a line if given. */
export function openPath(workspace: WorkspaceId, path: string, line?: number): void {
  openTab(line === undefined ? { kind: 'file', workspace, path } : { kind: 'file', workspace, path, line })
}

/** Closes a tab, after asking its guard. Unknown keys are fine. @returns whether it is closed */
export async function closeTab(key: string): Promise<boolean> {
  const allowed = (await guards.get(key)?.()) ?? true
  if (allowed) store.setState((state) => withClosed(state, key))
  return allowed
}

/** Closes the tab of something that is gone, without asking. */
export function forgetTab(target: TabTarget): void {
  store.setState((state) => withClosed(state, tabKey(target)))
}

/** Closes every tab of something that is gone, such as the files of a removed workspace. */
export function forgetTabs(isGone: (target: TabTarget) => boolean): void {
  store.setState((state) =>
    state.tabs.filter((tab) => isGone(tab.target)).reduce<TabsState>((next, tab) => withClosed(next, tab.key), state),
  )
}

/**
 * Has a tab ask before it closes, e.g. because it holds unsaved text.
 * @returns a function that ends the asking
 */
export function guardTab(target: TabTarget, guard: CloseGuard): () => void {
  const key = tabKey(target)
  guards.set(key, guard)
  return () => {
    if (guards.get(key) === guard) guards.delete(key)
  }
}

/** Marks a tab as holding unsaved text; such a tab is no preview any more. */
export function setTabDirty(target: TabTarget, dirty: boolean): void {
  store.setState((state) => withChanged(state, tabKey(target), dirty ? { dirty, preview: false } : { dirty }))
}

/** Titles a tab by what its view knows, e.g. the title a terminal's program set. */
export function setTabTitle(target: TabTarget, title: string): void {
  store.setState((state) => withChanged(state, tabKey(target), { title }))
}

/** Keeps a tab that was a preview. */
export function keepTab(key: string): void {
  store.setState((state) => withChanged(state, key, { preview: false }))
}

/** Puts another target into the place of a tab. */
export function replaceTab(key: string, target: TabTarget): void {
  store.setState((state) => withReplaced(state, key, target))
}

export function activateTab(key: string): void {
  store.setState((state) => ({ ...withActive(state, key), phone: 'centre', sideOver: false }))
}

/** Goes to the next tab, or the one before. */
export function stepTab(step: 1 | -1): void {
  const key = neighbourKey(store.getState(), step)
  if (key !== null) activateTab(key)
}

/** Moves a tab before another; `null` moves it to the end. */
export function moveTab(key: string, before: string | null): void {
  store.setState((state) => withMoved(state, key, before))
}

/** Shows a view of the side panel; on a phone it fills the screen. */
export function showSide(view: SideView): void {
  store.setState({ side: { open: true, view }, sideOver: true, phone: view })
}

/** Shows or hides the side panel; beside the centre or over it are remembered apart. */
export function toggleSide(): void {
  store.setState(({ side, sideOver }) =>
    matchMedia(THREE_COLUMNS).matches ? { side: { ...side, open: !side.open } } : { sideOver: !sideOver },
  )
}

/** Goes to what was talked about last: the session or draft in front before anything else. */
export function showChat(): void {
  const { tabs, recent } = store.getState()
  const isChat = (key: string): boolean => {
    const kind = tabs.find((tab) => tab.key === key)?.target.kind
    return kind === 'session' || kind === 'new'
  }
  const last = recent.find(isChat)
  if (last === undefined) openTab({ kind: 'new', workspace: null })
  else activateTab(last)
}

export function toggleSidebar(): void {
  store.setState(({ sidebarOpen }) => ({ sidebarOpen: !sidebarOpen }))
}

export function showPhoneScreen(phone: PhoneScreen): void {
  store.setState({ phone })
}

/** The tab that is shown. */
export function activeTab(): Tab | null {
  const { tabs, active } = store.getState()
  return tabs.find((tab) => tab.key === active) ?? null
}

export function navigation(): NavigationState {
  return store.getState()
}

/** Calls back after each change. @returns a function that ends it */
export function onNavigation(listener: () => void): () => void {
  return store.subscribe(listener)
}

/** A part of where the user is, as a hook; renders again only when that part changes. */
export function useNavigation<T>(select: (state: NavigationState) => T): T {
  return useStore(store, select)
}

/**
 * Brings back the tabs and panels this user had in this browser, and keeps storing them.
 * @returns a function that stops storing
 */
export function restoreNavigation(user: string): () => void {
  const key = `octo.navigation.${user}`
  store.setState(parseNavigation(readStored(key)), true)
  return store.subscribe((state) => {
    const { side, sidebarOpen } = state
    writeStored(key, { tabs: storableTabs(state), side, sidebarOpen })
  })
}

function parseNavigation(stored: unknown): NavigationState {
  if (!isRecord(stored)) return FIRST
  const side = isRecord(stored['side']) ? stored['side'] : {}
  return {
    ...parseTabs(stored['tabs']),
    side: {
      open: side['open'] !== false,
      view: SIDE_VIEWS.find((view) => view === side['view']) ?? FIRST.side.view,
    },
    sideOver: false,
    sidebarOpen: stored['sidebarOpen'] !== false,
    phone: 'centre',
  }
}
