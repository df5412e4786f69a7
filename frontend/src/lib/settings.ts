import { useSyncExternalStore } from 'react'
import { isRecord, readStored, writeStored } from './storage.ts'

/** How this browser shows things. The theme has a home of its own in ui/theme.ts, because it is set before the first paint. */
export interface Settings {
  /** Text of transcripts, in pixels. */
  readonly textSize: number
  /** Code, diffs and the editor, in pixels. */
  readonly codeSize: number
  readonly terminalSize: number
  /** Selecting text in a terminal copies it. */
  readonly copyOnSelect: boolean
  readonly terminalCursor: CursorStyle
  readonly terminalBlink: boolean
  /** Terminals are readable for a screen reader, which makes them slower. */
  readonly screenReader: boolean
  /** Long lines of code and diffs continue on the next line. */
  readonly wrapLines: boolean
}

export const CURSOR_STYLES = ['block', 'bar', 'underline'] as const
export type CursorStyle = (typeof CURSOR_STYLES)[number]

export const DEFAULT_SETTINGS: Settings = {
  textSize: 14,
  codeSize: 13,
  terminalSize: 13,
  copyOnSelect: false,
  terminalCursor: 'block',
  terminalBlink: true,
  screenReader: false,
  wrapLines: false,
}

/** Smaller cannot be read, larger breaks the layout of a phone. */
export const MIN_FONT_SIZE = 10
export const MAX_FONT_SIZE = 22

const STORAGE_KEY = 'octo.settings'

const listeners = new Set<() => void>()
let current: Settings | null = null

/** The settings of this browser. The same object until one changes. */
export function settings(): Settings {
  current ??= parseSettings(readStored(STORAGE_KEY))
  return current
}

/** Changes some settings, shows and stores them at once, and tells every listener. */
export function changeSettings(patch: Partial<Settings>): void {
  current = parseSettings({ ...settings(), ...patch })
  writeStored(STORAGE_KEY, current)
  announce()
}

/** Calls back after each change. @returns a function that ends it */
export function onSettingsChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The settings, as a hook. */
export function useSettings(): Settings {
  return useSyncExternalStore(onSettingsChange, settings)
}

/**
 * Shows the font sizes as `--text-size` and `--code-size` and follows other tabs. Call once at start.
 * @returns a function that stops following
 */
export function followSettings(): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key !== STORAGE_KEY && event.key !== null) return
    current = null
    announce()
  }
  window.addEventListener('storage', onStorage)
  showSizes()
  return () => window.removeEventListener('storage', onStorage)
}

/** Reads settings that an older version may have stored: what is missing or odd is the default. */
export function parseSettings(stored: unknown): Settings {
  if (!isRecord(stored)) return DEFAULT_SETTINGS
  const size = (name: 'textSize' | 'codeSize' | 'terminalSize'): number => {
    const value = stored[name]
    if (typeof value !== 'number' || !Number.isFinite(value)) return DEFAULT_SETTINGS[name]
    return Math.min(MAX_FONT_SIZE, Math.max(MIN_FONT_SIZE, Math.round(value)))
  }
  return {
    textSize: size('textSize'),
    codeSize: size('codeSize'),
    terminalSize: size('terminalSize'),
    copyOnSelect: stored['copyOnSelect'] === true,
    terminalCursor:
      CURSOR_STYLES.find((style) => style === stored['terminalCursor']) ?? DEFAULT_SETTINGS.terminalCursor,
    terminalBlink: stored['terminalBlink'] !== false,
    screenReader: stored['screenReader'] === true,
    wrapLines: stored['wrapLines'] === true,
  }
}

function announce(): void {
  showSizes()
  for (const listener of listeners) listener()
}

function showSizes(): void {
  const { textSize, codeSize } = settings()
  document.documentElement.style.setProperty('--text-size', `${textSize}px`)
  document.documentElement.style.setProperty('--code-size', `${codeSize}px`)
}
