import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

function split(
  chunks: readonly Uint8Array[],
  options: { maxBytes?: number; skippable?: (head: string) => boolean } = {},
) {
  const lines: string[] = []
  const tooLong: string[] = []
  const splitter = new LineSplitter(
    { maxBytes: options.maxBytes ?? 1_000, ...(options.skippable && { skippable: options.skippable }) },
    { line: (text) => lines.push(text), tooLong: (head) => tooLong.push(head) },
  )
  for (const chunk of chunks) splitter.push(chunk)
  return { lines, tooLong, rest: splitter.rest }
}

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')

test('lines come out the same wherever the stream is cut', () => {
  const line = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll(/[\n\r]/gu, ''))
  const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), cuts, (lines, sizes) => {
      const whole = bytes(lines.map((text) => `${text}\n`).join(''))
      const chunks: Buffer[] = []
      let at = 0
      for (const size of sizes) {
        chunks.push(whole.subarray(at, at + size))
        at += size
      }
      chunks.push(whole.subarray(at))
      const expected = lines.map((text) => bytes(text).toString('utf8'))
      expect(split(chunks)).toEqual({ lines: expected, tooLong: [], rest: '' })
    }),
  )
})

test('only LF ends a line: a carriage return before it is dropped, U+2028 stays', () => {
  expect(split([bytes('a\r\nb\u2028c\n\nhalf')]).lines).toEqual(['a', 'b\u2028c', ''])
  expect(split([bytes('half')]).rest).toBe('half')
})

test('a line past the cap ends the reading, and its memory is given back', () => {
  const pieces = Array.from({ length: 100 }, () => Buffer.alloc(50, 'x'))
  const result = split([bytes('ok\n'), ...pieces, bytes('\nafter\n')])
  expect(result).toEqual({ lines: ['ok'], tooLong: ['x'.repeat(256)], rest: '' })
})

test('a line past the cap that only repeats is skipped, and reading goes on behind it', () => {
  const skippable = (head: string): boolean => head.startsWith('{"again"')
  const long = `{"again":"${'x'.repeat(5_000)}"}\n`
  expect(
    split([bytes(`first\n${long.slice(0, 700)}`), bytes(long.slice(700)), bytes('last\n')], { skippable }),
  ).toEqual({
    lines: ['first', 'last'],
    tooLong: [],
    rest: '',
  })
})
