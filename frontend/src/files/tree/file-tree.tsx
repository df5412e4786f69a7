import type { WorkspaceId } from '@octo/protocol'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { MouseEvent, ReactElement, RefObject } from 'react'
import { VList } from 'virtua'
import type { VListHandle } from 'virtua'
import { useNavigation } from '../../shell/navigation.ts'
import { ContextMenu, cx } from '../../ui/index.ts'
import { openRow, showFile } from './tree-acts.ts'
import { treeMenu } from './tree-menu.tsx'
import type { UploadAsk } from './tree-menu.tsx'
import { findRow, rowsBetween, rowsOf } from './tree-model.ts'
import type { Row, Tree } from './tree-model.ts'
import { rowId, TreeRow } from './tree-row.tsx'
import type { TreeStore } from './tree-store.ts'
import { orderedFrom, useTreeKeys } from './use-tree-keys.ts'
import { pathAt, useTreeDrag } from './use-tree-drag.ts'

interface FileTreeProps {
  readonly store: TreeStore
  readonly onUpload: UploadAsk
}

/** The files of a workspace. */
export function FileTree({ store, onUpload }: FileTreeProps): ReactElement {
  const tree = useSyncExternalStore(store.subscribe, () => store.state)
  const rows = rowsOf(tree)
  const list = useRef<VListHandle>(null)
  const element = useRef<HTMLDivElement>(null)
  const shown = useShownPath(store.workspace)
  const [menuPath, setMenuPath] = useState<string | null>(null)
  const onKeyDown = useTreeKeys(store, rows)
  const drag = useTreeDrag(store, rows)
  useReveal(store, shown)
  useFollowFocus(list, rows, tree.focused)
  useKeyboardBack(element, tree)
  return (
    <ContextMenu entries={treeMenu(store, rows[findRow(rows, menuPath)] ?? null, onUpload)}>
      <div
        ref={element}
        role="tree"
        aria-label="Files"
        aria-multiselectable
        tabIndex={0}
        {...(findRow(rows, tree.focused) < 0 ? {} : { 'aria-activedescendant': rowId(tree.focused ?? '') })}
        className={cx('group/tree min-h-0 flex-1 outline-none', drag.dropFolder === '' && 'bg-accent-soft')}
        onKeyDown={onKeyDown}
        onClick={(event) => onPress(store, rows, event)}
        onDoubleClick={(event) => onDoublePress(store, rows, event)}
        onContextMenu={(event) => {
          const path = pathAt(event.target)
          setMenuPath(path)
          if (path !== null && !tree.selected.has(path)) store.select([path])
        }}
        {...drag.handlers}
      >
        <VList ref={list} data={rows} itemSize={24} className="h-full py-1 [&>div>div:has([aria-invalid=true])]:z-10">
          {(row) => (
            <TreeRow
              key={rowKey(row)}
              row={row}
              store={store}
              focused={row.path === tree.focused}
              selected={row.kind === 'entry' && tree.selected.has(row.path)}
              renaming={row.kind === 'entry' && tree.naming?.kind === 'rename' && tree.naming.path === row.path}
              dropInto={row.kind === 'entry' && row.isFolder && row.path === drag.dropFolder}
              shown={row.path === shown}
            />
          )}
        </VList>
      </div>
    </ContextMenu>
  )
}

function rowKey(row: Row): string {
  return `${row.kind}:${row.path}`
}

/** The file of this workspace that is in front. */
function useShownPath(workspace: WorkspaceId): string | null {
  return useNavigation(({ tabs, active }) => {
    const target = tabs.find(({ key }) => key === active)?.target
    return target?.kind === 'file' && target.workspace === workspace ? target.path : null
  })
}

/** Shows where the file in front lies, unless the tree was the way to it. */
function useReveal(store: TreeStore, shown: string | null): void {
  useEffect(() => {
    if (shown !== null && store.state.focused !== shown) void store.reveal(shown)
  }, [store, shown])
}

/** Keeps the focused row in view, also when it appears only later. */
function useFollowFocus(list: RefObject<VListHandle | null>, rows: readonly Row[], focused: string | null): void {
  const followed = useRef<string | null>(null)
  const at = findRow(rows, focused)
  useEffect(() => {
    if (at < 0 || followed.current === focused) return
    followed.current = focused
    list.current?.scrollToIndex(at, { align: 'nearest' })
  }, [list, at, focused])
}

/** The field for a name takes the keyboard; when it goes, the tree has it again. */
function useKeyboardBack(element: RefObject<HTMLDivElement | null>, { naming }: Tree): void {
  const was = useRef(false)
  useEffect(() => {
    if (naming === null && was.current && document.activeElement === document.body) element.current?.focus()
    was.current = naming !== null
  }, [element, naming])
}

function onPress(store: TreeStore, rows: readonly Row[], event: MouseEvent): void {
  const path = pathAt(event.target)
  const row = rows[findRow(rows, path)]
  if (path === null || row?.kind !== 'entry') return
  const { selected } = store.state
  if (event.ctrlKey || event.metaKey) {
    const rest = [...selected].filter((other) => other !== path)
    store.select(selected.has(path) ? rest : [...rest, path], path)
  } else if (event.shiftKey) {
    const [anchor = path] = selected
    store.select(orderedFrom(anchor, rowsBetween(rows, anchor, path)), path)
  } else {
    store.select([path])
    void openRow(store, row, false)
  }
}

/** The first press showed a preview; the second keeps its tab. */
function onDoublePress(store: TreeStore, rows: readonly Row[], event: MouseEvent): void {
  const path = pathAt(event.target)
  const row = rows[findRow(rows, path)]
  if (path !== null && row?.kind === 'entry' && !row.isFolder) showFile(store.workspace, path, true)
}
