import type { FileStat, OctoError, WorkspaceId } from '@octo/protocol'
import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp, Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { ReactElement } from 'react'
import { VList } from 'virtua'
import type { VListHandle } from 'virtua'
import { toOctoError } from '../../mux/index.ts'
import { cx, ErrorState, formatBytes, formatCount, IconButton, Skeleton, TextField } from '../../ui/index.ts'
import { readPart } from '../content-api.ts'
import { bytesOfPart, findLines, linesOfPart, PART_BYTES, partCount } from './text-pages.ts'

interface LargeFileProps {
  readonly workspace: WorkspaceId
  readonly stat: FileStat
}

type PartState =
  | { readonly phase: 'loading' }
  | { readonly phase: 'shown'; readonly lines: readonly string[] }
  | { readonly phase: 'failed'; readonly error: OctoError }

const NO_LINES: readonly string[] = []

/** A text too large to edit, read in parts: whatever its size, one part is in memory. */
export function LargeFile({ workspace, stat }: LargeFileProps): ReactElement {
  const [part, setPart] = useState(0)
  const [tries, setTries] = useState(0)
  const state = usePart({ workspace, stat, part, tries })
  const [query, setQuery] = useState('')
  const lines = state.phase === 'shown' ? state.lines : NO_LINES
  const found = useMemo(() => findLines(lines, query), [lines, query])
  const [at, setAt] = useState(0)
  const list = useRef<VListHandle>(null)
  const line = found[at % Math.max(1, found.length)]
  useEffect(() => {
    if (line !== undefined) list.current?.scrollToIndex(line, { align: 'center' })
  }, [line])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1">
        <Parts part={part} total={stat.bytes} onPart={setPart} />
        <span className="flex-1" />
        <Finder
          query={query}
          count={found.length}
          at={at}
          onQuery={setQuery}
          onStep={(step) => setAt(Math.max(0, at + step))}
        />
      </header>
      {state.phase === 'loading' ? <Skeleton lines={12} className="p-6" /> : null}
      {state.phase === 'failed' ? (
        <ErrorState title="This part could not be read" onRetry={() => setTries(tries + 1)}>
          {state.error.message}
        </ErrorState>
      ) : null}
      {state.phase === 'shown' ? (
        <VList
          ref={list}
          data={lines}
          className="min-h-0 flex-1 py-1 font-mono text-(length:--code-size)"
          tabIndex={0}
          aria-label="Text"
        >
          {(text, index) => (
            <div key={index} className={cx('px-3 break-all whitespace-pre-wrap', index === line && 'bg-waiting-soft')}>
              {text === '' ? '\u00A0' : text}
            </div>
          )}
        </VList>
      ) : null}
    </div>
  )
}

interface UsePart extends LargeFileProps {
  readonly part: number
  readonly tries: number
}

/** Reads a part when it is asked for, and again when the file changed. */
function usePart({ workspace, stat, part, tries }: UsePart): PartState {
  const wanted = `${part} ${stat.etag} ${tries}`
  const [loaded, setLoaded] = useState<{ readonly wanted: string; readonly state: PartState } | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    readPart({ workspace, path: stat.path }, bytesOfPart(part, stat.bytes), stop.signal).then(
      ({ bytes }) => setLoaded({ wanted, state: { phase: 'shown', lines: linesOfPart(bytes, part) } }),
      (error: unknown) => {
        if (!stop.signal.aborted) setLoaded({ wanted, state: { phase: 'failed', error: toOctoError(error) } })
      },
    )
    return () => stop.abort()
  }, [workspace, stat.path, stat.bytes, part, wanted])
  return loaded?.wanted === wanted ? loaded.state : { phase: 'loading' }
}

interface PartsProps {
  readonly part: number
  readonly total: number
  readonly onPart: (part: number) => void
}

function Parts({ part, total, onPart }: PartsProps): ReactElement {
  const count = partCount(total)
  const from = part * PART_BYTES
  return (
    <div className="flex items-center gap-1.5 text-xs text-muted tabular-nums">
      <IconButton
        size="small"
        label="Part before"
        icon={<ChevronLeft size={15} />}
        disabled={part === 0}
        onClick={() => onPart(part - 1)}
      />
      <input
        type="range"
        aria-label="Part of the file"
        aria-valuetext={`Part ${part + 1} of ${count}`}
        min={0}
        max={count - 1}
        value={part}
        onChange={(event) => onPart(event.target.valueAsNumber)}
        className="w-28 accent-accent"
      />
      <IconButton
        size="small"
        label="Next part"
        icon={<ChevronRight size={15} />}
        disabled={part === count - 1}
        onClick={() => onPart(part + 1)}
      />
      <span>{`From ${formatBytes(from)} of ${formatBytes(total)}, read-only`}</span>
    </div>
  )
}

interface FinderProps {
  readonly query: string
  readonly count: number
  readonly at: number
  readonly onQuery: (query: string) => void
  readonly onStep: (step: 1 | -1) => void
}

/** Finds in the part that is shown. */
function Finder({ query, count, at, onQuery, onStep }: FinderProps): ReactElement {
  return (
    <div className="flex items-center gap-1">
      <TextField
        label="Find in this part"
        hideLabel
        placeholder="Find in this part"
        icon={<Search size={13} />}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
        }}
        className="w-44"
      />
      <output className="min-w-16 text-center text-xs text-faint tabular-nums">
        {query === '' ? '' : count === 0 ? 'None' : `${formatCount((at % count) + 1)} of ${formatCount(count)}`}
      </output>
      <IconButton
        size="small"
        label="Previous"
        icon={<ChevronUp size={15} />}
        disabled={count === 0}
        onClick={() => onStep(-1)}
      />
      <IconButton
        size="small"
        label="Next"
        icon={<ChevronDown size={15} />}
        disabled={count === 0}
        onClick={() => onStep(1)}
      />
    </div>
  )
}
