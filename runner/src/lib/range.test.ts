import { expect, test } from 'vitest'
import { parseRange } from './range.ts'

test('one range of bytes is read as HTTP means it', () => {
  expect(parseRange('bytes=0-0', 10)).toEqual({ first: 0, last: 0 })
  expect(parseRange('bytes=2-', 10)).toEqual({ first: 2, last: 9 })
  expect(parseRange('bytes=-3', 10)).toEqual({ first: 7, last: 9 })
  expect(parseRange('bytes=-30', 10)).toEqual({ first: 0, last: 9 })
  expect(parseRange('bytes=5-500', 10)).toEqual({ first: 5, last: 9 })
})

test('what a server may ignore is the whole, what is not there cannot be had', () => {
  for (const header of [undefined, '', 'bytes=-', 'bytes=1-2,4-5', 'lines=1-2', 'bytes=5-2', 'bytes=a-b']) {
    expect(parseRange(header, 10)).toBeNull()
  }
  expect(parseRange('bytes=10-', 10)).toBe('unsatisfiable')
  expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable')
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
})
