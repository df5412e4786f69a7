import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createAnsiParser, plainOutput } from './ansi-parser.ts'
import type { AnsiSpan } from './ansi-parser.ts'
import { PLAIN } from './ansi-style.ts'

const ESC = '\u001b'

/** The spans of a text of one line, with what differs from plain. */
function spansOf(text: string): readonly (readonly [string, Record<string, unknown>])[] {
  const { lines } = createAnsiParser().update(text)
  return (lines[0]?.spans ?? []).map((span) => [span.text, differences(span)] as const)
}

function differences({ style, href }: AnsiSpan): Record<string, unknown> {
  const changed = Object.entries(style).filter(([key, value]) => value !== Reflect.get(PLAIN, key))
  return { ...Object.fromEntries(changed), ...(href === null ? {} : { href }) }
}

describe('colours', () => {
  test('the sixteen, the palette and true colours', () => {
    expect(spansOf(`${ESC}[31ma${ESC}[92mb${ESC}[38;5;9mc${ESC}[38;5;208md${ESC}[38;2;1;2;3me${ESC}[0mf`)).toEqual([
      ['a', { colour: 1 }],
      ['b', { colour: 10 }],
      ['c', { colour: 9 }],
      ['d', { colour: 'rgb(255 135 0)' }],
      ['e', { colour: 'rgb(1 2 3)' }],
      ['f', {}],
    ])
  })

  test('attributes add up until they are taken away', () => {
    expect(spansOf(`${ESC}[1;4ma${ESC}[22mb${ESC}[mc${ESC}[41;7md`)).toEqual([
      ['a', { bold: true, underline: true }],
      ['b', { underline: true }],
      ['c', {}],
      ['d', { background: 1, inverse: true }],
    ])
  })

  test('broken and unknown codes change nothing', () => {
    expect(
      spansOf(`${ESC}[38;5ma${ESC}[999mb${ESC}[38;5;900mc${ESC}[58;5;3md`)
        .map(([text]) => text)
        .join(''),
    ).toBe('abcd')
    expect(spansOf(`${ESC}[38;5ma`)).toEqual([['a', {}]])
  })
})

describe('control characters', () => {
  test.each([
    ['moving the cursor', `a${ESC}[2J${ESC}[10;10Hb${ESC}[3Ac`, 'abc'],
    ['titles', `a${ESC}]0;pwned\u0007b${ESC}]2;pwned${ESC}\\c`, 'abc'],
    ['questions to the terminal', `a${ESC}[c${ESC}[6n${ESC}Pq$q${ESC}\\b${ESC}[>cc`, 'abc'],
    ['the clipboard', `a${ESC}]52;c;cHduZWQ=\u0007b`, 'ab'],
    ['character sets and resets', `a${ESC}(Bb${ESC}cc${ESC}7d`, 'abcd'],
    ['bells, nulls and C1 controls', 'a\u0007b\u0000c\u0085d\u009b31me', 'abcde'],
    ['private strings', `a${ESC}_x${ESC}\\b${ESC}^y${ESC}\\c`, 'abc'],
  ])('%s are dropped', (_, text, plain) => {
    expect(plainOutput(text)).toBe(plain)
  })

  test('a carriage return begins the line again, before a line break it does not', () => {
    expect(plainOutput('10 %\r20 %\r100 %\r\ndone\r\n')).toBe('100 %\ndone')
    expect(plainOutput(`abc${ESC}[2Kd\ne\u0008f`)).toBe('d\nf')
  })
})

describe('links', () => {
  test.each([
    ['https://a.example/', 'https://a.example/'],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['data:text/html,x', null],
  ])('%s', (target, href) => {
    const { lines } = createAnsiParser().update(`${ESC}]8;;${target}${ESC}\\text${ESC}]8;;${ESC}\\ after`)
    expect(lines[0]?.spans[0]?.href).toBe(href)
    expect(lines[0]?.spans.at(-1)?.href).toBeNull()
  })
})

describe('bounds', () => {
  test('of an endless output the end is kept, and what is gone is counted', () => {
    const { lines, dropped } = createAnsiParser().update('x\n'.repeat(50_000))
    expect(lines.length).toBeGreaterThanOrEqual(5_000)
    expect(lines.length).toBeLessThan(6_001)
    expect(lines.length + dropped).toBe(50_000)
  })

  test('of an endless line the beginning is kept', () => {
    const { lines } = createAnsiParser().update('x'.repeat(1_000_000))
    expect(lines.map(({ spans, omitted }) => [spans.map((span) => span.text.length), omitted])).toEqual([
      [[4_000], 996_000],
    ])
  })

  test('a line of a thousand colours goes on in the last one it may have', () => {
    const { lines } = createAnsiParser().update(
      Array.from({ length: 1_000 }, (_, index) => `${ESC}[${30 + (index % 8)}mx`).join(''),
    )
    expect(lines[0]?.spans.length).toBe(400)
    expect(plainOutput(`${ESC}]${'x'.repeat(100_000)}`).length).toBeLessThanOrEqual(4_000)
  })

  test.each([
    ['escapes without end', `${ESC}[`.repeat(200_000)],
    ['strings without end', `${ESC}]8;;`.repeat(100_000)],
    ['parameters without end', `${ESC}[${'1;'.repeat(500_000)}`],
    ['backspaces', 'x\u0008'.repeat(200_000)],
    ['carriage returns', 'x\r'.repeat(300_000)],
  ])('%s take less than two seconds', (_, text) => {
    const before = performance.now()
    createAnsiParser().update(text)
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})

test('an output that came in any pieces reads as if it had come at once', () => {
  const parts = fc.array(
    fc.constantFrom(
      'a',
      'bc ',
      '\n',
      '\r',
      '\r\n',
      `${ESC}[31m`,
      `${ESC}[0m`,
      `${ESC}[38;5;2`,
      `00m`,
      `${ESC}]8;;https://a.example${ESC}\\`,
      `${ESC}]0;t\u0007`,
      ESC,
      '[',
      ']',
      '\u0008',
      `${ESC}[2K`,
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(parts, fc.array(fc.nat(60), { maxLength: 8 }), (words, cuts) => {
      const text = words.join('')
      const parser = createAnsiParser()
      for (const cut of cuts.toSorted((a, b) => a - b)) parser.update(text.slice(0, cut))
      const pieces = parser.update(text)
      const whole = createAnsiParser().update(text)
      const flat = ({ lines }: typeof whole): unknown =>
        lines.map(({ spans }) => spans.flatMap((span) => span.text.split('').map((char) => [char, differences(span)])))
      expect(flat(pieces)).toEqual(flat(whole))
    }),
    { numRuns: 1_000 },
  )
})
