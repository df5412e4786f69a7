import { lazyView } from '../lib/lazy-view.tsx'

/** Panes that are fetched when they are first shown, or when there is time before. */
export const SessionPane = lazyView(async () => (await import('../sessions/panes.ts')).SessionPane)
export const InboxPane = lazyView(async () => (await import('../sessions/panes.ts')).InboxPane)
export const ChangesPanel = lazyView(async () => (await import('../sessions/panes.ts')).ChangesPanel)
export const FilePane = lazyView(async () => (await import('../files/panes.ts')).FilePane)
export const FilesPanel = lazyView(async () => (await import('../files/panes.ts')).FilesPanel)
export const SettingsPane = lazyView(async () => (await import('./settings-pane.tsx')).SettingsPane)
export const TerminalPane = lazyView(async () => (await import('../terminals/panes.ts')).TerminalPane)
export const TerminalsPanel = lazyView(async () => (await import('../terminals/panel.ts')).TerminalsPanel)
export const Palette = lazyView(async () => (await import('./palette.tsx')).Palette)
