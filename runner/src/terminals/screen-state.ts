import type { Terminal } from '@xterm/headless'

/**
 * What xterm.js keeps about a terminal and neither its public interface nor its serialiser shows. These names are
 * stable only within one version, so they are read here alone, and a test compares all of it after a restore.
 */
interface Core {
  readonly buffer: {
    readonly scrollTop: number
    readonly scrollBottom: number
    readonly ybase: number
    readonly x: number
    readonly y: number
    readonly savedX: number
    readonly savedY: number
    readonly tabs: Readonly<Record<number, boolean | undefined>>
  }
  readonly coreService: {
    readonly isCursorHidden: boolean
    readonly decPrivateModes: {
      readonly cursorStyle?: 'block' | 'underline' | 'bar'
      readonly cursorBlink?: boolean
      readonly origin: boolean
    }
  }
  readonly coreMouseService: { readonly activeEncoding: string }
  readonly _charsetService: {
    readonly glevel: number
    readonly _charsets: readonly (Readonly<Record<string, string>> | undefined)[]
  }
  readonly _inputHandler: {
    readonly _parser: { readonly currentState: number }
    readonly _utf8Decoder: { readonly interim: Uint8Array }
  }
}

const DEFAULT_TAB_WIDTH = 8
const CHARSET_SLOTS = ['(', ')', '*', '+'] as const
const CURSOR_STYLES = { block: 1, underline: 3, bar: 5 } as const

function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { readonly _core: Core })['_core']
}

/** Whether the parser is between two characters, and in no escape sequence. */
export function isBetweenCharacters(terminal: Terminal): boolean {
  const { _parser: parser, _utf8Decoder: decoder } = coreOf(terminal)['_inputHandler']
  return parser.currentState === 0 && decoder.interim.every((byte) => byte === 0)
}

/** Whether lines can be taken off the top of the history without moving anything: xterm resets these when they are. */
export function canTrim(terminal: Terminal): boolean {
  const { scrollTop, scrollBottom, x } = coreOf(terminal).buffer
  return scrollTop === 0 && scrollBottom === terminal.rows - 1 && x < terminal.cols
}

/** Escape sequences that bring back what xterm's serialiser leaves out; they go after what it writes. */
export function restoreHiddenState(terminal: Terminal): string {
  const core = coreOf(terminal)
  const moved = restoreMargins(core, terminal) + restoreTabs(core, terminal) + restoreSavedCursor(core)
  const origin = core.coreService.decPrivateModes.origin
  // Margins, tabs, the saved cursor and origin mode all move the cursor; without them it is where it should be, also
  // in the state after the last column, which no sequence can say.
  const cursor = moved !== '' || origin ? placeCursor(core, origin) : ''
  return moved + cursor + restoreCharsets(core) + restoreModes(core)
}

function restoreMargins(core: Core, terminal: Terminal): string {
  const { scrollTop, scrollBottom } = core.buffer
  if (scrollTop === 0 && scrollBottom === terminal.rows - 1) return ''
  return `\x1b[${scrollTop + 1};${scrollBottom + 1}r`
}

function restoreTabs(core: Core, terminal: Terminal): string {
  const columns = Array.from({ length: terminal.cols }, (_, column) => column)
  const isSet = (column: number): boolean => core.buffer.tabs[column] === true
  if (columns.every((column) => isSet(column) === (column % DEFAULT_TAB_WIDTH === 0))) return ''
  return `\x1b[3g${columns
    .filter(isSet)
    .map((column) => `\x1b[${column + 1}G\x1bH`)
    .join('')}`
}

function restoreSavedCursor(core: Core): string {
  const { savedX, savedY, ybase } = core.buffer
  if (savedX === 0 && savedY === 0) return ''
  return `\x1b[${Math.max(0, savedY - ybase) + 1};${savedX + 1}H\x1b7`
}

function placeCursor(core: Core, origin: boolean): string {
  const { x, y, scrollTop } = core.buffer
  return `\x1b[${y - (origin ? scrollTop : 0) + 1};${x + 1}H`
}

function restoreCharsets(core: Core): string {
  const { _charsets: charsets, glevel } = core['_charsetService']
  // Of all the sets, programs of today use the line drawing one alone; in it, "q" is a horizontal line.
  const designations = CHARSET_SLOTS.map((slot, index) => (charsets[index]?.['q'] === '─' ? `\x1b${slot}0` : ''))
  return designations.join('') + (glevel === 1 ? '\x0e' : '')
}

function restoreModes(core: Core): string {
  const { cursorStyle, cursorBlink } = core.coreService.decPrivateModes
  const encoding = core.coreMouseService.activeEncoding
  let modes = ''
  if (encoding === 'SGR') modes += '\x1b[?1006h'
  if (encoding === 'SGR_PIXELS') modes += '\x1b[?1016h'
  if (cursorStyle !== undefined) modes += `\x1b[${CURSOR_STYLES[cursorStyle] + (cursorBlink === true ? 0 : 1)} q`
  if (core.coreService.isCursorHidden) modes += '\x1b[?25l'
  return modes
}
