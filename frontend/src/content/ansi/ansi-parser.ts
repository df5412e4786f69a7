/**
 * Reads the output of a program as lines of styled text. Only colours and links survive; every other control sequence
 * is dropped, so output can neither move anything nor ask the terminal for anything.
 */

import { safeHref } from '../links.ts'
import { applySgr, PLAIN } from './ansi-style.ts'
import type { AnsiStyle } from './ansi-style.ts'

export interface AnsiSpan {
  readonly text: string
  readonly style: AnsiStyle
  /** Where it leads, only ever to the web or to mail. */
  readonly href: string | null
}

export interface AnsiLine {
  readonly spans: readonly AnsiSpan[]
  /** Characters left out at the end of an overlong line. */
  readonly omitted: number
}

interface AnsiOutput {
  readonly lines: readonly AnsiLine[]
  /** Lines left out at the beginning. */
  readonly dropped: number
}

export interface AnsiParser {
  /** The lines of an output. Cheap when it continues that of the last call. */
  readonly update: (text: string) => AnsiOutput
}

/** What is kept of an output that never ends; the whole of it is in the terminal or in its file. */
const MAX_LINES = 5_000
/** Nobody reads further into a line, and browsers lay out lines whole. */
const MAX_LINE_LENGTH = 4_000
/** A rainbow has its price: beyond this a line goes on in its last style. */
const MAX_SPANS = 400
/** An escape sequence that is longer is not one. */
const MAX_ESCAPE = 4_096

// oxlint-disable-next-line no-control-regex -- control characters are the subject here
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g
// oxlint-disable-next-line no-control-regex
const CSI = /(?:\u001b\[|\u009b)([0-?]*)([ -/]*)([@-~])/y
// oxlint-disable-next-line no-control-regex
const CSI_START = /(?:\u001b\[|\u009b)[0-?]*[ -/]*$/y
// oxlint-disable-next-line no-control-regex
const STRING = /\u001b([\]PX^_])([^\u0007\u001b]*)(?:\u0007|\u001b\\)/y
// oxlint-disable-next-line no-control-regex
const STRING_START = /\u001b[\]PX^_][^\u0007\u001b]*(?:\u001b)?$/y
// oxlint-disable-next-line no-control-regex
const SHORT = /\u001b(?:[ -/]+[0-~]|[0-~])/y

/** Makes a parser; one per shown output. */
export function createAnsiParser(): AnsiParser {
  let screen = new Screen()
  let seen = ''
  return {
    update: (text) => {
      if (!text.startsWith(seen)) {
        screen = new Screen()
        seen = ''
      }
      screen.write(text.slice(seen.length))
      seen = text
      return screen.output()
    },
  }
}

/** The text of an output without any control sequence, for copying. */
export function plainOutput(text: string): string {
  const { lines } = createAnsiParser().update(text)
  return lines.map(({ spans }) => spans.map((span) => span.text).join('')).join('\n')
}

class Screen {
  readonly #lines: AnsiLine[] = []
  #dropped = 0
  #spans: AnsiSpan[] = []
  #length = 0
  #omitted = 0
  #style: AnsiStyle = PLAIN
  #href: string | null = null
  /** A carriage return came: what follows stands in place of the line, unless it is a line break. */
  #returned = false
  /** The beginning of an escape sequence whose end is still to come. */
  #pending = ''

  write(chunk: string): void {
    const text = this.#pending + chunk
    this.#pending = ''
    let at = 0
    while (at < text.length) {
      CONTROL.lastIndex = at
      const control = CONTROL.exec(text)
      const end = control?.index ?? text.length
      if (end > at) this.#append(text.slice(at, end))
      if (control === null) return
      const next = this.#control(text, end)
      if (next === null) {
        this.#pending = text.slice(end)
        return
      }
      at = next
    }
  }

  output(): AnsiOutput {
    const last: AnsiLine = { spans: [...this.#spans], omitted: this.#omitted }
    const lines = last.spans.length === 0 ? [...this.#lines] : [...this.#lines, last]
    return { lines, dropped: this.#dropped }
  }

  /** Handles the control character at an offset; returns where to go on, or null to wait for more. */
  #control(text: string, at: number): number | null {
    switch (text.charAt(at)) {
      case '\n':
        this.#endLine()
        return at + 1
      case '\r':
        this.#returned = true
        return at + 1
      case '\b':
        this.#eraseLast()
        return at + 1
      case '\u001b':
      case '\u009b':
        return this.#escape(text, at)
      default:
        return at + 1
    }
  }

  #escape(text: string, at: number): number | null {
    const csi = matchAt(CSI, text, at)
    if (csi !== null) {
      this.#csi(csi[1] ?? '', csi[2] ?? '', csi[3] ?? '')
      return at + csi[0].length
    }
    const string = matchAt(STRING, text, at)
    if (string !== null) {
      if (string[1] === ']') this.#osc(string[2] ?? '')
      return at + string[0].length
    }
    const unfinished = matchAt(CSI_START, text, at) ?? matchAt(STRING_START, text, at)
    if (unfinished !== null && text.length - at < MAX_ESCAPE) return null
    if (text.length === at + 1) return null
    return at + (matchAt(SHORT, text, at)?.[0].length ?? 1)
  }

  #csi(parameters: string, intermediates: string, final: string): void {
    if (final === 'm' && intermediates === '' && /^[\d;:]*$/.test(parameters))
      this.#style = applySgr(this.#style, parameters)
    else if (final === 'K' && (parameters === '2' || this.#returned)) this.#clearLine()
  }

  #osc(body: string): void {
    const link = /^8;[^;]*;(.*)$/.exec(body)
    if (link !== null) this.#href = safeHref(link[1] ?? '')
  }

  #append(text: string): void {
    if (this.#returned) this.#clearLine()
    const room = MAX_LINE_LENGTH - this.#length
    const kept = text.length > room ? text.slice(0, room) : text
    this.#omitted += text.length - kept.length
    if (kept === '') return
    this.#length += kept.length
    const last = this.#spans.at(-1)
    const same = last !== undefined && last.style === this.#style && last.href === this.#href
    if (last !== undefined && (same || this.#spans.length >= MAX_SPANS)) {
      this.#spans[this.#spans.length - 1] = { ...last, text: last.text + kept }
    } else this.#spans.push({ text: kept, style: this.#style, href: this.#href })
  }

  #endLine(): void {
    this.#lines.push({ spans: this.#spans, omitted: this.#omitted })
    this.#clearLine()
    // Dropped in batches, since taking one from the front moves all the others.
    if (this.#lines.length < MAX_LINES * 1.2) return
    const excess = this.#lines.length - MAX_LINES
    this.#lines.splice(0, excess)
    this.#dropped += excess
  }

  #clearLine(): void {
    this.#spans = []
    this.#length = 0
    this.#omitted = 0
    this.#returned = false
  }

  #eraseLast(): void {
    const last = this.#spans.at(-1)
    if (last === undefined) return
    this.#length -= 1
    if (last.text.length <= 1) this.#spans.pop()
    else this.#spans[this.#spans.length - 1] = { ...last, text: last.text.slice(0, -1) }
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
