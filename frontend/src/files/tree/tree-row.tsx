import { ChevronRight } from 'lucide-react'
import { memo } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { Button, cx, Spinner } from '../../ui/index.ts'
import { joinPath, nameOf, parentOf } from '../paths.ts'
import { NameField } from './name-field.tsx'
import { TreeIcon } from './tree-icon.tsx'
import type { EntryRow, Row } from './tree-model.ts'
import type { TreeStore } from './tree-store.ts'

interface TreeRowProps {
  readonly row: Row
  readonly store: TreeStore
  readonly focused: boolean
  readonly selected: boolean
  readonly renaming: boolean
  /** Whether what is dragged would be dropped into this folder. */
  readonly dropInto: boolean
  /** Whether this file is in the tab in front. */
  readonly shown: boolean
}

/** The element of a row, for `aria-activedescendant`. */
export function rowId(path: string): string {
  return `file:${path}`
}

/** One line of the tree. What is pressed on it is handled by the tree, by `data-path`. */
export const TreeRow = memo(function TreeRow({ row, store, ...marks }: TreeRowProps): ReactElement {
  switch (row.kind) {
    case 'entry':
      return <EntryLine row={row} store={store} {...marks} />
    case 'naming':
      return (
        <Line depth={row.depth}>
          <NameField
            label={row.what === 'file' ? 'Name of the new file' : 'Name of the new folder'}
            initial=""
            onSubmit={(name) => store.create(joinPath(row.path, name), row.what)}
            onCancel={() => store.setNaming(null)}
          />
        </Line>
      )
    case 'loading':
      return (
        <Line depth={row.depth}>
          <Spinner label="Loading" />
        </Line>
      )
    case 'empty':
      return (
        <Line depth={row.depth}>
          <span className="text-faint">{row.path === '' ? 'This workspace is empty.' : 'Empty'}</span>
        </Line>
      )
    case 'more':
      return (
        <Line depth={row.depth}>
          <Button variant="quiet" size="small" busy={row.loading} onClick={() => store.loadMore(row.path)}>
            Show more
          </Button>
        </Line>
      )
    case 'error':
      return (
        <Line depth={row.depth}>
          <span role="alert" className="min-w-0 flex-1 truncate text-failed" title={row.error.message}>
            {row.error.message}
          </span>
          <Button variant="quiet" size="small" onClick={() => store.loadMore(row.path)}>
            Try again
          </Button>
        </Line>
      )
  }
})

const LINE = 'flex h-6 items-center gap-1.5 pr-2 text-sm pointer-coarse:h-10'

/** Each level is indented by the width of the arrow. */
function indent(depth: number): { readonly paddingLeft: number } {
  return { paddingLeft: 8 + depth * 14 }
}

function Line({ depth, children }: { readonly depth: number; readonly children: ReactNode }): ReactElement {
  return (
    <div className={LINE} style={indent(depth)}>
      <span className="w-3.5 shrink-0" />
      {children}
    </div>
  )
}

type EntryLineProps = Omit<TreeRowProps, 'row'> & { readonly row: EntryRow }

function EntryLine({ row, store, focused, selected, renaming, dropInto, shown }: EntryLineProps): ReactElement {
  return (
    // The tree has the keyboard and handles what is pressed; a row is only its place on the screen.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      id={rowId(row.path)}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      {...(row.isFolder ? { 'aria-expanded': row.expanded } : {})}
      aria-current={shown ? 'true' : undefined}
      data-path={row.path}
      draggable={!renaming}
      title={row.path}
      style={indent(row.depth)}
      className={cx(
        LINE,
        'cursor-default select-none',
        selected ? 'bg-selected' : 'hover:bg-hover',
        focused && 'group-focus-visible/tree:outline-2 group-focus-visible/tree:-outline-offset-2 outline-focus',
        dropInto && 'bg-accent-soft',
        shown && !selected && 'bg-hover',
      )}
    >
      <ChevronRight
        size={14}
        aria-hidden
        className={cx('shrink-0 text-faint', row.isFolder ? row.expanded && 'rotate-90' : 'invisible')}
      />
      <TreeIcon row={row} />
      {renaming ? (
        <NameField
          label={`New name of ${row.name}`}
          initial={row.name}
          onSubmit={(name) => store.move(row.path, joinPath(parentOf(row.path), name))}
          onCancel={() => store.setNaming(null)}
        />
      ) : (
        <span className={cx('truncate', row.dimmed && 'text-faint', shown && 'font-medium')}>{nameOf(row.path)}</span>
      )}
    </div>
  )
}
