import { describe, expect, test } from 'vitest'

import {
  formatBytes,
  formatCost,
  formatCount,
  formatDuration,
  formatPlural,
  formatRelative,
  formatTokens,
} from './format.ts'

test.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [Number.NaN, '0 ms'],
  [0.2, '1 ms'],
  [850, '850 ms'],
  [999.7, '1 s'],
  [1_000, '1 s'],
  [4_240, '4.2 s'],
  [9_960, '10 s'],
  [38_400, '38 s'],
  [59_600, '1 min'],
  [180_000, '3 min'],
  [3_599_000, '1 h'],
  [4_320_000, '1 h 12 min'],
  [86_399_000, '1 d'],
  [97_200_000, '1 d 3 h'],
])('%d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1k'],
  [12_440, '12.4k'],
  [99_960, '100k'],
  [340_000, '340k'],
  [999_600, '1M'],
  [1_840_000, '1.8M'],
  [2_500_000_000, '2.5B'],
  [Number.POSITIVE_INFINITY, '0'],
])('%d counts as %s', (count, text) => {
  expect(formatCount(count)).toBe(text)
})

test('words agree with their numbers', () => {
  expect(formatTokens(12_400)).toBe('12.4k tokens')
  expect(formatTokens(1)).toBe('1 token')
  expect(formatPlural(0, 'file')).toBe('0 files')
  expect(formatPlural(2, 'entry', 'entries')).toBe('2 entries')
})

test.each([
  [0, '$0.00'],
  [-1, '$0.00'],
  [0.001, '<$0.01'],
  [0.18, '$0.18'],
  [12.4, '$12.40'],
  [1_204.3, '$1,204'],
])('%d dollars read %s', (usd, text) => {
  expect(formatCost(usd)).toBe(text)
})

test.each([
  [0, '0 B'],
  [812, '812 B'],
  [1_000, '1 KB'],
  [4_300, '4.2 KB'],
  [1_023_999, '1 MB'],
  [40_000_000, '38 MB'],
  [1_610_612_736, '1.5 GB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

describe('relative times', () => {
  const now = new Date(2025, 10, 21, 12, 0).getTime()
  const minutes = (count: number): number => now - count * 60_000

  test.each([
    [minutes(0), 'now'],
    [minutes(0.7), 'now'],
    [minutes(4), '4 min ago'],
    [minutes(-4), 'in 4 min'],
    [minutes(59.6), '1 h ago'],
    [minutes(180), '3 h ago'],
    [minutes(24 * 60), 'yesterday'],
    [minutes(-24 * 60), 'tomorrow'],
    [minutes(5 * 24 * 60), '5 d ago'],
    [minutes(12 * 24 * 60), '9 Nov'],
    [minutes(400 * 24 * 60), '17 Oct 2024'],
  ])('%d reads %s', (at, text) => {
    expect(formatRelative(at, now, 'en-GB')).toBe(text)
  })
})
