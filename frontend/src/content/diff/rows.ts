import type { DiffLine, FileDiff } from './patch.ts'

/** What the view draws, in order. */
export type DiffRow =
  /** Unchanged lines left out; null where their number is not known. */
  | { readonly kind: 'gap'; readonly count: number | null; readonly section: string }
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

/** The rows of one file, with the gaps between its hunks. */
export function rowsOf(file: FileDiff): DiffRows {
  const rows: DiffRow[] = []
  const oldLines: string[] = []
  const newLines: string[] = []
  let nextOld = 1
  for (const hunk of file.hunks) {
    const skipped = hunk.oldStart - nextOld
    if (skipped > 0 || (hunk.section !== '' && rows.length > 0)) {
      rows.push({ kind: 'gap', count: skipped > 0 ? skipped : null, section: hunk.section })
    }
    for (const line of hunk.lines) {
      const inOld = line.kind !== 'add'
      const inNew = line.kind !== 'delete'
      if (inOld) oldLines.push(line.text)
      if (inNew) newLines.push(line.text)
      rows.push({
        kind: 'line',
        line,
        oldIndex: inOld ? oldLines.length - 1 : null,
        newIndex: inNew ? newLines.length - 1 : null,
      })
      if (line.oldNumber !== null) nextOld = line.oldNumber + 1
    }
  }
  return { rows, oldCode: oldLines.join('\n'), newCode: newLines.join('\n') }
}
