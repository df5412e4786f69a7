import type { ToolItem } from '@octo/protocol'
import { expect, test } from 'vitest'
import { commandOf, contentOf, durationOf, inputText, labelOf, labelOfRun } from './tool-label.ts'

const tool = (patch: Partial<ToolItem>): ToolItem =>
  ({ kind: 'tool', name: 'read', title: 'src/a.ts', category: 'read', status: 'done', input: {}, ...patch }) as ToolItem

test('a tool call reads as a sentence about what it does or did', () => {
  expect(labelOf(tool({}))).toEqual({ verb: 'Read', object: 'src/a.ts' })
  expect(labelOf(tool({ status: 'running' }))).toEqual({ verb: 'Reading', object: 'src/a.ts' })
  expect(labelOf(tool({ category: 'execute', title: 'npm test\n--all', status: 'failed' }))).toEqual({
    verb: 'Failed',
    object: 'npm test',
  })
  expect(labelOf(tool({ category: 'other', title: '', name: 'lookup' }))).toEqual({ verb: 'Used', object: 'lookup' })
})

test('a run says how many files were read and how often was searched', () => {
  const search = tool({ category: 'search', title: 'TODO' })
  expect(labelOfRun([tool({}), tool({}), tool({ title: 'b.ts' }), search])).toBe('Read 2 files, searched 1 time')
  expect(labelOfRun([search, tool({ category: 'search', status: 'running' })])).toBe('Searching 2 times')
})

test('a running tool counts on, a finished one stands, one that has not started has no time', () => {
  expect(durationOf({ startedAt: 100 }, 350)).toBe(250)
  expect(durationOf({ startedAt: 100, endedAt: 150 }, 350)).toBe(50)
  expect(durationOf({}, 350)).toBeNull()
})

test('a tool that writes a whole file says so', () => {
  const write = tool({ category: 'edit', input: { path: 'a.ts', content: 'let a\n' } })
  expect([labelOf(write).verb, contentOf(write)]).toEqual(['Wrote', 'let a\n'])
  expect(contentOf(tool({ category: 'edit', input: { path: 'a.ts' } }))).toBeNull()
})

test('the command and the input of a tool are shown as they were passed', () => {
  expect(commandOf(tool({ input: { command: 'ls -l' } }))).toBe('ls -l')
  expect(commandOf(tool({ input: { command: ['ls', '-l'] } }))).toBe('ls -l')
  expect(commandOf(tool({ input: 'ls' }))).toBeNull()
  expect(inputText({})).toBe('')
  expect(inputText({ a: 1 })).toBe('{\n  "a": 1\n}')
})
