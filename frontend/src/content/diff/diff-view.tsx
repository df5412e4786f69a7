import { ChevronRight } from 'lucide-react'
import { useId, useMemo, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'

import { Badge, Button, cx, LineCounts } from '../../ui/index.ts'
import { LongText } from '../long-text.tsx'
import { compareTexts } from './compare.ts'
import { DiffBody } from './diff-body.tsx'
import { parsePatch } from './patch.ts'
import type { FileDiff } from './patch.ts'

/** A file with more changed lines than this waits closed: its rows would bury the files after it. */
const LARGE_FILE_LINES = 800
/** Beyond this many files only their names are shown at first. */
const MANY_FILES = 12

type DiffSource =
  | { readonly patch: string }
  | { readonly oldText: string; readonly newText: string; readonly path: string }

interface DiffViewProps {
  readonly source: DiffSource
  /** Opens a file at its first change. */
  readonly onOpenFile?: (path: string, line: number | null) => void
  /** Leaves out the header, where the surroundings name the file already. One file only. */
  readonly bare?: boolean
  /** More buttons for the header of a file, such as "Revert". */
  readonly actions?: (file: FileDiff) => ReactNode
  readonly className?: string
}

/** Changes as unified lines with numbers, changed words and the colours of the language. */
export function DiffView({ source, onOpenFile, bare = false, actions, className }: DiffViewProps): ReactElement {
  const files = useDiff(source)
  if (files.length === 0) return <NoPatch source={source} />
  const [first] = files
  if (bare && first !== undefined) {
    return (
      <div className={cx('diff-file', className)}>
        <DiffBody file={first} />
      </div>
    )
  }
  return (
    <div className={cx('flex flex-col gap-2', className)}>
      {files.map((file, index) => (
        <DiffFile
          // oxlint-disable-next-line react/no-array-index-key -- a patch may name a file twice
          key={`${index} ${file.path}`}
          file={file}
          startOpen={files.length <= MANY_FILES && file.added + file.removed <= LARGE_FILE_LINES}
          onOpenFile={onOpenFile}
          actions={actions?.(file)}
        />
      ))}
    </div>
  )
}

/** The files of a source; computed again only when its texts change. */
function useDiff(source: DiffSource): readonly FileDiff[] {
  const [before, after, path] =
    'patch' in source ? [source.patch, null, null] : [source.oldText, source.newText, source.path]
  return useMemo(
    () => (after === null || path === null ? parsePatch(before) : [compareTexts(before, after, path)]),
    [before, after, path],
  )
}

function NoPatch({ source }: { readonly source: DiffSource }): ReactElement {
  if (!('patch' in source) || source.patch.trim() === '') return <p className="text-sm text-faint">No changes.</p>
  // Whatever an agent calls a diff is still worth reading.
  return (
    <div className="font-mono text-xs">
      <LongText text={source.patch} />
    </div>
  )
}

interface DiffFileProps {
  readonly file: FileDiff
  readonly startOpen: boolean
  readonly onOpenFile: DiffViewProps['onOpenFile']
  readonly actions: ReactNode
}

function DiffFile({ file, startOpen, onOpenFile, actions }: DiffFileProps): ReactElement {
  const [open, setOpen] = useState(startOpen)
  const bodyId = useId()
  const large = file.added + file.removed > LARGE_FILE_LINES
  const firstLine = file.hunks[0]?.lines.find(({ kind }) => kind !== 'context')?.newNumber ?? null
  return (
    <section className="diff-file" aria-label={file.path}>
      <header className="diff-head">
        <button
          type="button"
          className="diff-toggle"
          aria-expanded={open}
          aria-controls={bodyId}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={cx('shrink-0 text-faint transition-transform', open && 'rotate-90')}
          />
          <PathName path={file.path} />
          {file.oldPath === null ? null : <span className="truncate text-faint">{`from ${file.oldPath}`}</span>}
        </button>
        <StatusBadge file={file} large={large} />
        {file.added + file.removed > 0 ? <LineCounts added={file.added} removed={file.removed} /> : null}
        {onOpenFile === undefined || file.status === 'deleted' ? null : (
          <Button size="small" variant="quiet" onClick={() => onOpenFile(file.path, firstLine)}>
            Open
          </Button>
        )}
        {actions}
      </header>
      <div id={bodyId} hidden={!open}>
        {open ? <DiffBody file={file} /> : null}
      </div>
    </section>
  )
}

/** The folder fades, the name stands out; in a narrow place the folder gives way first. */
export function PathName({ path }: { readonly path: string }): ReactElement {
  const at = path.lastIndexOf('/') + 1
  return (
    <span className="flex min-w-0 font-mono text-xs" title={path}>
      <span className="truncate text-faint">{path.slice(0, at)}</span>
      <span className="shrink-0 text-text">{path.slice(at)}</span>
    </span>
  )
}

function StatusBadge({ file, large }: { readonly file: FileDiff; readonly large: boolean }): ReactNode {
  if (file.binary) return <Badge>binary</Badge>
  switch (file.status) {
    case 'added':
      return <Badge tone="ok">new</Badge>
    case 'deleted':
      return <Badge tone="failed">deleted</Badge>
    case 'renamed':
      return <Badge>renamed</Badge>
    case 'modified':
      return large ? <Badge>large</Badge> : null
  }
}
