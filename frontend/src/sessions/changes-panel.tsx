import type { SessionId } from '@octo/protocol'
import { ChevronRight, FileDiff, SquareArrowOutUpRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactElement } from 'react'
import { DiffView, PathName } from '../content/index.ts'
import { openPath } from '../shell/navigation.ts'
import { Badge, Button, cx, EmptyState, formatPlural, IconButton, LineCounts, Skeleton } from '../ui/index.ts'
import type { ChangedFile } from './changes.ts'
import { changedFiles } from './changes.ts'
import type { SessionStore } from './session-store.ts'
import { useSessionState, useSessionStore } from './session-stores.ts'

/** The files that the tools of a session changed, each with its diffs. */
export function ChangesPanel({ session: id }: { readonly session: SessionId }): ReactElement {
  const store = useSessionStore(id)
  const loaded = useSessionState(store, (state) => state.view.session !== null)
  const items = useSessionState(store, (state) => state.view.items)
  const files = useMemo(() => changedFiles(items), [items])
  if (!loaded) return <Skeleton lines={4} className="p-4" />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {files.length === 0 ? (
        <EmptyState icon={<FileDiff />} title="No changes yet">
          Files that the agent edits stand here with their diffs.
        </EmptyState>
      ) : (
        <ChangeList store={store} files={files} />
      )}
      <OlderChanges store={store} />
    </div>
  )
}

interface ChangeListProps {
  readonly store: SessionStore
  readonly files: readonly ChangedFile[]
}

function ChangeList({ store, files }: ChangeListProps): ReactElement {
  const workspace = useSessionState(store, (state) => state.view.session?.workspace ?? null)
  const added = files.reduce((sum, file) => sum + file.added, 0)
  const removed = files.reduce((sum, file) => sum + file.removed, 0)
  return (
    <>
      <p className="flex h-8 items-center gap-2 px-3 text-xs text-faint">
        {formatPlural(files.length, 'file')}
        <LineCounts added={added} removed={removed} />
      </p>
      <ul>
        {files.map((file) => (
          <ChangedFileRow
            key={file.path}
            file={file}
            onOpen={(line) => {
              if (workspace !== null) openPath(workspace, file.path, line)
            }}
          />
        ))}
      </ul>
    </>
  )
}

interface ChangedFileRowProps {
  readonly file: ChangedFile
  readonly onOpen: (line?: number) => void
}

function ChangedFileRow({ file, onOpen }: ChangedFileRowProps): ReactElement {
  const [open, setOpen] = useState(false)
  const hasDiff = file.diffs.length > 0
  return (
    <li className="border-t border-line">
      <div className="group flex h-row items-center gap-1 pr-1.5 pl-1.5 hover:bg-hover">
        <button
          type="button"
          aria-expanded={hasDiff ? open : undefined}
          onClick={() => (hasDiff ? setOpen(!open) : onOpen())}
          className="flex h-full min-w-0 flex-1 items-center gap-1.5 rounded-sm px-1 text-left text-sm"
        >
          <ChevronRight
            size={13}
            aria-hidden
            className={cx('shrink-0 text-faint transition-transform', open && 'rotate-90', !hasDiff && 'invisible')}
          />
          <span className={cx('min-w-0 flex-1', file.deleted && 'line-through')}>
            <PathName path={file.path} />
          </span>
          {file.deleted ? <Badge tone="failed">deleted</Badge> : null}
          {hasDiff ? <LineCounts added={file.added} removed={file.removed} /> : null}
        </button>
        {file.deleted ? null : (
          <IconButton
            size="small"
            label={`Open ${file.path}`}
            icon={<SquareArrowOutUpRight size={13} />}
            onClick={() => onOpen()}
          />
        )}
      </div>
      {open
        ? file.diffs.map((diff, at) => (
            <DiffView
              // oxlint-disable-next-line react/no-array-index-key -- diffs of a file have no identity but their order
              key={at}
              bare
              source={{ patch: diff.patch }}
              className="border-t border-line"
            />
          ))
        : null}
    </li>
  )
}

/** Only loaded items are looked at; what is before them can be fetched. */
function OlderChanges({ store }: { readonly store: SessionStore }): ReactElement | null {
  const older = useSessionState(store, (state) => state.view.older)
  const loading = useSessionState(store, (state) => state.loadingOlder)
  if (!older) return null
  return (
    <div className="border-t border-line p-2">
      <Button size="small" variant="quiet" busy={loading} onClick={() => void store.loadOlder()}>
        Look further back for changes
      </Button>
    </div>
  )
}
