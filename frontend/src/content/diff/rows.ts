import type { DiffLine, FileDiff } from './patch.ts'

/** What the view draws, in order. */
export type DiffRow =
  /** Unchanged lines left out. Their number may be unknown; only with the whole text at hand can they be shown. */
  | {
      readonly kind: 'gap'
      readonly gap: number
      readonly count: number | null
      readonly section: string
      readonly known: boolean
    }
  | {
      readonly kind: 'line'
      readonly line: DiffLine
      readonly oldIndex: number | null
      readonly newIndex: number | null
    }

export interface DiffRows {
  readonly rows: readonly DiffRow[]
  /** The lines of each version that are shown, for colouring; rows point into them. */
  readonly oldCode: string
  readonly newCode: string
}

/** Rows in the making, and the numbers of the next line of each version. */
interface Draft {
  readonly rows: DiffRow[]
  readonly oldLines: string[]
  readonly newLines: string[]
  nextOld: number
  nextNew: number
}

/**
 * The rows of one file.
 * @param openGaps the gaps whose lines are shown: 0 before the first hunk, 1 before the second, and so on
 */
export function rowsOf(file: FileDiff, openGaps: ReadonlySet<number>): DiffRows {
  const draft: Draft = { rows: [], oldLines: [], newLines: [], nextOld: 1, nextNew: 1 }
  for (const [index, hunk] of file.hunks.entries()) {
    addGap(draft, file, {
      gap: index,
      count: hunk.oldStart - draft.nextOld,
      section: hunk.section,
      open: openGaps.has(index),
    })
    for (const line of hunk.lines) addLine(draft, line)
  }
  const last = file.hunks.length
  const rest = file.newLines === null || last === 0 ? 0 : file.newLines.length - draft.nextNew + 1
  addGap(draft, file, { gap: last, count: rest, section: '', open: openGaps.has(last) })
  return { rows: draft.rows, oldCode: draft.oldLines.join('\n'), newCode: draft.newLines.join('\n') }
}

interface Gap {
  readonly gap: number
  readonly count: number
  readonly section: string
  readonly open: boolean
}

function addGap(draft: Draft, file: FileDiff, { gap, count, section, open }: Gap): void {
  const known = file.newLines !== null && count > 0
  if (known && open) {
    for (const text of file.newLines.slice(draft.nextNew - 1, draft.nextNew - 1 + count)) {
      addLine(draft, { kind: 'context', text, oldNumber: draft.nextOld, newNumber: draft.nextNew })
    }
  } else if (count > 0 || (section !== '' && draft.rows.length > 0)) {
    draft.rows.push({ kind: 'gap', gap, count: count > 0 ? count : null, section, known })
  }
}

function addLine(draft: Draft, line: DiffLine): void {
  const inOld = line.kind !== 'add'
  const inNew = line.kind !== 'delete'
  if (inOld) draft.oldLines.push(line.text)
  if (inNew) draft.newLines.push(line.text)
  draft.rows.push({
    kind: 'line',
    line,
    oldIndex: inOld ? draft.oldLines.length - 1 : null,
    newIndex: inNew ? draft.newLines.length - 1 : null,
  })
  if (line.oldNumber !== null) draft.nextOld = line.oldNumber + 1
  if (line.newNumber !== null) draft.nextNew = line.newNumber + 1
}
