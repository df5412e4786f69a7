import { createStore, useStore } from 'zustand'

/** The dialogs of the shell, of which one at a time is open. */
export type ShellDialog = 'palette' | 'add-workspace'

const store = createStore<{ readonly open: ShellDialog | null }>(() => ({ open: null }))

export function openDialog(dialog: ShellDialog): void {
  store.setState({ open: dialog })
}

export function closeDialog(): void {
  store.setState({ open: null })
}

export function useShellDialog(): ShellDialog | null {
  return useStore(store, (state) => state.open)
}
