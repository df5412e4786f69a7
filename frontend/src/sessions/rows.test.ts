import type { Item } from '@octo/protocol'
import { expect, test } from 'vitest'
import type { Row } from './rows.ts'
import { makeRows } from './rows.ts'

let index = 0
function item(kind: Item['kind'], id: string, rest: object = {}): Item {
  index += 1
  return { id, kind, seq: index, index, createdAt: index, ...rest } as unknown as Item
}

const text = (value: string) => ({ type: 'text', text: value, rev: 0 })
const thinking = (value: string) => ({ type: 'thinking', text: value, rev: 0 })
const assistant = (id: string, ...parts: readonly object[]) => item('assistant', id, { parts })
const tool = (id: string, category: string, rest: object = {}) =>
  item('tool', id, { category, status: 'done', name: category, title: id, output: [], touched: [], ...rest })
const keys = (rows: readonly Row[]): readonly string[] => rows.map((row) => row.key)

test('reads one after another are one line from the first on, with the thinking between them', () => {
  const items = [
    assistant('a', text('Let me look.')),
    tool('r1', 'read'),
    assistant('t', thinking('hm')),
    tool('r2', 'search'),
    assistant('t2', thinking('so')),
    tool('e', 'edit'),
  ]
  const rows = makeRows(items, [])
  expect(keys(rows)).toEqual(['a', 'run:r1', 't2', 'e'])
  expect(keys(makeRows(items.slice(0, 2), []))).toEqual(['a', 'run:r1'])
})

test('a failed read stands for itself', () => {
  const rows = makeRows([tool('r1', 'read'), tool('r2', 'read', { status: 'failed' }), tool('r3', 'read')], [])
  expect(keys(rows)).toEqual(['run:r1', 'r2', 'run:r3'])
})

test('a finished turn ends with what it did; a running one does not', () => {
  const diff = { type: 'diff', path: 'a.ts', patch: '', added: 3, removed: 1 }
  const running = item('turn', 'turn', { origin: 'user', startedAt: 1 })
  const ended = { ...running, endedAt: 9, outcome: { type: 'done' }, touched: ['b.ts'] } as Item
  const rest = [
    item('user', 'u', { parts: [text('go')] }),
    tool('e', 'edit', { output: [diff] }),
    tool('f', 'edit', { output: [diff], status: 'failed' }),
    assistant('a', text('Done.')),
  ]
  expect(keys(makeRows([running, ...rest], []))).toEqual(['u', 'e', 'f', 'a'])
  const end = makeRows([ended, ...rest, item('user', 'u2', { parts: [] })], []).at(-1)
  expect(end).toMatchObject({ key: 'end:turn', changes: { files: 2, added: 3, removed: 1 }, answer: { id: 'a' } })
})

test('a notice that says what the end of the turn says is not shown twice', () => {
  const turn = item('turn', 'turn', { startedAt: 1, endedAt: 2, outcome: { type: 'interrupted', reason: 'Cut.' } })
  const notice = (id: string, patch: object): Item => item('notice', id, { text: 'Cut.', ...patch })
  expect(keys(makeRows([turn, notice('n', {})], []))).toEqual(['end:turn'])
  expect(keys(makeRows([turn, notice('n', { details: 'stderr' })], []))).toEqual(['n', 'end:turn'])
  expect(keys(makeRows([turn, notice('n', { text: 'Retrying.' })], []))).toEqual(['n', 'end:turn'])
})

test('an answer that has not begun shows nothing', () => {
  expect(makeRows([assistant('a', text('')), assistant('b')], [])).toEqual([])
})

test('what a sub-agent did stands under its task, at any depth', () => {
  const rows = makeRows(
    [
      item('task', 'task', { title: 'look around', state: 'running' }),
      tool('x', 'execute', { parent: 'task' }),
      tool('deep', 'edit', { parent: 'x' }),
      tool('lost', 'edit', { parent: 'not loaded' }),
    ],
    [],
  )
  expect(keys(rows)).toEqual(['task', 'lost'])
  expect(rows[0]).toMatchObject({ children: [{ key: 'x', children: [{ key: 'deep' }] }] })
})

test('rows that show the same are the same objects, so that only what grew is drawn again', () => {
  const items = [item('user', 'u', { parts: [] }), tool('r', 'read'), assistant('a', text('So'))]
  const before = makeRows(items, [])
  const grown = { ...items[2], parts: [text('So be it')] } as Item
  const after = makeRows([...items.slice(0, 2), grown], [], before)
  expect(after.map((row, at) => row === before[at])).toEqual([true, true, false])
})
