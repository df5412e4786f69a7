import type { Entry, EntryKind, OctoError } from '@octo/protocol'
import { isWithin, joinPath, nameOf, parentOf } from '../paths.ts'

/** What is known of one folder. */
export interface Folder {
  readonly entries: readonly Entry[]
  /** Cursor of the next page; null when all is here. */
  readonly next: string | null
  readonly loading: boolean
  readonly error: OctoError | null
  /** Names that git ignores. */
  readonly ignored: ReadonlySet<string>
}

/** A name that is being typed: for what there is, or for something new. */
export type Naming =
  | { readonly kind: 'rename'; readonly path: string }
  | { readonly kind: 'create'; readonly folder: string; readonly what: 'file' | 'folder' }

export interface Tree {
  readonly folders: ReadonlyMap<string, Folder>
  readonly expanded: ReadonlySet<string>
  /** What a link leads to, once it was asked for. */
  readonly links: ReadonlyMap<string, EntryKind>
  /** The row that has the keyboard. */
  readonly focused: string | null
  /** What acts are done to; the focused row is among them. */
  readonly selected: ReadonlySet<string>
  readonly naming: Naming | null
}

export const EMPTY_TREE: Tree = {
  folders: new Map(),
  expanded: new Set(['']),
  links: new Map(),
  focused: null,
  selected: new Set(),
  naming: null,
}

export const NO_FOLDER: Folder = { entries: [], next: null, loading: false, error: null, ignored: new Set() }

export interface EntryRow {
  readonly kind: 'entry'
  readonly path: string
  readonly name: string
  readonly depth: number
  readonly entry: EntryKind
  readonly isFolder: boolean
  readonly expanded: boolean
  /** Whether git ignores it, or a folder it is in. */
  readonly dimmed: boolean
}

/** One line of the tree. */
export type Row =
  | EntryRow
  | { readonly kind: 'naming'; readonly path: string; readonly depth: number; readonly what: 'file' | 'folder' }
  | { readonly kind: 'more'; readonly path: string; readonly depth: number; readonly loading: boolean }
  | { readonly kind: 'loading'; readonly path: string; readonly depth: number }
  | { readonly kind: 'empty'; readonly path: string; readonly depth: number }
  | { readonly kind: 'error'; readonly path: string; readonly depth: number; readonly error: OctoError }

/** What the rows are made of. */
type Shown = Pick<Tree, 'folders' | 'expanded' | 'links' | 'naming'>

const knownRows = new WeakMap<Tree['folders'], { readonly of: Shown; readonly rows: readonly Row[] }>()

/**
 * The lines that are shown, from the top: a flat list, however deep the tree. The same list until something else is shown,
 * so that moving the keyboard draws two rows and not thousands.
 */
export function rowsOf(tree: Shown): readonly Row[] {
  const known = knownRows.get(tree.folders)
  if (known?.of.expanded === tree.expanded && known.of.links === tree.links && known.of.naming === tree.naming) {
    return known.rows
  }
  const rows: Row[] = []
  addFolder(tree, { path: '', depth: 0, dimmed: false }, rows)
  knownRows.set(tree.folders, { of: tree, rows })
  return rows
}

interface Place {
  readonly path: string
  readonly depth: number
  readonly dimmed: boolean
}

function addFolder(tree: Shown, { path, depth, dimmed }: Place, rows: Row[]): void {
  const folder = tree.folders.get(path)
  const { naming } = tree
  if (naming?.kind === 'create' && naming.folder === path) rows.push({ kind: 'naming', path, depth, what: naming.what })
  if (folder === undefined) return void rows.push({ kind: 'loading', path, depth })
  for (const { name, kind } of folder.entries) {
    const row = entryRow(tree, { path: joinPath(path, name), depth, dimmed: dimmed || folder.ignored.has(name) }, kind)
    rows.push(row)
    if (row.expanded) addFolder(tree, { path: row.path, depth: depth + 1, dimmed: row.dimmed }, rows)
  }
  const rest = afterEntries(folder, path, depth)
  if (rest !== null) rows.push(rest)
}

function entryRow(tree: Shown, { path, depth, dimmed }: Place, entry: EntryKind): EntryRow {
  const isFolder = entry === 'folder' || tree.links.get(path) === 'folder'
  const expanded = isFolder && tree.expanded.has(path)
  return { kind: 'entry', path, name: nameOf(path), depth, entry, isFolder, expanded, dimmed }
}

function afterEntries(folder: Folder, path: string, depth: number): Row | null {
  if (folder.error !== null) return { kind: 'error', path, depth, error: folder.error }
  if (folder.next !== null) return { kind: 'more', path, depth, loading: folder.loading }
  if (folder.entries.length > 0) return null
  return { kind: folder.loading ? 'loading' : 'empty', path, depth }
}

const knownPlaces = new WeakMap<readonly Row[], ReadonlyMap<string, number>>()

/** The row of a path; -1 if it has none. */
export function findRow(rows: readonly Row[], path: string | null): number {
  if (path === null) return -1
  let places = knownPlaces.get(rows)
  if (places === undefined) {
    places = new Map(rows.flatMap((row, at) => (row.kind === 'entry' ? [[row.path, at] as const] : [])))
    knownPlaces.set(rows, places)
  }
  return places.get(path) ?? -1
}

/** Where a key of the keyboard leads from the focused row; null where it leads nowhere. */
export function stepFrom(rows: readonly Row[], focused: string | null, step: number): string | null {
  const entries = rows.filter((row) => row.kind === 'entry')
  const at = entries.findIndex(({ path }) => path === focused)
  const to = at < 0 ? (step > 0 ? 0 : entries.length - 1) : Math.min(entries.length - 1, Math.max(0, at + step))
  return entries[to]?.path ?? null
}

/** The next row after the focused one whose name begins with what was typed; around the end. */
export function typeAhead(rows: readonly Row[], focused: string | null, typed: string): string | null {
  const entries = rows.filter((row) => row.kind === 'entry')
  const at = entries.findIndex(({ path }) => path === focused)
  // While one word grows, the present row may still be meant; a new letter goes on.
  const first = typed.length > 1 ? Math.max(0, at) : at + 1
  const lower = typed.toLowerCase()
  const ordered = [...entries.slice(first), ...entries.slice(0, first)]
  return ordered.find(({ name }) => name.toLowerCase().startsWith(lower))?.path ?? null
}

/** All rows from one to another, for Shift. */
export function rowsBetween(rows: readonly Row[], from: string, to: string): readonly string[] {
  const [a, b] = [findRow(rows, from), findRow(rows, to)]
  if (a < 0 || b < 0) return [to]
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1).flatMap((row) => (row.kind === 'entry' ? [row.path] : []))
}

/** The folder that something new beside or in this path is made in. */
export function folderFor(tree: Tree, path: string | null): string {
  if (path === null) return ''
  const rows = rowsOf(tree)
  const row = rows[findRow(rows, path)]
  return row?.kind === 'entry' && row.isFolder ? path : parentOf(path)
}

/** Where dragged paths can be dropped: not into themselves, not where they are. */
export function canDrop(paths: readonly string[], folder: string): boolean {
  return paths.some((path) => parentOf(path) !== folder) && paths.every((path) => !isWithin(folder, path))
}

export function withFolder(tree: Tree, path: string, patch: Partial<Folder>): Tree {
  const folders = new Map(tree.folders)
  folders.set(path, { ...(folders.get(path) ?? NO_FOLDER), ...patch })
  return { ...tree, folders }
}

/** Takes in the entries of a folder; what was known below folders that are gone is forgotten. */
export function withEntries(tree: Tree, path: string, listed: Pick<Folder, 'entries' | 'next'>): Tree {
  const here = new Map(listed.entries.map(({ name, kind }) => [joinPath(path, name), kind]))
  const goneFrom = (other: string): boolean => {
    const child = childIn(path, other)
    return child !== null && listed.next === null && !here.has(child)
  }
  const folders = new Map([...tree.folders].filter(([other]) => !goneFrom(other)))
  folders.set(path, { ...(folders.get(path) ?? NO_FOLDER), ...listed, loading: false, error: null })
  return {
    ...tree,
    folders,
    links: new Map([...tree.links].filter(([other]) => !goneFrom(other) && here.get(other) !== 'file')),
    selected: new Set([...tree.selected].filter((other) => !goneFrom(other))),
    focused: tree.focused !== null && goneFrom(tree.focused) ? null : tree.focused,
  }
}

/** The entry of `folder` in or under which `path` lies. */
function childIn(folder: string, path: string): string | null {
  if (path === folder || !isWithin(path, folder)) return null
  const rest = folder === '' ? path : path.slice(folder.length + 1)
  return joinPath(folder, rest.split('/')[0] ?? '')
}

export function withExpanded(tree: Tree, paths: readonly string[], expanded: boolean): Tree {
  const next = new Set(tree.expanded)
  for (const path of paths) {
    if (expanded) next.add(path)
    else next.delete(path)
  }
  return { ...tree, expanded: next }
}

/** Selects paths; the last of them gets the keyboard. */
export function withSelected(tree: Tree, paths: readonly string[]): Tree {
  return { ...tree, selected: new Set(paths), focused: paths.at(-1) ?? tree.focused }
}

/** Takes over that something has another path now, so that what was open in it stays open. */
export function withMoved(tree: Tree, from: string, to: string): Tree {
  const moved = (path: string): string => (isWithin(path, from) ? to + path.slice(from.length) : path)
  return {
    ...tree,
    expanded: new Set([...tree.expanded].map(moved)),
    selected: new Set([...tree.selected].map(moved)),
    focused: tree.focused === null ? null : moved(tree.focused),
  }
}
