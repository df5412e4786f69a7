import type { Entry } from '@octo/protocol'
import { expect, test } from 'vitest'
import {
  canDrop,
  EMPTY_TREE,
  folderFor,
  rowsBetween,
  rowsOf,
  stepFrom,
  type Tree,
  typeAhead,
  withEntries,
  withExpanded,
  withFolder,
  withMoved,
  withSelected,
} from './tree-model.ts'

const file = (name: string): Entry => ({ name, kind: 'file' })
const folder = (name: string): Entry => ({ name, kind: 'folder' })

/** src (with a.ts and deep, closed), docs (open, empty), README.md. */
function sample(): Tree {
  let tree = withEntries(EMPTY_TREE, '', { entries: [folder('docs'), folder('src'), file('README.md')], next: null })
  tree = withEntries(tree, 'src', { entries: [folder('deep'), file('a.ts')], next: null })
  tree = withEntries(tree, 'docs', { entries: [], next: null })
  return withExpanded(tree, ['src', 'docs'], true)
}

const shown = (tree: Tree): readonly string[] =>
  rowsOf(tree).map((row) => `${'  '.repeat(row.depth)}${row.kind === 'entry' ? row.name : `(${row.kind})`}`)

test('open folders show what is in them, an empty one says so, one that is not loaded loads', () => {
  expect(shown(sample())).toEqual(['docs', '  (empty)', 'src', '  deep', '  a.ts', 'README.md'])
  expect(shown(withExpanded(sample(), ['src/deep'], true))).toContain('    (loading)')
  expect(shown(withExpanded(sample(), ['src', 'docs'], false))).toEqual(['docs', 'src', 'README.md'])
  expect(shown(EMPTY_TREE)).toEqual(['(loading)'])
})

test('a folder with more than a page offers the rest', () => {
  const tree = withEntries(sample(), 'src', { entries: [file('a.ts')], next: 'f/a.ts' })
  expect(shown(tree).slice(2, 5)).toEqual(['src', '  a.ts', '  (more)'])
})

test('what git ignores is dim, with everything in it', () => {
  const tree = withFolder(sample(), '', { ignored: new Set(['src']) })
  expect(rowsOf(tree).flatMap((row) => (row.kind === 'entry' && row.dimmed ? [row.path] : []))).toEqual([
    'src',
    'src/deep',
    'src/a.ts',
  ])
})

test('what is gone is forgotten with everything below it, and comes back open', () => {
  const tree = withSelected(sample(), ['src/a.ts'])
  const without = withEntries(tree, '', { entries: [file('README.md')], next: null })
  expect([...without.folders.keys()]).toEqual([''])
  expect([without.focused, without.selected.size]).toEqual([null, 0])
  const again = withEntries(without, '', { entries: [folder('src')], next: null })
  expect(shown(again)).toEqual(['src', '  (loading)'])
})

test('of a folder that is not all loaded, nothing is known to be gone', () => {
  const tree = withEntries(sample(), '', { entries: [folder('docs')], next: 'd/docs' })
  expect(tree.folders.has('src')).toBe(true)
})

test('the arrow keys stop at the ends, and begin at the first or last row', () => {
  const rows = rowsOf(sample())
  expect(stepFrom(rows, 'docs', 1)).toBe('src')
  expect(stepFrom(rows, 'README.md', 1)).toBe('README.md')
  expect(stepFrom(rows, 'docs', -1)).toBe('docs')
  expect(stepFrom(rows, null, 1)).toBe('docs')
  expect(stepFrom(rows, null, -1)).toBe('README.md')
  expect(stepFrom(rows, 'docs', Number.POSITIVE_INFINITY)).toBe('README.md')
  expect(stepFrom([], null, 1)).toBeNull()
})

test('typing goes to the next name that begins so, around the end', () => {
  const rows = rowsOf(sample())
  expect(typeAhead(rows, null, 'd')).toBe('docs')
  expect(typeAhead(rows, 'docs', 'd')).toBe('src/deep')
  expect(typeAhead(rows, 'src/deep', 'd')).toBe('docs')
  expect(typeAhead(rows, 'src/deep', 'de')).toBe('src/deep')
  expect(typeAhead(rows, 'docs', 'READ')).toBe('README.md')
  expect(typeAhead(rows, 'docs', 'x')).toBeNull()
})

test('Shift selects all between, in either direction', () => {
  const rows = rowsOf(sample())
  expect(rowsBetween(rows, 'docs', 'src/deep')).toEqual(['docs', 'src', 'src/deep'])
  expect(rowsBetween(rows, 'src/deep', 'docs')).toEqual(['docs', 'src', 'src/deep'])
  expect(rowsBetween(rows, 'gone', 'docs')).toEqual(['docs'])
})

test('something new is made in the focused folder, or beside the focused file', () => {
  expect(folderFor(sample(), 'src')).toBe('src')
  expect(folderFor(sample(), 'src/a.ts')).toBe('src')
  expect(folderFor(sample(), 'README.md')).toBe('')
  expect(folderFor(sample(), null)).toBe('')
})

test('nothing is dropped into itself or where it is', () => {
  expect(canDrop(['src/a.ts'], 'docs')).toBe(true)
  expect(canDrop(['src/a.ts'], '')).toBe(true)
  expect(canDrop(['src/a.ts'], 'src')).toBe(false)
  expect(canDrop(['src'], 'src/deep')).toBe(false)
  expect(canDrop(['src'], 'src')).toBe(false)
})

test('a renamed folder stays open, and what was selected in it stays selected', () => {
  const tree = withMoved(withSelected(sample(), ['src/a.ts']), 'src', 'lib')
  expect(tree.expanded.has('lib')).toBe(true)
  expect(tree.expanded.has('src')).toBe(false)
  expect([...tree.selected]).toEqual(['lib/a.ts'])
  expect(tree.focused).toBe('lib/a.ts')
})

test('moving the keyboard makes no new rows, opening a folder does', () => {
  const tree = sample()
  expect(rowsOf(withSelected(tree, ['docs']))).toBe(rowsOf(tree))
  expect(rowsOf(withExpanded(tree, ['src'], false))).not.toBe(rowsOf(tree))
  expect(rowsOf({ ...tree, naming: { kind: 'rename', path: 'src' } })).not.toBe(rowsOf(tree))
})

test('10,000 entries become rows in a moment', () => {
  const entries = Array.from({ length: 10_000 }, (_, number) => file(`component-${number}.tsx`))
  const tree = withEntries(EMPTY_TREE, '', { entries, next: null })
  const start = performance.now()
  expect(rowsOf(tree)).toHaveLength(10_000)
  expect(performance.now() - start).toBeLessThan(200)
})
