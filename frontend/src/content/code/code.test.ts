import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'

import { clipLine } from './clip.ts'
import { cutLine } from './code-line.tsx'
import { Highlighter } from './highlighter.ts'
import type { HighlightJob, HighlightReply } from './highlighter.ts'
import { languageOf } from './languages.ts'
import { TOKEN_CLASSES } from './token-classes.ts'
import { tokenize } from './tokenize.ts'

describe('languages', () => {
  test.each([
    ['ts', 'typescript'],
    ['TypeScript', 'typescript'],
    ['src/app.tsx', 'tsx'],
    ['Dockerfile', 'docker'],
    ['a/Makefile', 'make'],
    ['x.unknown', null],
    ['', null],
    ['constructor', null],
    ['__proto__', null],
  ])('%s is %s', (name, language) => {
    expect(languageOf(name)).toBe(language)
  })
})

describe('colours', () => {
  test('code is coloured by what it means', async () => {
    const code = 'const a = "x" // note'
    const [line = []] = await tokenize(code, 'typescript')
    const found: string[] = []
    let at = 0
    for (let index = 0; index < line.length; index += 2) {
      const length = line[index] ?? 0
      found.push(`${TOKEN_CLASSES[line[index + 1] ?? 0]}:${code.slice(at, at + length).trim()}`)
      at += length
    }
    expect(found.filter((piece) => piece !== 'plain:')).toEqual([
      'keyword:const',
      'plain:a',
      'punctuation:=',
      'string:"x"',
      'comment:// note',
    ])
  })

  test('the lengths of each line add up, whatever the code', async () => {
    const code = 'class A<T> {\n\n\t#b = `x${1}\ny`\n}\n'
    const lines = await tokenize(code, 'typescript')
    const lengths = lines.map((line) =>
      line.filter((_, index) => index % 2 === 0).reduce((sum, length) => sum + length, 0),
    )
    expect(lengths).toEqual(code.split('\n').map((line) => line.length))
  })

  test('cutting a line keeps its text', () => {
    const pairs = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 14 })))
      .map((entries) => entries.flat())
    const marks = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 6 }).map((widths) => {
      let at = 0
      return widths.map((width) => {
        const mark = { start: at + 1, end: at + 1 + width }
        at = mark.end
        return mark
      })
    })
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.option(pairs), marks, (text, colours, ranges) => {
        const pieces = cutLine(text, colours, ranges)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        expect(pieces.filter((piece) => piece.text === '')).toEqual([])
      }),
    )
    expect(cutLine('abcdef', [2, 1, 4, 2], [{ start: 1, end: 3 }])).toEqual([
      { text: 'a', token: 1, marked: false },
      { text: 'b', token: 1, marked: true },
      { text: 'c', token: 2, marked: true },
      { text: 'def', token: 2, marked: false },
    ])
  })

  test('a very long line is shown to its beginning', () => {
    expect(clipLine('a'.repeat(2_000))).toHaveLength(2_000)
    expect(clipLine('a'.repeat(1_000_000))).toBe(`${'a'.repeat(2_000)}… 998,000 more characters`)
  })
})

/** A worker that answers when it is told to. */
class FakeWorker extends EventTarget {
  readonly jobs: HighlightJob[] = []
  terminated = false

  postMessage(job: HighlightJob): void {
    this.jobs.push(job)
  }

  terminate(): void {
    this.terminated = true
  }

  answer(lines: HighlightReply['lines']): void {
    this.dispatchEvent(new MessageEvent('message', { data: { id: this.jobs.at(-1)?.id, lines } }))
  }
}

function fakeHighlighter(): { readonly highlighter: Highlighter; readonly workers: FakeWorker[] } {
  const workers: FakeWorker[] = []
  const highlighter = new Highlighter(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker as unknown as Worker
  })
  return { highlighter, workers }
}

const longCode = (count: number): string => `${count} ${'x'.repeat(20_000)}`

describe('the worker', () => {
  const never = new AbortController().signal

  test('blocks are coloured one after the other, and only once', async () => {
    const { highlighter, workers } = fakeHighlighter()
    const first = highlighter.request('a', 'css', never)
    const again = highlighter.request('a', 'css', never)
    const second = highlighter.request('b', 'css', never)
    expect(workers[0]?.jobs.map(({ code }) => code)).toEqual(['a'])
    workers[0]?.answer([[1, 2]])
    expect([await first, await again]).toEqual([[[1, 2]], [[1, 2]]])
    expect(workers[0]?.jobs.map(({ code }) => code)).toEqual(['a', 'b'])
    workers[0]?.answer(null)
    expect(await second).toBeNull()
    expect([highlighter.peek('a', 'css'), highlighter.peek('b', 'css'), highlighter.peek('c', 'css')]).toEqual([
      [[1, 2]],
      null,
      undefined,
    ])
  })

  test('a block that is no longer shown gives up its place', async () => {
    const { highlighter, workers } = fakeHighlighter()
    const gone = new AbortController()
    void highlighter.request('a', 'css', never)
    const dropped = highlighter.request('b', 'css', gone.signal)
    void highlighter.request('c', 'css', never)
    gone.abort()
    workers[0]?.answer([])
    expect(await dropped).toBeNull()
    expect(workers[0]?.jobs.map(({ code }) => code)).toEqual(['a', 'c'])
  })

  test('a grammar that hangs costs its block the colour, and the next block gets a new worker', async () => {
    vi.useFakeTimers()
    const { highlighter, workers } = fakeHighlighter()
    const stuck = highlighter.request('a', 'css', never)
    const next = highlighter.request('b', 'css', never)
    vi.advanceTimersByTime(10_000)
    expect(await stuck).toBeNull()
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false])
    workers[1]?.answer([[1, 1]])
    expect(await next).toEqual([[1, 1]])
    vi.useRealTimers()
  })

  test('a worker that cannot start is given up after three times', async () => {
    const { highlighter, workers } = fakeHighlighter()
    for (const code of ['a', 'b', 'c', 'd', 'e']) {
      const result = highlighter.request(code, 'css', never)
      workers.at(-1)?.dispatchEvent(new Event('error'))
      // oxlint-disable-next-line no-await-in-loop -- each failure is the next one's past
      expect(await result).toBeNull()
    }
    expect(workers).toHaveLength(3)
  })

  test('what waits and what is kept is bounded', async () => {
    const { highlighter, workers } = fakeHighlighter()
    const results = Array.from({ length: 200 }, (_, index) => highlighter.request(`${index}`, 'css', never))
    expect(await results[199]).toBeNull()
    for (let count = 0; count < 129; count += 1) workers[0]?.answer([])
    for (let count = 0; count < 400; count += 1) {
      const result = highlighter.request(longCode(count), 'css', never)
      workers[0]?.answer([])
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are shown
      await result
    }
    const kept = Array.from({ length: 400 }, (_, count) => highlighter.peek(longCode(count), 'css'))
    expect(kept.filter((entry) => entry !== undefined)).toHaveLength(99)
    expect(kept.at(-1)).toEqual([])
  })
})
