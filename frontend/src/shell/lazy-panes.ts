import { lazy } from 'react'

/** Panes that are fetched when they are first shown. */
export const SessionPane = lazy(async () => ({ default: (await import('../sessions/panes.ts')).SessionPane }))
export const InboxPane = lazy(async () => ({ default: (await import('../sessions/panes.ts')).InboxPane }))
export const ChangesPanel = lazy(async () => ({ default: (await import('../sessions/panes.ts')).ChangesPanel }))
export const SettingsPane = lazy(async () => ({ default: (await import('./settings-pane.tsx')).SettingsPane }))
export const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
