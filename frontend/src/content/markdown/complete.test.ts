import { describe, expect, test } from 'vitest'

import { completeCode, completeTail } from './complete.ts'

describe('half-written inline text', () => {
  test.each([
    ['**bold te', '**bold te**'],
    ['**bold*', '**bold**'],
    ['**', ''],
    ['a **b _c', 'a **b _c_**'],
    ['a **', 'a '],
    ['*it', '*it*'],
    ['***both', '***both***'],
    ['~~gone', '~~gone~~'],
    ['snake_case_na', 'snake_case_na'],
    ['2 * 3', '2 * 3'],
    ['**done** and', '**done** and'],
    ['**bold ', '**bold**'],
    ['\\*not', '\\*not'],
  ])('emphasis: %s', (text, shown) => {
    expect(completeTail(text)).toBe(shown)
  })

  test.each([
    ['see `code', 'see `code`'],
    ['see `', 'see'],
    ['``a ` b', '``a ` b``'],
    ['``a`', '``a``'],
    ['`a` and `b` x', '`a` and `b` x'],
    ['`**` x', '`**` x'],
  ])('code: %s', (text, shown) => {
    expect(completeTail(text)).toBe(shown)
  })

  test.each([
    ['see [the doc', 'see the doc'],
    ['see [the doc]', 'see the doc'],
    ['see [the doc](https://exa', 'see the doc'],
    ['see [the **do', 'see the **do**'],
    ['see [a](https://a.example) x', 'see [a](https://a.example) x'],
    ['see ![alt](https://exa', 'see '],
    ['list[0', 'list[0'],
  ])('links: %s', (text, shown) => {
    expect(completeTail(text)).toBe(shown)
  })

  test('what stands in an earlier paragraph or item is left alone', () => {
    expect(completeTail('a ** b\n\nc')).toBe('a ** b\n\nc')
    expect(completeTail('- **a\n- b')).toBe('- **a\n- b')
  })
})

describe('half-written blocks', () => {
  test.each([
    ['Text:\n-', 'Text:\n'],
    ['Text\n==', 'Text\n'],
    ['a\n\n##', 'a\n\n'],
    ['- a\n  -', '- a\n'],
    ['a\n1.', 'a\n'],
    ['a\n``', 'a\n'],
    ['> a\n>', '> a\n'],
    ['- [', ''],
    ['- [x', ''],
    ['- [x] done', '- [x] done'],
  ])('markers wait for what they mark: %s', (text, shown) => {
    expect(completeTail(text)).toBe(shown)
  })

  test('a table shows its header as soon as that line is whole', () => {
    expect(completeTail('| a | b')).toBe('')
    expect(completeTail('| a | b |\n')).toBe('| a | b |\n| --- | --- |')
    expect(completeTail('| a | b |\n| -')).toBe('| a | b |\n| --- | --- |')
    expect(completeTail('| a | b |\n| - | - |\n| 1')).toBe('| a | b |\n| - | - |\n| 1')
  })

  test('half a closing fence is not code', () => {
    expect(completeCode('let a\n``')).toBe('let a\n')
    expect(completeCode('let a\nlet b')).toBe('let a\nlet b')
  })
})
