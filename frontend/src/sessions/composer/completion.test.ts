import { expect, test } from 'vitest'
import { completed, rankCommand, triggerAt } from './completion.ts'

const at = (text: string) => triggerAt(text, text.length)

test('an @ at the beginning of a word completes a file', () => {
  expect(at('look at @src/a')).toEqual({ kind: 'file', query: 'src/a', from: 8, to: 14 })
  expect(at('@')).toEqual({ kind: 'file', query: '', from: 0, to: 1 })
  expect(at('(@x')).toMatchObject({ query: 'x', from: 1 })
})

test('an address or a finished mention completes nothing', () => {
  expect(at('ada@example.org')).toBeNull()
  expect(at('@a.ts and')).toBeNull()
  expect(at('plain')).toBeNull()
})

test('a / completes a command only where the text begins', () => {
  expect(at('/com')).toEqual({ kind: 'command', query: 'com', from: 0, to: 4 })
  expect(at('cd /com')).toBeNull()
  expect(at('/compact now')).toBeNull()
})

test('what stands behind the caret stays, with one space between', () => {
  const trigger = triggerAt('see @sr please', 7)
  expect(trigger).toMatchObject({ query: 'sr' })
  expect(trigger && completed('see @sr please', trigger, 'src/a.ts')).toEqual({
    text: 'see @src/a.ts please',
    caret: 14,
  })
})

test('commands that begin with what was typed come before those that contain it', () => {
  expect([
    rankCommand('compact', 'com'),
    rankCommand('recompile', 'com'),
    rankCommand('clear-old-memos', 'com'),
  ]).toEqual([0, 1, 2])
  expect(rankCommand('help', 'com')).toBeNull()
})
