/**
 * Cuts Markdown into segments that can be lexed one by one, in a single pass from left to right. A cut depends only on
 * what stands before it and on the line it stands in front of, so a text that grows keeps its earlier cuts: finished
 * segments never change, and showing a text piece by piece ends in the same segments as showing it at once.
 *
 * Being a plain line scanner it is linear, and it keeps hostile input (deep nesting, endless lines) away from the lexer.
 */

export type Segment =
  /** Markdown for the lexer. */
  | { readonly kind: 'text'; readonly start: number; readonly text: string; readonly open: boolean }
  /** A fenced code block at the top level; open until its closing fence has come. */
  | {
      readonly kind: 'code'
      readonly start: number
      readonly text: string
      readonly info: string
      readonly open: boolean
    }
  /** What would cost too much to lex, shown as it is. */
  | { readonly kind: 'plain'; readonly start: number; readonly text: string; readonly open: boolean }

interface Segments {
  /** Full groups of finished segments; each group keeps its identity for good. */
  readonly groups: readonly (readonly Segment[])[]
  /** Finished segments that do not fill a group yet, and the open ones. */
  readonly tail: readonly Segment[]
  /** Complete lines that look like link definitions, as one text. */
  readonly definitions: string
}

/**
 * Longest line, and longest run of lines without a break, that the lexer gets: its worst cases grow with the square and
 * take a tenth of a second at this length. Paragraphs of people and agents stay below.
 */
const MAX_LINE = 6_144
/** A list longer than this goes on in a new segment at its next item, */
const LONG_SEGMENT = 16_384
/** and whatever is longer than this at its next line: a growing segment is lexed again with each piece. */
const MAX_SEGMENT = 65_536
/** Deeper quotes or lists are not written by people, and recursion costs stack. */
const MAX_NESTING = 12
/** Spaces before a list marker that still count as nesting. */
const MAX_INDENT = 4 * MAX_NESTING
/** Segments a group holds: few enough to rebuild cheaply, many enough that a long text is a short list of groups. */
const GROUP_SIZE = 32
/** More definitions than this are shown as text. */
const MAX_DEFINITIONS = 200

const FENCE = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const HEADING = /^ {0,3}#{1,6}(?:[ \t]|$)/
const LIST_MARKER = /^[ \t]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/
const TABLE_ROW = /^[ \t]*\|/
const DEFINITION = /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S/

interface Fence {
  readonly char: string
  readonly length: number
  readonly indent: number
}

/** Everything the scanner knows at the start of a line. */
interface Scan {
  readonly start: number
  /** Where the paragraph, item or row began that the last line belongs to. */
  readonly runStart: number
  readonly mode: 'text' | 'code' | 'plain'
  readonly afterBlank: boolean
  readonly inList: boolean
  /** The fence of the code segment, or one inside a list, where blank lines do not end anything. */
  readonly fence: Fence | null
  readonly info: string
  readonly bodyStart: number
}

interface Line {
  readonly text: string
  readonly start: number
  /** Behind the line break. */
  readonly end: number
}

export interface Segmenter {
  /**
   * The segments of a text. Cheap when the text continues that of the last call, right in any case.
   * @param streaming whether more may come, so that the last line is unfinished
   */
  readonly update: (text: string, streaming: boolean) => Segments
}

/** Makes a segmenter; one per shown text. */
export function createSegmenter(): Segmenter {
  let seen = ''
  let scan = initialScan(0)
  let cursor = 0
  let groups: (readonly Segment[])[] = []
  let rest: Segment[] = []
  let definitions: string[] = []

  const reset = (): void => {
    scan = initialScan(0)
    cursor = 0
    groups = []
    rest = []
    definitions = []
  }
  const keep = (segment: Segment): void => {
    rest.push(segment)
    if (rest.length < GROUP_SIZE) return
    groups.push(rest)
    rest = []
  }

  const update = (given: string, streaming: boolean): Segments => {
    const text = unifyLineBreaks(given, streaming)
    if (!text.startsWith(seen)) reset()
    seen = text
    for (let end = text.indexOf('\n', cursor); end >= 0; end = text.indexOf('\n', cursor)) {
      const line = { text: text.slice(cursor, end), start: cursor, end: end + 1 }
      if (isDefinition(scan, line.text) && definitions.length < MAX_DEFINITIONS)
        definitions = [...definitions, line.text]
      scan = step(scan, line, { source: text, emit: keep })
      cursor = end + 1
    }
    const tail = [...rest]
    const last = { text: text.slice(cursor), start: cursor, end: text.length }
    const ended = last.text === '' ? scan : step(scan, last, { source: text, emit: (segment) => tail.push(segment) })
    const open = segmentOf(ended, text, text.length, streaming)
    if (open !== null) tail.push(open)
    const late = !streaming && isDefinition(scan, last.text) && definitions.length < MAX_DEFINITIONS
    return { groups: [...groups], tail, definitions: (late ? [...definitions, last.text] : definitions).join('\n') }
  }
  return { update }
}

interface Sink {
  readonly source: string
  readonly emit: (segment: Segment) => void
}

function initialScan(start: number): Scan {
  return {
    start,
    runStart: start,
    mode: 'text',
    afterBlank: true,
    inList: false,
    fence: null,
    info: '',
    bodyStart: start,
  }
}

/** Takes one line into account, emitting the segments that end before or with it. */
function step(scan: Scan, line: Line, sink: Sink): Scan {
  if (scan.mode === 'code') return stepCode(scan, line, sink)
  if (isTooMuch(line.text)) {
    const base = scan.mode === 'plain' ? scan : cut(scan, line.start, sink)
    return { ...base, mode: 'plain' }
  }
  const text = scan.mode === 'plain' ? cut(scan, line.start, sink) : scan
  return stepText(text, line, sink)
}

function stepCode(scan: Scan, line: Line, sink: Sink): Scan {
  if (scan.fence === null || !closesFence(line.text, scan.fence)) return scan
  sink.emit(codeSegment(scan, sink.source, line.start, false))
  return initialScan(line.end)
}

function stepText(scan: Scan, line: Line, sink: Sink): Scan {
  if (isBlank(line.text)) return { ...scan, afterBlank: true, runStart: line.end }
  const indent = indentOf(line.text)
  if (scan.fence !== null) {
    // A line that stands left of the fence has left the list item, and the fence with it.
    const left = indent < scan.fence.indent
    if (!left)
      return { ...scan, afterBlank: false, fence: closesFence(line.text.trimStart(), scan.fence) ? null : scan.fence }
  }
  const outer = { ...scan, fence: null }
  const fence = FENCE.exec(outer.inList ? line.text.trimStart() : line.text)
  const nested = outer.inList && indent >= 2
  if (fence !== null && !nested) return openCode(cut(outer, line.start, sink), line, fence)
  const listed = LIST_MARKER.test(line.text)
  const next = breaksBefore(outer, line, { indent, listed }) ? cut(outer, line.start, sink) : outer
  return {
    ...next,
    runStart: listed || TABLE_ROW.test(line.text) ? line.start : next.runStart,
    afterBlank: false,
    inList: listed || (next.inList && !(scan.afterBlank && indent < 2)),
    fence: fence === null ? null : { ...fenceOf(fence), indent },
  }
}

/** Whether a segment may end before this line without changing how either side reads. */
function breaksBefore(scan: Scan, line: Line, { indent, listed }: { indent: number; listed: boolean }): boolean {
  if (line.start === scan.start) return false
  const length = line.start - scan.start
  if (line.end - scan.runStart > MAX_LINE || length > MAX_SEGMENT || (length > LONG_SEGMENT && listed && indent < 2))
    return true
  if (HEADING.test(line.text) && !(scan.inList && indent >= 2)) return true
  if (!scan.afterBlank) return false
  return scan.inList ? !listed && indent < 2 : indent < 4
}

/** Ends the current segment before an offset; one that would be empty is not made. */
function cut(scan: Scan, at: number, sink: Sink): Scan {
  const segment = segmentOf(scan, sink.source, at, false)
  if (segment !== null) sink.emit(segment)
  return { ...initialScan(at), inList: scan.mode === 'text' && scan.inList && !scan.afterBlank }
}

function openCode(scan: Scan, line: Line, match: RegExpExecArray): Scan {
  return {
    ...scan,
    mode: 'code',
    inList: false,
    fence: fenceOf(match),
    info: (match[3] ?? '').trim(),
    bodyStart: line.end,
  }
}

function segmentOf(scan: Scan, source: string, end: number, open: boolean): Segment | null {
  if (scan.mode === 'code') return codeSegment(scan, source, end, open)
  const text = source.slice(scan.start, end)
  if (isBlank(text)) return null
  return { kind: scan.mode, start: scan.start, text, open }
}

function codeSegment(scan: Scan, source: string, end: number, open: boolean): Segment {
  const body = source.slice(Math.min(scan.bodyStart, end), end)
  const text = open ? body : body.replace(/\n$/, '')
  const indent = scan.fence?.indent ?? 0
  const dedented = indent === 0 ? text : text.replaceAll(new RegExp(`^ {1,${indent}}`, 'gm'), '')
  return { kind: 'code', start: scan.start, text: dedented, info: scan.info, open }
}

function fenceOf(match: RegExpExecArray): Fence {
  const marks = match[2] ?? ''
  return { char: marks.charAt(0), length: marks.length, indent: (match[1] ?? '').length }
}

function closesFence(line: string, fence: Fence): boolean {
  const text = line.trim()
  return text.length >= fence.length && indentOf(line) < 4 && isRunOf(text, fence.char)
}

function isRunOf(text: string, char: string): boolean {
  for (const other of text) if (other !== char) return false
  return true
}

function isDefinition(scan: Scan, line: string): boolean {
  return scan.mode === 'text' && scan.fence === null && DEFINITION.test(line.slice(0, 400))
}

/** Whether a line is too long or too deeply nested to be lexed. */
function isTooMuch(line: string): boolean {
  if (line.length > MAX_LINE) return true
  const markers = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/.exec(line)?.[0]
  if (markers === undefined) return false
  return (markers.match(/>|[-+*]|\d+[.)]/g)?.length ?? 0) > MAX_NESTING || indentOf(line) > MAX_INDENT
}

function indentOf(line: string): number {
  let width = 0
  for (const char of line) {
    if (char === ' ') width += 1
    else if (char === '\t') width += 4
    else break
  }
  return width
}

function isBlank(line: string): boolean {
  return line.trim() === ''
}

/** Markdown knows one line break. A trailing return may be half of one, so while streaming it waits. */
function unifyLineBreaks(text: string, streaming: boolean): string {
  if (!text.includes('\r')) return text
  const ready = streaming && text.endsWith('\r') ? text.slice(0, -1) : text
  return ready.replaceAll(/\r\n?/g, '\n')
}
