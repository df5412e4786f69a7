import { SerializeAddon } from '@xterm/addon-serialize'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import headless, { type Terminal } from '@xterm/headless'
import { canTrim, isBetweenCharacters, restoreHiddenState } from './screen-state.ts'
import { UnfinishedSequence } from './unfinished-sequence.ts'
import type { Size } from './window-size.ts'

/**
 * A screen with its history may be this large when it is sent. Four frames: ten times what 5,000 usual lines take, and
 * half of what a stalled reader may cost.
 */
const MAX_SNAPSHOT_BYTES = 4 * 1_048_576

/**
 * Lines of history that stay as cells when the terminal is quiet, for a window that grows and pulls them back into
 * sight. A cell takes 12 bytes, so the rest of the history is kept as text, which is a tenth of that.
 */
const LIVE_LINES = 50

/** Fewer lines than this are not worth packing. */
const MIN_PACKED_LINES = 32

/** Packing waits until the terminal was quiet for so long; under a flood, lines would be packed to be thrown away. */
const QUIET_MS = 50

/**
 * xterm keeps a buffer of four times the largest piece it was ever given; it begins with room for pieces of this size.
 */
const PIECE_BYTES = 4_096

/** What a cell takes in xterm's memory. */
const CELL_BYTES = 12

/** Answers to queries that one piece of output may cause; real programs ask a few at a time. */
const MAX_REPLY_CHARS = 65_536

const MAX_TITLE_CHARS = 200

/** Controls, and the characters that turn the direction of text: a title is shown among words of our own. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const UNSAFE_IN_TITLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

interface PackedLines {
  readonly text: Uint8Array
  readonly lines: number
}

export interface ScreenOptions extends Size {
  readonly scrollbackLines: number
  readonly onTitle: (title: string) => void
  /** So much memory was let go of by packing. */
  readonly onPacked: (bytes: number) => void
}

/**
 * What a person would see on a terminal, kept on the server. It is the only one that answers what programs ask a
 * terminal, so that two viewers, or a viewer that catches up, never answer twice.
 */
export class Screen {
  readonly #terminal: Terminal
  readonly #serializer = new SerializeAddon()
  readonly #options: ScreenOptions
  readonly #unfinished = new UnfinishedSequence()
  readonly #encoder = new TextEncoder()
  #packed: PackedLines[] = []
  #replies = ''
  #quietTimer: NodeJS.Timeout | null = null

  constructor(options: ScreenOptions) {
    this.#options = options
    this.#terminal = new headless.Terminal({
      cols: options.cols,
      rows: options.rows,
      scrollback: options.scrollbackLines,
      allowProposedApi: true,
      logLevel: 'off',
    })
    this.#terminal.loadAddon(new Unicode11Addon())
    this.#terminal.unicode.activeVersion = '11'
    this.#terminal.loadAddon(this.#serializer)
    this.#terminal.onData((data) => {
      if (this.#replies.length < MAX_REPLY_CHARS) this.#replies += data
    })
    this.#terminal.onTitleChange((title) =>
      options.onTitle(title.replace(UNSAFE_IN_TITLE, '').slice(0, MAX_TITLE_CHARS)),
    )
    this.#forgetHistoryWhenCleared()
  }

  /**
   * Parses output.
   * @param onParsed called when all of it was parsed, with the answers to what it asked
   */
  write(bytes: Uint8Array, onParsed: (replies: string) => void): void {
    let at = 0
    for (; at + PIECE_BYTES < bytes.byteLength; at += PIECE_BYTES) {
      this.#terminal.write(bytes.subarray(at, at + PIECE_BYTES))
    }
    this.#terminal.write(bytes.subarray(at), () => {
      this.#unfinished.note(bytes, isBetweenCharacters(this.#terminal))
      const replies = this.#replies
      this.#replies = ''
      this.#packWhenQuiet()
      onParsed(replies)
    })
  }

  /** Changes the size, after what was written before. */
  resize(size: Size): void {
    this.#terminal.write('', () => this.#terminal.resize(size.cols, size.rows))
  }

  /**
   * Gives the screen after what was written before, as escape sequences for an empty terminal of any size: its size
   * (`CSI 8 ; rows ; cols t`), history, contents, modes, and the beginning of a sequence that did not end yet.
   */
  snapshot(onTaken: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#terminal.write('', () => onTaken(this.#take()))
  }

  dispose(): void {
    if (this.#quietTimer !== null) clearTimeout(this.#quietTimer)
    this.#terminal.dispose()
  }

  #take(): Uint8Array<ArrayBuffer> {
    const { rows, cols } = this.#terminal
    const live = this.#serializeLive()
    const history = this.#packedHistory(MAX_SNAPSHOT_BYTES - live.byteLength)
    const parts = [
      this.#encoder.encode(`\x1b[8;${rows};${cols}t`),
      ...history,
      // Scrolls the packed history out of sight, so that the rest begins in the first row.
      this.#encoder.encode(history.length === 0 ? '' : `${'\n'.repeat(rows - 1)}\x1b[H`),
      live,
      this.#encoder.encode(restoreHiddenState(this.#terminal)),
      this.#unfinished.bytes,
    ]
    return concat(parts)
  }

  /** The newest lines that fit, then whatever can be left out: history first, then colours. */
  #serializeLive(): Uint8Array {
    const whole = this.#encoder.encode(this.#serializer.serialize())
    if (whole.byteLength <= MAX_SNAPSHOT_BYTES) return whole
    const visible = this.#encoder.encode(this.#serializer.serialize({ scrollback: 0 }))
    if (visible.byteLength <= MAX_SNAPSHOT_BYTES) return visible
    const buffer = this.#terminal.buffer.active
    const rows = Array.from({ length: this.#terminal.rows }, (_, row) => buffer.getLine(buffer.baseY + row))
    const text = rows.map((line) => line?.translateToString(true) ?? '').join('\r\n')
    return this.#encoder.encode(`${text}\x1b[${buffer.cursorY + 1};${buffer.cursorX + 1}H`)
  }

  #packedHistory(maxBytes: number): Uint8Array[] {
    this.#forgetOldest()
    let rest = maxBytes
    const first = this.#packed.findLastIndex((packed) => {
      rest -= packed.text.byteLength
      return rest < 0
    })
    return this.#packed.slice(first + 1).map((packed) => packed.text)
  }

  #packWhenQuiet(): void {
    if (this.#quietTimer !== null) this.#quietTimer.refresh()
    else if (this.#terminal.buffer.normal.baseY > LIVE_LINES + MIN_PACKED_LINES) {
      this.#quietTimer = setTimeout(() => {
        this.#quietTimer = null
        this.#pack()
      }, QUIET_MS)
    }
  }

  /** Turns all but the newest lines of the history into text. */
  #pack(): void {
    const { active, normal } = this.#terminal.buffer
    if (active.type !== 'normal' || !canTrim(this.#terminal)) return
    let count = normal.baseY - LIVE_LINES
    // A line that is wrapped stays whole, so that it wraps anew in a window of another width.
    while (count > 0 && normal.getLine(count)?.isWrapped === true) count -= 1
    if (count < MIN_PACKED_LINES) return
    const text = this.#serializer.serialize({ range: { start: 0, end: count - 1 }, excludeModes: true })
    // An encoder's result may lie in a buffer three times its size, which is too much to keep.
    this.#packed.push({ text: this.#encoder.encode(`${text}\x1b[0m\r\n`).slice(), lines: count })
    // Lowering the limit is how xterm lets go of its oldest lines.
    this.#terminal.options.scrollback = normal.baseY - count
    this.#terminal.options.scrollback = this.#options.scrollbackLines
    this.#forgetOldest()
    this.#options.onPacked(count * this.#terminal.cols * CELL_BYTES)
  }

  #forgetOldest(): void {
    let lines = this.#packed.reduce((sum, packed) => sum + packed.lines, this.#terminal.buffer.normal.baseY)
    let bytes = this.#packed.reduce((sum, packed) => sum + packed.text.byteLength, 0)
    let gone = 0
    for (const packed of this.#packed) {
      if (lines - packed.lines < this.#options.scrollbackLines && bytes <= MAX_SNAPSHOT_BYTES) break
      lines -= packed.lines
      bytes -= packed.text.byteLength
      gone += 1
    }
    if (gone > 0) this.#packed = this.#packed.slice(gone)
  }

  #forgetHistoryWhenCleared(): void {
    const forget = (): void => {
      this.#packed = []
    }
    this.#terminal.parser.registerCsiHandler({ final: 'J' }, (params) => {
      if (params[0] === 3) forget()
      return false
    })
    this.#terminal.parser.registerEscHandler({ final: 'c' }, () => {
      forget()
      return false
    })
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}
