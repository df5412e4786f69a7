import { diffWordsWithSpace, structuredPatch } from 'diff'

import type { Mark } from '../code/code-line.tsx'
import { parsePatch } from './patch.ts'
import type { DiffLine, FileDiff, Hunk } from './patch.ts'

/** Unchanged lines kept on each side of a change. */
const CONTEXT_LINES = 3
/** Comparing stops here; texts that differ this much are shown as replaced. */
const MAX_COMPARE_MS = 250
const MAX_EDITS = 4_000
/** Words are compared within lines up to this length, */
const MAX_WORD_LINE = 400
/** in at most this many pairs of lines, */
const MAX_WORD_PAIRS = 300
/** and only shown where at least this share of the line is the same: a line full of marks says nothing. */
const MIN_SAME_SHARE = 0.4

/**
 * The difference of two versions of a text.
 * @param path the name to show, which also decides the language
 */
export function compareTexts(oldText: string, newText: string, path: string): FileDiff {
  const options = { context: CONTEXT_LINES, timeout: MAX_COMPARE_MS, maxEditLength: MAX_EDITS }
  const patch = structuredPatch(path, path, oldText, newText, undefined, undefined, options)
  const hunks = patch === undefined ? [replacement(oldText, newText)] : patch.hunks.map(readHunk)
  const lines = hunks.flatMap((hunk) => hunk.lines)
  return {
    path,
    oldPath: null,
    status: oldText === '' ? 'added' : newText === '' ? 'deleted' : 'modified',
    binary: false,
    added: lines.filter(({ kind }) => kind === 'add').length,
    removed: lines.filter(({ kind }) => kind === 'delete').length,
    hunks,
    newLines: splitLines(newText),
  }
}

interface RawHunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly string[]
}

function readHunk(raw: RawHunk): Hunk {
  const header = `@@ -${raw.oldStart},${raw.oldLines} +${raw.newStart},${raw.newLines} @@`
  const hunk = parsePatch([header, ...raw.lines].join('\n'))[0]?.hunks[0]
  return hunk ?? { oldStart: raw.oldStart, newStart: raw.newStart, section: '', lines: [] }
}

/** All of the old version out, all of the new one in. */
function replacement(oldText: string, newText: string): Hunk {
  const gone = splitLines(oldText).map((text, index): DiffLine => ({
    kind: 'delete',
    text,
    oldNumber: index + 1,
    newNumber: null,
  }))
  const come = splitLines(newText).map((text, index): DiffLine => ({
    kind: 'add',
    text,
    oldNumber: null,
    newNumber: index + 1,
  }))
  return { oldStart: 1, newStart: 1, section: '', lines: [...gone, ...come] }
}

function splitLines(text: string): readonly string[] {
  if (text === '') return []
  return text.replace(/\n$/, '').split('\n')
}

/**
 * The changed words of the lines of a hunk, by line. Deleted lines are paired with the added ones right after them,
 * first with first.
 */
export function wordMarks(lines: readonly DiffLine[]): ReadonlyMap<DiffLine, readonly Mark[]> {
  const marks = new Map<DiffLine, readonly Mark[]>()
  let pairs = 0
  for (let at = 0; at < lines.length && pairs < MAX_WORD_PAIRS;) {
    const deleted = runOf(lines, at, 'delete')
    const added = runOf(lines, at + deleted.length, 'add')
    for (const [index, before] of deleted.entries()) {
      const after = added[index]
      if (after === undefined) break
      pairs += 1
      const changed = changedWords(before.text, after.text)
      if (changed === null) continue
      marks.set(before, changed.before)
      marks.set(after, changed.after)
    }
    at += Math.max(1, deleted.length + added.length)
  }
  return marks
}

function runOf(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): readonly DiffLine[] {
  let end = from
  while (lines[end]?.kind === kind) end += 1
  return lines.slice(from, end)
}

function changedWords(before: string, after: string): { before: readonly Mark[]; after: readonly Mark[] } | null {
  if (before.length > MAX_WORD_LINE || after.length > MAX_WORD_LINE) return null
  const gone: Mark[] = []
  const come: Mark[] = []
  let [oldAt, newAt, same] = [0, 0, 0]
  for (const { value, added, removed } of diffWordsWithSpace(before, after)) {
    if (removed) gone.push({ start: oldAt, end: oldAt + value.length })
    else if (added) come.push({ start: newAt, end: newAt + value.length })
    else same += value.trim().length
    if (!added) oldAt += value.length
    if (!removed) newAt += value.length
  }
  const length = Math.max(before.trim().length, after.trim().length)
  return same < length * MIN_SAME_SHARE ? null : { before: gone, after: come }
}
