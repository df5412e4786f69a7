import { UnfoldVertical } from 'lucide-react'
import { memo, useCallback, useMemo, useState } from 'react'
import type { CSSProperties, ReactElement } from 'react'

import { Button, formatPlural } from '../../ui/index.ts'
import { clipLine } from '../code/clip.ts'
import { CodeLine } from '../code/code-line.tsx'
import type { Mark } from '../code/code-line.tsx'
import { useHighlight } from '../code/highlighter.ts'
import type { HighlightedLine } from '../code/token-classes.ts'
import { ScrollX } from '../scroll-x.tsx'
import { wordMarks } from './compare.ts'
import type { DiffLine, FileDiff } from './patch.ts'
import { rowsOf } from './rows.ts'
import type { DiffRow } from './rows.ts'

/** Rows drawn at first, and with each press for more: what a browser lays out without being felt. */
const FIRST_ROWS = 400
const MORE_ROWS = 1_000

const NO_GAPS: ReadonlySet<number> = new Set()

/** The lines of one file. */
export function DiffBody({ file }: { readonly file: FileDiff }): ReactElement {
  const [openGaps, setOpenGaps] = useState<ReadonlySet<number>>(NO_GAPS)
  const { rows, oldCode, newCode } = useMemo(() => rowsOf(file, openGaps), [file, openGaps])
  const openGap = useCallback((gap: number) => setOpenGaps((gaps) => new Set([...gaps, gap])), [])
  const marks = useMemo(() => new Map(file.hunks.flatMap((hunk) => [...wordMarks(hunk.lines)])), [file])
  const oldColours = useHighlight(oldCode, file.path, true)
  const newColours = useHighlight(newCode, file.path, true)
  const [limit, setLimit] = useState(FIRST_ROWS)
  if (rows.length === 0) return <p className="px-3 py-2 text-xs text-faint">{emptyText(file)}</p>
  const rest = rows.length - limit
  return (
    <>
      <ScrollX label={`Changes of ${file.path}`} className="diff-scroll">
        <div className="diff-rows" style={{ '--diff-digits': digitsOf(file) } as CSSProperties}>
          {rows.slice(0, limit).map((row, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
            <Row
              key={index}
              row={row}
              marks={marksOf(row, marks)}
              colours={coloursOf(row, oldColours, newColours)}
              onOpenGap={openGap}
            />
          ))}
        </div>
      </ScrollX>
      {rest > 0 ? (
        <Button variant="quiet" size="small" className="m-1" onClick={() => setLimit(limit + MORE_ROWS)}>
          {rest > MORE_ROWS
            ? `Show ${MORE_ROWS} more of ${formatPlural(rest, 'line')}`
            : `Show ${formatPlural(rest, 'more line', 'more lines')}`}
        </Button>
      ) : null}
    </>
  )
}

interface RowProps {
  readonly row: DiffRow
  readonly marks: readonly Mark[] | undefined
  readonly colours: HighlightedLine | undefined
  readonly onOpenGap: (gap: number) => void
}

const Row = memo(function Row({ row, marks, colours, onOpenGap }: RowProps): ReactElement {
  if (row.kind === 'gap') return <Gap row={row} onOpen={onOpenGap} />
  const { line } = row
  return (
    <div className={`diff-row diff-${line.kind}`}>
      <span className="diff-number diff-old">{line.oldNumber}</span>
      <span className="diff-number diff-new">
        {line.newNumber ?? <span className="diff-narrow">{line.oldNumber}</span>}
      </span>
      <span className="diff-sign">{SIGNS[line.kind]}</span>
      <span className="diff-text">
        <CodeLine text={clipLine(line.text)} colours={colours} marks={marks} />
      </span>
    </div>
  )
})

interface GapProps {
  readonly row: DiffRow & { readonly kind: 'gap' }
  readonly onOpen: (gap: number) => void
}

function Gap({ row, onOpen }: GapProps): ReactElement {
  const section = row.section === '' ? null : <span className="ml-3 font-mono">{row.section}</span>
  const text = row.count === null ? '⋯' : formatPlural(row.count, 'unchanged line')
  return (
    <div className="diff-gap">
      {row.known ? (
        <button type="button" aria-expanded={false} onClick={() => onOpen(row.gap)}>
          <UnfoldVertical size={12} aria-hidden />
          {text}
        </button>
      ) : (
        <span>
          {text}
          {section}
        </span>
      )}
    </div>
  )
}

const SIGNS: Record<DiffLine['kind'], string> = { context: ' ', add: '+', delete: '−' }

function marksOf(row: DiffRow, marks: ReadonlyMap<DiffLine, readonly Mark[]>): readonly Mark[] | undefined {
  return row.kind === 'line' ? marks.get(row.line) : undefined
}

type Colours = readonly HighlightedLine[] | null

function coloursOf(row: DiffRow, oldColours: Colours, newColours: Colours): HighlightedLine | undefined {
  if (row.kind === 'gap') return undefined
  return row.newIndex === null ? oldColours?.[row.oldIndex ?? -1] : newColours?.[row.newIndex]
}

/** Width of the line numbers. */
function digitsOf(file: FileDiff): number {
  const last = file.hunks.at(-1)
  const end = last === undefined ? 1 : Math.max(last.oldStart, last.newStart) + last.lines.length
  return Math.max(2, String(end).length)
}

function emptyText(file: FileDiff): string {
  if (file.binary) return 'A binary file; its bytes are not shown.'
  switch (file.status) {
    case 'added':
      return 'An empty file was added.'
    case 'deleted':
      return 'An empty file was deleted.'
    case 'renamed':
      return 'Renamed without other changes.'
    case 'modified':
      return 'No lines changed.'
  }
}
