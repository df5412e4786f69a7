import { activateTab, guardTab, navigation, setTabDirty } from '../../shell/navigation.ts'
import { tabKey } from '../../shell/tabs.ts'
import { openDrafts } from './drafts.ts'
import type { DraftStore } from './drafts.ts'

let drafts: DraftStore | null = null

/** Tabs whose document is open and asks for itself before it closes. */
const opened = new Set<string>()

/** Leaves a tab to its document. @returns a function for when that is closed */
export function takeOver(key: string): () => void {
  opened.add(key)
  return () => opened.delete(key)
}

/** The unsaved texts of whoever uses this page. */
export function userDrafts(): DraftStore {
  if (drafts === null) throw new Error('keepUnsavedFiles has not been called.')
  return drafts
}

/**
 * Opens the unsaved texts of a user, and marks the tabs whose files have some before they are opened. Call once at start,
 * after the tabs are there.
 * @returns a function that ends it
 */
export function keepUnsavedFiles(user: string): () => void {
  const store = openDrafts(user)
  drafts = store
  void markTabs(store)
  return () => {
    drafts = null
  }
}

async function markTabs(store: DraftStore): Promise<void> {
  for (const { workspace, path } of await store.all()) {
    const target = { kind: 'file', workspace, path } as const
    const key = tabKey(target)
    const tab = navigation().tabs.find((known) => known.key === key)
    if (tab === undefined || opened.has(key)) continue
    setTabDirty(target, true)
    // Once it is shown, its document asks; until then closing shows it.
    guardTab(target, async () => {
      activateTab(key)
      return false
    })
  }
}
