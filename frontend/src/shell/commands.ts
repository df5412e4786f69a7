import { isApple } from '../ui/index.ts'

/** Something the user can do from anywhere: listed in the palette, and by its shortcut. */
export interface ShellCommand {
  readonly id: string
  readonly title: string
  /** Names joined by +, `mod` being Cmd or Ctrl: `mod+k`. */
  readonly shortcut?: string
  /** Further words by which the palette finds it. */
  readonly words?: string
  readonly run: () => void
}

/**
 * Whether a key press is a shortcut. Modifiers that the shortcut does not name must be up.
 * @param shortcut names joined by +
 */
export function matchesShortcut(event: KeyboardEvent, shortcut: string, apple: boolean = isApple()): boolean {
  const names = shortcut.split('+')
  const key = names.at(-1) ?? ''
  const wants = (name: string): boolean => names.slice(0, -1).includes(name)
  const command = apple ? event.metaKey : event.ctrlKey
  const other = apple ? event.ctrlKey : event.metaKey
  if (command !== wants('mod') || other !== (apple && wants('ctrl'))) return false
  if (event.shiftKey !== wants('shift') || event.altKey !== wants('alt')) return false
  return event.key.toLowerCase() === key || event.code === codeOf(key)
}

/** With Alt held, some layouts give another character; the place of the key is the same. */
function codeOf(key: string): string {
  if (/^[a-z]$/.test(key)) return `Key${key.toUpperCase()}`
  if (/^\d$/.test(key)) return `Digit${key}`
  return key === '\\' ? 'Backslash' : ''
}
