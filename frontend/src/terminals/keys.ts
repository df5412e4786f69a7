/** The keys of the bar above a phone's keyboard, which has none of them. */
export const BAR_KEYS = ['esc', 'tab', 'left', 'down', 'up', 'right', '|', '/', '-', '~'] as const
export type BarKey = (typeof BAR_KEYS)[number]

const ARROWS = { up: 'A', down: 'B', right: 'C', left: 'D' } as const

export interface KeyModes {
  /** Whether Ctrl is held for this key. */
  readonly ctrl: boolean
  /** Whether the program asked for application cursor keys. */
  readonly applicationCursor: boolean
}

/** What a terminal sends for a key of the bar. */
export function keySequence(key: BarKey, { ctrl, applicationCursor }: KeyModes): string {
  switch (key) {
    case 'esc':
      return '\u001B'
    case 'tab':
      return '\t'
    case 'up':
    case 'down':
    case 'left':
    case 'right':
      if (ctrl) return `\u001B[1;5${ARROWS[key]}`
      return `\u001B${applicationCursor ? 'O' : '['}${ARROWS[key]}`
    case '|':
    case '/':
    case '-':
    case '~':
      return ctrl ? withCtrl(key) : key
  }
}

/** What Ctrl makes of a character that was typed; characters that have no such form stay as they are. */
export function withCtrl(text: string): string {
  if (text.length !== 1) return text
  if (text === ' ') return '\u0000'
  if (text === '/' || text === '-') return '\u001F'
  if (text === '~') return '\u001E'
  if (text === '|') return '\u001C'
  return /^[@-_a-z]$/.test(text) ? String.fromCharCode(text.toUpperCase().charCodeAt(0) & 0x1f) : text
}
