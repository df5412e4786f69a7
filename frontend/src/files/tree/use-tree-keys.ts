import { useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { deletePaths, openRow } from './tree-acts.ts'
import { findRow, type Row, rowsBetween, stepFrom, typeAhead } from './tree-model.ts'
import type { TreeStore } from './tree-store.ts'

/** Letters typed within this time make one word. */
const TYPING_MS = 700

/** How many rows Page Up and Page Down go. */
const PAGE_ROWS = 20

/** The keyboard of the tree. @returns a handler for its element */
export function useTreeKeys(store: TreeStore, rows: readonly Row[]): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', at: 0 })
  return (event) => {
    if (event.altKey || event.nativeEvent.isComposing) return
    const handled = onNamedKey(store, rows, event) || onLetter(store, rows, event, typed.current)
    if (handled) event.preventDefault()
  }
}

function onNamedKey(store: TreeStore, rows: readonly Row[], event: KeyboardEvent): boolean {
  const { focused, selected } = store.state
  if (event.ctrlKey || event.metaKey) return false
  const step = STEPS[event.key]
  if (step !== undefined) return goTo(store, rows, stepFrom(rows, focused, step), event.shiftKey)
  const row = rows[findRow(rows, focused)]
  if (row?.kind !== 'entry') return false
  switch (event.key) {
    case 'ArrowRight':
      if (row.isFolder && !row.expanded) store.setExpanded(row.path, true)
      else if (row.isFolder) goTo(store, rows, stepFrom(rows, focused, 1), false)
      return true
    case 'ArrowLeft':
      if (row.expanded) store.setExpanded(row.path, false)
      else goTo(store, rows, parentRow(rows, row.path), false)
      return true
    case 'Enter':
      void openRow(store, row, true)
      return true
    case ' ':
      void openRow(store, row, false)
      return true
    case 'F2':
      store.setNaming({ kind: 'rename', path: row.path })
      return true
    case 'Delete':
      void deletePaths(store, selected.has(row.path) ? [...selected] : [row.path])
      return true
    case 'Escape':
      store.select([row.path])
      return true
    default:
      return false
  }
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE_ROWS,
  PageUp: -PAGE_ROWS,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** Where a selection with Shift began: its first path. */
function goTo(store: TreeStore, rows: readonly Row[], path: string | null, extend: boolean): boolean {
  if (path === null) return false
  const [anchor = path] = store.state.selected
  store.select(extend ? orderedFrom(anchor, rowsBetween(rows, anchor, path)) : [path], path)
  return true
}

/** Keeps the anchor first, from which the next step with Shift counts. */
export function orderedFrom(anchor: string, paths: readonly string[]): readonly string[] {
  return paths.includes(anchor) ? [anchor, ...paths.filter((path) => path !== anchor)] : paths
}

function parentRow(rows: readonly Row[], path: string): string | null {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return findRow(rows, parent) < 0 ? null : parent
}

function onLetter(
  store: TreeStore,
  rows: readonly Row[],
  event: KeyboardEvent,
  typed: { text: string; at: number },
): boolean {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return false
  typed.text = event.timeStamp - typed.at > TYPING_MS ? event.key : typed.text + event.key
  typed.at = event.timeStamp
  goTo(store, rows, typeAhead(rows, store.state.focused, typed.text), false)
  return true
}
