import { Unicode11Addon } from '@xterm/addon-unicode11'
import headless, { type IBuffer, type IBufferCell, type Terminal } from '@xterm/headless'
import type { Size } from '../window-size.ts'

/** A plain terminal, as a browser has one. */
export function plainTerminal(size: Size, scrollback = 5_000): Terminal {
  const terminal = new headless.Terminal({ ...size, scrollback, allowProposedApi: true })
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  return terminal
}

export function writeTo(terminal: Terminal, data: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => terminal.write(data, resolve))
}

/** A terminal of any size that was given a snapshot, as a viewer does it. */
export async function restore(snapshot: Uint8Array, scrollback = 5_000): Promise<Terminal> {
  // oxlint-disable-next-line no-control-regex -- the snapshot begins with its size
  const size = /^\x1b\[8;(\d+);(\d+)t/u.exec(new TextDecoder().decode(snapshot.subarray(0, 20)))
  if (size === null) throw new Error('the snapshot does not begin with its size')
  const terminal = plainTerminal({ cols: Number(size[2]), rows: Number(size[1]) }, scrollback)
  await writeTo(terminal, snapshot)
  return terminal
}

/** All that a person could see of a terminal, and all that decides how it goes on. */
export function picture(terminal: Terminal): Record<string, unknown> {
  const core = (terminal as unknown as Record<string, Record<string, Record<string, unknown>>>)['_core']
  const buffer = core?.['buffer']
  const { normal, active } = terminal.buffer
  return {
    type: active.type,
    cursor: [active.cursorX, active.cursorY],
    normal: lines(normal),
    active: active.type === 'alternate' ? lines(active) : [],
    modes: terminal.modes,
    privateModes: core?.['coreService']?.['decPrivateModes'],
    cursorHidden: core?.['coreService']?.['isCursorHidden'],
    mouseEncoding: core?.['coreMouseService']?.['activeEncoding'],
    margins: [buffer?.['scrollTop'], buffer?.['scrollBottom']],
    tabs: buffer?.['tabs'],
    charset: (core?.['_charsetService']?.['charset'] as Record<string, string> | undefined)?.['q'],
  }
}

function lines(buffer: IBuffer): string[] {
  const all = Array.from({ length: buffer.length }, (_, row) => line(buffer, row))
  // Where the screen ends below its last line depends on how it was painted, and shows nothing.
  while (all.at(-1) === '') all.pop()
  return all
}

function line(buffer: IBuffer, row: number): string {
  const cells = buffer.getLine(row)
  if (cells === undefined) return ''
  let text = cells.isWrapped ? '↪' : ''
  let style = ''
  for (let column = 0; column < cells.length; column += 1) {
    const cell = cells.getCell(column)
    if (cell === undefined || cell.getWidth() === 0) continue
    const now = styleOf(cell)
    if (now !== style) text += `{${now}}`
    style = now
    text += cell.getChars() || '\u0000'
  }
  return text.replace(/\0+$/u, '')
}

function styleOf(cell: IBufferCell): string {
  const background = cell.isBgDefault() ? '' : `on ${cell.getBgColorMode()}:${cell.getBgColor()}`
  // An empty cell shows its background alone.
  if (cell.getChars() === '') return background
  const styles = {
    [`${cell.getFgColorMode()}:${cell.getFgColor()}`]: !cell.isFgDefault(),
    [background]: background !== '',
    bold: cell.isBold(),
    dim: cell.isDim(),
    italic: cell.isItalic(),
    underline: cell.isUnderline(),
    inverse: cell.isInverse(),
    invisible: cell.isInvisible(),
    struck: cell.isStrikethrough(),
  }
  return Object.keys(styles)
    .filter((name) => Boolean(styles[name]))
    .join(' ')
}
