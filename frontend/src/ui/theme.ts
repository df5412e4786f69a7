import { useSyncExternalStore } from 'react'

/** What the user chose; `system` follows the operating system. */
export type ThemeChoice = 'system' | 'light' | 'dark'
/** What is shown. */
export type Theme = 'light' | 'dark'

/** public/theme.js reads the same key before the first paint. */
const STORAGE_KEY = 'octo.theme'
const DARK_QUERY = '(prefers-color-scheme: dark)'
/** The browser's own bar takes the colour of our chrome: --bg of each theme. */
const BAR_COLOUR: Record<Theme, string> = { light: '#f7f7f5', dark: '#161618' }

const listeners = new Set<() => void>()

/** The stored choice; a value we do not know counts as `system`. */
export function themeChoice(): ThemeChoice {
  const stored = readStored()
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Stores the choice, shows it at once and tells every listener. */
export function setThemeChoice(choice: ThemeChoice): void {
  writeStored(choice)
  applyTheme()
}

/** The theme that is shown now. */
export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light'
}

/**
 * Follows the system and other tabs from now on. Call once at start.
 * @returns a function that stops following
 */
export function followTheme(): () => void {
  const query = matchMedia(DARK_QUERY)
  const onStorage = (event: StorageEvent): void => {
    if (event.key === STORAGE_KEY || event.key === null) applyTheme()
  }
  query.addEventListener('change', applyTheme)
  window.addEventListener('storage', onStorage)
  applyTheme()
  return () => {
    query.removeEventListener('change', applyTheme)
    window.removeEventListener('storage', onStorage)
  }
}

/** Calls back after each change of the shown theme; terminals and the editor redraw with it. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The user's choice, as a hook. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(onThemeChange, themeChoice)
}

/** The value of a token (`--code-bg`) in the shown theme, for canvases that cannot use CSS. */
export function readToken(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function applyTheme(): void {
  const choice = themeChoice()
  const theme: Theme = choice === 'system' ? (matchMedia(DARK_QUERY).matches ? 'dark' : 'light') : choice
  document.documentElement.dataset['theme'] = theme
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', BAR_COLOUR[theme])
  for (const listener of listeners) listener()
}

/** A browser may forbid storage (private windows, policies); the choice then lasts as long as the page. */
let unstored: ThemeChoice = 'system'

function readStored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? unstored
  } catch (error) {
    if (error instanceof DOMException) return unstored
    throw error
  }
}

function writeStored(choice: ThemeChoice): void {
  unstored = choice
  try {
    if (choice === 'system') localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, choice)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}
