import type { Item } from '@octo/protocol'
import { expect, test } from 'vitest'
import { changedFiles } from './changes.ts'

let index = 0
function tool(category: string, patch: object): Item {
  index += 1
  return {
    kind: 'tool',
    id: `t${index}`,
    index,
    category,
    status: 'done',
    output: [],
    touched: [],
    ...patch,
  } as unknown as Item
}
const diff = (path: string, added: number, removed: number) => ({ type: 'diff', path, added, removed, patch: '' })

test('edits of a file add up, the file touched last comes first', () => {
  const files = changedFiles([
    tool('edit', { output: [diff('a.ts', 3, 1)] }),
    tool('edit', { output: [diff('b.ts', 1, 0)], touched: ['b.ts', 'c.ts'] }),
    tool('edit', { output: [diff('a.ts', 2, 2)] }),
  ])
  expect(files.map(({ path, added, removed, diffs }) => [path, added, removed, diffs.length])).toEqual([
    ['a.ts', 5, 3, 2],
    ['b.ts', 1, 0, 1],
    ['c.ts', 0, 0, 0],
  ])
})

test('what was only read, or failed, is no change', () => {
  expect(
    changedFiles([
      tool('read', { touched: ['a.ts'] }),
      tool('edit', { output: [diff('a.ts', 1, 1)], status: 'failed' }),
    ]),
  ).toEqual([])
})

test('a deleted file says so', () => {
  expect(changedFiles([tool('delete', { touched: ['a.ts'] })])).toMatchObject([{ path: 'a.ts', deleted: true }])
})
