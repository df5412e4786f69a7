import { memo, useState } from 'react'
import type { ReactElement } from 'react'

import { Button, CopyButton, cx } from '../../ui/index.ts'
import type { PathTarget } from '../links.ts'
import { useLatest } from '../use-latest.ts'
import { OutputLine } from './ansi-line.tsx'
import { createAnsiParser, plainOutput } from './ansi-parser.ts'
import type { AnsiLine } from './ansi-parser.ts'

/** The end of an output says how it went; this much of it stands open. */
const COLLAPSED_LINES = 16
/** Lines drawn as one piece that the browser may skip while it is out of sight. */
const CHUNK_LINES = 100
/** Height of an unwrapped line, as content.css sets it. */
const LINE_HEIGHT_PX = 18

interface ToolOutputProps {
  /** The output so far, with its escape sequences. */
  readonly text: string
  /** How many lines stand open before "Show all". */
  readonly collapsedLines?: number
  /** Makes places in files pressable. */
  readonly onOpenPath?: (target: PathTarget) => void
  readonly className?: string
}

/** The output of a command: coloured, inert, and collapsed to its end while it is long. */
export function ToolOutput({
  text,
  collapsedLines = COLLAPSED_LINES,
  onOpenPath,
  className,
}: ToolOutputProps): ReactElement {
  const [parser] = useState(createAnsiParser)
  const { lines, dropped } = parser.update(text)
  const [whole, setWhole] = useState(false)
  const openPath = useLatest(onOpenPath)
  const opener = onOpenPath === undefined ? null : openPath
  const hidden = whole ? 0 : Math.max(0, lines.length - collapsedLines)
  // Hiding one line behind a button that takes a line itself is no gain.
  const from = hidden <= 1 ? 0 : hidden
  return (
    <div className={cx('tool-output', className)}>
      <CopyButton text={() => plainOutput(text)} label="Copy output" className="tool-output-copy" />
      {from > 0 ? (
        <Button
          size="small"
          variant="quiet"
          className="mb-1 -ml-2 font-sans"
          aria-expanded={false}
          onClick={() => setWhole(true)}
        >
          {`Show ${(from + dropped).toLocaleString('en-US')} earlier lines`}
        </Button>
      ) : null}
      <div className={cx('tool-output-lines', whole && 'tool-output-whole')}>
        {whole && dropped > 0 ? (
          <p className="text-faint">{`${dropped.toLocaleString('en-US')} earlier lines are not kept here.`}</p>
        ) : null}
        {chunks(lines, from).map((chunk, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- chunks have no identity but their place
          <Chunk key={index} first={chunk.start + dropped} lines={chunk.lines} apart={whole} openPath={opener} />
        ))}
      </div>
    </div>
  )
}

interface ChunkProps {
  /** Number of the first line, which stays when lines before it go. */
  readonly first: number
  readonly lines: readonly AnsiLine[]
  /** Whether the browser may skip the chunk while it is out of sight. */
  readonly apart: boolean
  readonly openPath: ((target: PathTarget) => void) | null
}

const Chunk = memo(function Chunk({ first, lines, apart, openPath }: ChunkProps): ReactElement {
  const style = apart ? { containIntrinsicBlockSize: `auto ${lines.length * LINE_HEIGHT_PX}px` } : undefined
  return (
    <div className={apart ? 'tool-output-chunk' : undefined} style={style}>
      {lines.map((line, index) => (
        <OutputLine key={first + index} line={line} openPath={openPath} />
      ))}
    </div>
  )
}, sameLines)

function sameLines(before: ChunkProps, after: ChunkProps): boolean {
  return (
    before.openPath === after.openPath &&
    before.first === after.first &&
    before.apart === after.apart &&
    before.lines.length === after.lines.length &&
    before.lines.every((line, index) => line === after.lines[index])
  )
}

function chunks(
  lines: readonly AnsiLine[],
  from: number,
): readonly { readonly start: number; readonly lines: readonly AnsiLine[] }[] {
  const count = Math.ceil((lines.length - from) / CHUNK_LINES)
  return Array.from({ length: count }, (_, index) => {
    const start = from + index * CHUNK_LINES
    return { start, lines: lines.slice(start, start + CHUNK_LINES) }
  })
}
