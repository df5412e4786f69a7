import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createSegmenter } from './segments.ts'
import type { Segment } from './segments.ts'

/** All segments of a text that is complete. */
function segmentsOf(text: string): readonly Segment[] {
  const { groups, tail } = createSegmenter().update(text, false)
  return [...groups.flat(), ...tail]
}

/** Kind and text alone, for tests that are about cuts. */
function cutsOf(text: string): readonly string[] {
  return segmentsOf(text).map((segment) => `${segment.kind}: ${segment.text.trimEnd()}`)
}

describe('cuts', () => {
  test('paragraphs apart by a blank line are cut, lines of one paragraph are not', () => {
    expect(cutsOf('one\ntwo\n\nthree\n')).toEqual(['text: one\ntwo', 'text: three'])
  })

  test('a heading begins a segment even without a blank line before it', () => {
    expect(cutsOf('one\n# two\nthree')).toEqual(['text: one', 'text: # two\nthree'])
  })

  test('a loose list stays whole, and the paragraph after it does not join it', () => {
    expect(cutsOf('- a\n\n- b\n\n  still b\n\nafter')).toEqual(['text: - a\n\n- b\n\n  still b', 'text: after'])
  })

  test('a fenced block is code of its own, whatever stands inside', () => {
    expect(segmentsOf('before\n```ts title\na\n\n# b\n~~~\n```\nafter')).toEqual([
      { kind: 'text', start: 0, text: 'before\n', open: false },
      { kind: 'code', start: 7, text: 'a\n\n# b\n~~~', info: 'ts title', open: false },
      { kind: 'text', start: 34, text: 'after', open: false },
    ])
  })

  test('an indented fence loses its indent in the code', () => {
    expect(segmentsOf('  ```\n  a\n    b\n  ```')).toEqual([
      { kind: 'code', start: 0, text: 'a\n  b', info: '', open: false },
    ])
  })

  test('a fence inside a list item belongs to the list, blank lines and all', () => {
    expect(cutsOf('- a\n  ```\n  x\n\ny\n')).toEqual(['text: - a\n  ```\n  x', 'text: y'])
    expect(cutsOf('- a\n  ```\n  x\n\n  y\n  ```\n- b')).toEqual(['text: - a\n  ```\n  x\n\n  y\n  ```\n- b'])
  })

  test('an unclosed fence holds the rest, open while more may come', () => {
    const { tail } = createSegmenter().update('```js\nlet a', true)
    expect(tail).toEqual([{ kind: 'code', start: 0, text: 'let a', info: 'js', open: true }])
  })

  test('carriage returns are line breaks', () => {
    expect(cutsOf('one\r\n\r\ntwo\rthree')).toEqual(['text: one', 'text: two\nthree'])
  })

  test('link definitions are collected, but not from code', () => {
    const text = '[a]: https://a.example\n\n```\n[b]: https://b.example\n```\n[c]: https://c.example'
    expect(createSegmenter().update(text, false).definitions).toBe('[a]: https://a.example\n[c]: https://c.example')
  })
})

describe('bounds', () => {
  test('a line of a megabyte is shown as it is, and what is around it as before', () => {
    const line = 'a'.repeat(1_000_000)
    expect(segmentsOf(`# x\n${line}\ny`).map(({ kind, text }) => [kind, text.length])).toEqual([
      ['text', 4],
      ['plain', 1_000_001],
      ['text', 1],
    ])
  })

  test('quotes and lists nested beyond reason are shown as they are', () => {
    expect(segmentsOf(`${'>'.repeat(40)} x`).map(({ kind }) => kind)).toEqual(['plain'])
    expect(segmentsOf(`${'- '.repeat(40)}x`).map(({ kind }) => kind)).toEqual(['plain'])
  })

  test('a list of 20,000 items is cut between items', () => {
    const segments = segmentsOf('- item\n'.repeat(20_000))
    expect(segments.length).toBeGreaterThan(5)
    expect(segments.every(({ text }) => text.length < 17_000 && text.startsWith('- item'))).toBe(true)
  })

  test('ten megabytes are cut in one pass, not in a pass for each line', () => {
    const text = 'Some words in a line.\n\n'.repeat(450_000)
    const before = performance.now()
    expect(segmentsOf(text)).toHaveLength(450_000)
    expect(performance.now() - before).toBeLessThan(10_000)
  })
})

/** Text made of the constructs that decide where cuts go. */
const markdown = fc
  .array(
    fc.constantFrom(
      '\n',
      '\n\n',
      '  ',
      '    ',
      '\t',
      '- ',
      '* ',
      '1. ',
      '> ',
      '# ',
      '```',
      '```ts',
      '~~~',
      '`',
      '**',
      '_',
      '[a](b)',
      '[a]: https://a.example',
      '| a | b |',
      '| - | - |',
      'word',
      'two words',
      '\r\n',
      '---',
      '===',
      '<div>',
      '\\',
      '![',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

describe('streaming', () => {
  test('a text that came in any pieces ends in the same segments as the text at once', () => {
    fc.assert(
      fc.property(markdown, fc.array(fc.nat(200), { maxLength: 12 }), (text, cuts) => {
        const segmenter = createSegmenter()
        for (const cut of cuts.toSorted((a, b) => a - b)) segmenter.update(text.slice(0, cut), true)
        expect(segmenter.update(text, false)).toEqual(createSegmenter().update(text, false))
      }),
      { numRuns: 2_000 },
    )
  })

  test('finished segments keep their identity while the text grows', () => {
    const segmenter = createSegmenter()
    const text = 'paragraph\n\n'.repeat(100)
    const early = segmenter.update(text.slice(0, 800), true)
    const late = segmenter.update(text, true)
    expect(early.groups.length).toBeGreaterThan(0)
    for (const [index, group] of early.groups.entries()) expect(late.groups[index]).toBe(group)
    expect(late.groups.flat()).toContain(early.tail[0])
  })

  test('no two segments hold the same character', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const parts = segmentsOf(text)
        const overlaps = parts.filter((part, index) => {
          const before = parts[index - 1]
          return before !== undefined && part.start < before.start + before.text.length
        })
        expect(overlaps).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
