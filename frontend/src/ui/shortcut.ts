/** Whether the keyboard has a command key instead of Ctrl for shortcuts. */
export function isApple(platform: string = navigator.platform): boolean {
  return /mac|iphone|ipad|ipod/i.test(platform)
}

const APPLE: Readonly<Record<string, string>> = {
  mod: '⌘',
  ctrl: '⌃',
  alt: '⌥',
  shift: '⇧',
  enter: '↩',
  escape: 'Esc',
  backspace: '⌫',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
}

const OTHERS: Readonly<Record<string, string>> = {
  mod: 'Ctrl',
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  enter: 'Enter',
  escape: 'Esc',
  backspace: 'Backspace',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
}

/**
 * The keys of a shortcut as this platform prints them, one string a key.
 * @param shortcut names joined by +, `mod` being Cmd or Ctrl: `mod+shift+k`
 */
export function shortcutKeys(shortcut: string, apple: boolean = isApple()): readonly string[] {
  const names = apple ? APPLE : OTHERS
  return shortcut
    .split('+')
    .filter((key) => key !== '')
    .map((key) => names[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : capitalise(key)))
}

function capitalise(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1)
}
