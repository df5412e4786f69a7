import { expect, test } from 'vitest'
import { bytesOfPart, findLines, linesOfPart, PART_BYTES, partCount, TAIL_BYTES } from './text-pages.ts'

/** Reads a part as the viewer does. */
function linesOf(file: Uint8Array, part: number): readonly string[] {
  const { start, end } = bytesOfPart(part, file.length)
  return linesOfPart(file.subarray(start, end), part)
}

function allLines(file: Uint8Array): readonly string[] {
  return Array.from({ length: partCount(file.length) }, (_, part) => linesOf(file, part)).flat()
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

test('the parts of a file hold every line once, whole, in order', () => {
  const lines = Array.from({ length: 60_000 }, (_, number) => `line ${number} ünï 😀 ${'x'.repeat(number % 50)}`)
  for (const ending of ['\n', '']) {
    const file = encode(lines.join('\n') + ending)
    expect(partCount(file.length)).toBeGreaterThan(3)
    expect(allLines(file)).toEqual(lines)
  }
})

test('a line that ends exactly where a part ends is in that part alone', () => {
  const first = 'a'.repeat(PART_BYTES - 1)
  const file = encode(`${first}\nsecond\n`)
  expect(linesOf(file, 0).join('')).toBe(first)
  expect(linesOf(file, 1)).toEqual(['second'])
})

test('a line longer than all parts is cut, and nothing of it is left out', () => {
  const file = encode('x'.repeat(2 * PART_BYTES + 10 * TAIL_BYTES))
  const shown = allLines(file)
  expect(shown.every((line) => line.length <= 4_096)).toBe(true)
  expect(shown.join('').length).toBe(file.length)
})

test('bytes that are no UTF-8 are shown as what they are not', () => {
  expect(linesOf(new Uint8Array([0x61, 0xff, 0x0a, 0x62]), 0)).toEqual(['a\uFFFD', 'b'])
})

test('an empty file has one empty line, Windows endings are endings', () => {
  expect(linesOf(encode(''), 0)).toEqual([''])
  expect(linesOf(encode('a\r\nb\r\n'), 0)).toEqual(['a', 'b'])
})

test('what is searched is found regardless of case', () => {
  expect(findLines(['Error: x', 'fine', 'an ERROR'], 'error')).toEqual([0, 2])
  expect(findLines(['a'], '')).toEqual([])
})
