import { expect, test } from 'vitest'
import { growth } from './growth.ts'

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('')

test('text that goes on is told by what was added', () => {
  expect(growth('abc', 'abcdef')).toBe('def')
  expect(growth('abc', 'abc')).toBe('')
  expect(growth('', 'abc')).toBe('abc')
})

test('a window over the end of a long text is recognised', () => {
  expect(growth(lines(0, 200), lines(120, 260))).toBe(lines(200, 260))
})

test('other text is no growth', () => {
  expect(growth('abc', 'abd')).toBeNull()
  expect(growth(lines(0, 200), lines(300, 400))).toBeNull()
  expect(growth('abcdef', 'abc')).toBeNull()
})
