/**
 * Makes the unfinished end of a growing text presentable: half a construct is shown as what it will most likely become,
 * or held back for a moment, so that nothing changes its shape when the rest arrives. Only what is drawn while
 * streaming passes through here; the finished text is lexed as it is.
 */

/** Emphasis, links and code spans further back than this are over or were never meant. */
const LOOK_BACK = 2_048

/** A line that is only the beginning of a marker: a bullet, a number, a heading, a rule, a fence. */
const HALF_MARKER = /^[ \t]*(?:>[ \t]*)*(?:[-+*_=#~`>]{1,}|\d{1,9}[.)]?)?[ \t]*$/
const HALF_TASK = /^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]?\]?$/
const HALF_DELIMITER_ROW = /^[ \t]*[|:-][|:\- \t]*$/
const BLOCK_START = /^[ \t]*(?:>|#{1,6}[ \t]|[-+*][ \t]|\d{1,9}[.)][ \t]|\|)/

/**
 * The text to draw for an open end.
 * @param text the open segment as it stands
 */
export function completeTail(text: string): string {
  const lineStart = text.lastIndexOf('\n') + 1
  const head = text.slice(0, lineStart)
  const line = text.slice(lineStart)
  const table = completeTable(head, line)
  if (table !== null) return table
  if (line === '') return text
  if (HALF_MARKER.test(line) || HALF_TASK.test(line)) return head
  const runStart = Math.max(inlineRunStart(text, lineStart), text.length - LOOK_BACK)
  return text.slice(0, runStart) + completeInline(text.slice(runStart))
}

/** What to draw for the open end of a code block: half a closing fence is not code. */
export function completeCode(text: string): string {
  const lineStart = text.lastIndexOf('\n') + 1
  const line = text.slice(lineStart).trim()
  const half = line !== '' && (/^`{1,}$/.test(line) || /^~{1,}$/.test(line))
  return half ? text.slice(0, lineStart) : text
}

/** A header row waits for its line to end, then stands as a table whose rows are still to come. */
function completeTable(head: string, line: string): string | null {
  const rows = trailingRows(head)
  if (rows.length === 0) return /^[ \t]*\|/.test(line) ? head : null
  const header = rows[0]
  if (rows.length !== 1 || header === undefined) return null
  if (line !== '' && !HALF_DELIMITER_ROW.test(line)) return null
  const columns = header.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').length
  return `${head}${'| --- '.repeat(columns)}|`
}

/** The lines at the end of a text that begin with a bar; no more than two are ever asked for. */
function trailingRows(head: string): readonly string[] {
  const rows: string[] = []
  let end = head.length - 1
  while (end > 0 && rows.length < 2) {
    const start = head.lastIndexOf('\n', end - 1) + 1
    const row = head.slice(start, end)
    if (!/^[ \t]*\|/.test(row)) break
    rows.unshift(row)
    end = start - 1
  }
  return rows
}

/** Where the paragraph, item or cell begins that the end of the text belongs to. */
function inlineRunStart(text: string, lineStart: number): number {
  let start = lineStart
  while (start > 0) {
    const line = text.slice(start, text.indexOf('\n', start) < 0 ? undefined : text.indexOf('\n', start))
    if (BLOCK_START.test(line)) break
    const before = text.lastIndexOf('\n', start - 2) + 1
    if (text.slice(before, start).trim() === '') break
    start = before
  }
  return start
}

interface Opener {
  readonly char: string
  length: number
}

/** Closes open emphasis and code spans and unwraps half links at the end of one run of inline text. */
function completeInline(run: string): string {
  const open: Opener[] = []
  let at = 0
  while (at < run.length) {
    const char = run.charAt(at)
    if (char === '\\') at += 2
    else if (char === '`') {
      const end = codeSpanEnd(run, at)
      if (end === null) return close(completeCodeSpan(run, at), open)
      at = end
    } else if (char === '[' || (char === '!' && run.charAt(at + 1) === '[')) {
      const end = linkEnd(run, at)
      if (end === null) return close(completeLink(run, at), open)
      at = end
    } else if (char === '*' || char === '_' || char === '~') {
      const end = runEnd(run, at)
      if (end === run.length) return closeAtDelimiter(run, at, open)
      note(open, run, { at, end })
      at = end
    } else at += 1
  }
  return close(run, open)
}

function runEnd(text: string, at: number): number {
  let end = at
  while (text.charAt(end) === text.charAt(at)) end += 1
  return end
}

/** Behind the code span that begins here, or null if it is not closed. */
function codeSpanEnd(run: string, at: number): number | null {
  const open = runEnd(run, at)
  for (let next = run.indexOf('`', open); next >= 0; next = run.indexOf('`', next)) {
    const end = runEnd(run, next)
    if (end - next === open - at) return end
    next = end
  }
  return null
}

function completeCodeSpan(run: string, at: number): string {
  const bodyAt = runEnd(run, at)
  const ticks = run.slice(at, bodyAt)
  if (run.slice(bodyAt).trim() === '') return run.slice(0, at).trimEnd()
  // Fewer ticks at the very end are half of the closing ones.
  return run.replace(/`+$/, '') + ticks
}

/** Behind the link or image that begins here; a bracket that is no link ends behind itself; null if it is half. */
function linkEnd(run: string, at: number): number | null {
  const image = run.charAt(at) === '!'
  // An index or a call (`list[0]`) is no link.
  if (!image && /[\p{L}\p{N}_)\]]/u.test(run.charAt(at - 1))) return at + 1
  const textAt = image ? at + 2 : at + 1
  const textEnd = closingBracket(run, textAt)
  if (textEnd === null) return run.includes('\n', textAt) ? textAt : null
  if (textEnd + 1 === run.length) return null
  if (run.charAt(textEnd + 1) !== '(') return textEnd + 1
  const end = run.indexOf(')', textEnd + 2)
  if (end >= 0) return end + 1
  return run.includes('\n', textEnd) ? textEnd + 1 : null
}

function closingBracket(run: string, from: number): number | null {
  let depth = 0
  for (let at = from; at < run.length; at += 1) {
    const char = run.charAt(at)
    if (char === '\\') at += 1
    else if (char === '[') depth += 1
    else if (char === ']') {
      if (depth === 0) return at
      depth -= 1
    }
  }
  return null
}

/** A half link shows its text, a half image nothing yet. */
function completeLink(run: string, at: number): string {
  if (run.charAt(at) === '!') return run.slice(0, at)
  const textEnd = closingBracket(run, at + 1)
  const label = textEnd === null ? run.slice(at + 1) : run.slice(at + 1, textEnd)
  return run.slice(0, at) + completeInline(label)
}

/** Books a run of emphasis marks as opening or closing. */
function note(open: Opener[], run: string, { at, end }: { at: number; end: number }): void {
  const char = run.charAt(at)
  const before = run.charAt(at - 1)
  const after = run.charAt(end)
  const inWord = char === '_' && /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after)
  if (inWord || (char === '~' && end - at < 2)) return
  let length = end - at
  if (/\S/.test(before)) {
    while (length > 0 && open.at(-1)?.char === char) {
      const top = open.at(-1)
      if (top === undefined) break
      const taken = Math.min(length, top.length)
      top.length -= taken
      length -= taken
      if (top.length === 0) open.pop()
    }
  }
  if (length > 0 && /\S/.test(after)) open.push({ char, length })
}

/** The text ends in emphasis marks: the closing ones may be half, opening ones have nothing to hold yet. */
function closeAtDelimiter(run: string, at: number, open: Opener[]): string {
  const top = open.at(-1)
  const body = run.slice(0, at)
  if (top === undefined || top.char !== run.charAt(at)) return close(body, open)
  const length = run.length - at
  return length > top.length ? close(run, open.slice(0, -1)) : close(body, open)
}

/** Appends what is missing, before trailing space, because marks after a space do not close. */
function close(run: string, open: readonly Opener[]): string {
  const body = run.trimEnd()
  const marks = open.toReversed().map(({ char, length }) => char.repeat(length))
  return marks.length === 0 ? run : body + marks.join('')
}
