import { expect, test } from 'vitest'
import { capValue } from './cap-value.ts'

test('small values stay as they are', () => {
  const value = { path: 'a.txt', edits: [{ oldText: 'a', newText: 'b' }], count: 3, none: null }
  expect(capValue(value)).toEqual(value)
})

test('long strings, long lists and deep nesting are cut with a word about it', () => {
  let deep: unknown = 'bottom'
  for (let depth = 0; depth < 20; depth += 1) deep = { deep }
  const capped = capValue({ text: 'x'.repeat(5_000), list: Array.from({ length: 150 }, () => 1), deep })
  const { text, list } = capped as { text: string; list: unknown[] }
  expect(text).toBe(`${'x'.repeat(4_096)}… (904 more characters)`)
  expect(list.at(-1)).toBe('… (50 more)')
  expect(JSON.stringify(capped)).toContain('nested too deeply')
})

test('what is large in many small pieces becomes one short string', () => {
  const value = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`key${index}`, 'y'.repeat(1_000)]))
  expect(JSON.stringify(capValue(value)).length).toBeLessThan(16_384)
})
