import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { minimalEdit } from './text-edit.ts'

test('only what differs is replaced', () => {
  expect(minimalEdit('one two three', 'one 2 three')).toEqual({ start: 4, end: 7, text: '2' })
  expect(minimalEdit('abc', 'abcd')).toEqual({ start: 3, end: 3, text: 'd' })
  expect(minimalEdit('aa', 'a')).toEqual({ start: 1, end: 2, text: '' })
  expect(minimalEdit('same', 'same')).toBeNull()
})

test('a character of two halves is replaced whole', () => {
  expect(minimalEdit('a😀b', 'a😁b')).toEqual({ start: 1, end: 3, text: '😁' })
})

test('applied, it always gives the other text', () => {
  const text = string({ unit: 'grapheme', maxLength: 30 })
  assert(
    property(text, text, text, (before, middle, after) => {
      const [from, to] = [before + after, before + middle + after]
      const edit = minimalEdit(from, to)
      const applied = edit === null ? from : from.slice(0, edit.start) + edit.text + from.slice(edit.end)
      expect(applied).toBe(to)
    }),
  )
})
