import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { compareTexts, wordMarks } from './compare.ts'
import { parsePatch } from './patch.ts'
import type { FileDiff } from './patch.ts'
import { rowsOf } from './rows.ts'

const none: ReadonlySet<number> = new Set()

/** Lines as a patch writes them, with their numbers. */
function linesOf(file: FileDiff | undefined): readonly string[] {
  const mark = { context: ' ', add: '+', delete: '-' } as const
  return (file?.hunks ?? []).flatMap((hunk) =>
    hunk.lines.map(
      ({ kind, text, oldNumber, newNumber }) => `${oldNumber ?? ''}:${newNumber ?? ''} ${mark[kind]}${text}`,
    ),
  )
}

describe('patches', () => {
  test('lines have the numbers of both versions', () => {
    const [file] = parsePatch('--- a/x.ts\n+++ b/x.ts\n@@ -3,3 +3,3 @@ class X\n a\n-b\n+B\n c\n')
    expect(linesOf(file)).toEqual(['3:3  a', '4: -b', ':4 +B', '5:5  c'])
    expect({ ...file, hunks: file?.hunks.map(({ section }) => section) }).toEqual({
      path: 'x.ts',
      oldPath: null,
      status: 'modified',
      binary: false,
      added: 1,
      removed: 1,
      hunks: ['class X'],
      newLines: null,
    })
  })

  test('git says what happened to a file', () => {
    const patch = [
      'diff --git a/new.txt b/new.txt',
      'new file mode 100644',
      '--- /dev/null',
      '+++ b/new.txt',
      '@@ -0,0 +1 @@',
      '+x',
      'diff --git a/old.txt b/old.txt',
      'deleted file mode 100644',
      '--- a/old.txt',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
      'diff --git a/from me.txt b/to me.txt',
      'similarity index 100%',
      'rename from from me.txt',
      'rename to to me.txt',
      'diff --git a/a.png b/a.png',
      'Binary files a/a.png and b/a.png differ',
      'diff --git a/empty b/empty',
      'new file mode 100644',
      '',
    ].join('\n')
    expect(
      parsePatch(patch).map(({ path, oldPath, status, binary, added, removed }) => [
        path,
        oldPath,
        status,
        binary,
        added,
        removed,
      ]),
    ).toEqual([
      ['new.txt', null, 'added', false, 1, 0],
      ['old.txt', null, 'deleted', false, 0, 1],
      ['to me.txt', 'from me.txt', 'renamed', false, 0, 0],
      ['a.png', null, 'modified', true, 0, 0],
      ['empty', null, 'added', false, 0, 0],
    ])
  })

  test('deleted lines that look like headers are deleted lines', () => {
    const [file] = parsePatch('--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,1 @@\n--- a comment\n x\n')
    expect(linesOf(file)).toEqual(['1: --- a comment', '2:1  x'])
  })

  test('headers that promise too much or too little lose no line', () => {
    const [much, next] = parsePatch(
      '--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n a\n-b\n@@ -20 +19 @@\n-c\n+C\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-d\n+D\n',
    )
    expect(linesOf(much)).toEqual(['1:1  a', '2: -b', '20: -c', ':19 +C'])
    expect(next?.path).toBe('y')
    const [little] = parsePatch('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+A\n+B\n')
    expect(linesOf(little)).toEqual(['1: -a', ':1 +A', ':2 +B'])
  })

  test('what is no patch has no files', () => {
    expect(parsePatch('')).toEqual([])
    expect(parsePatch('Some text\n- with a list\n+ and more')).toEqual([])
  })

  test('any text is read without an error', () => {
    const parts = fc.array(
      fc.constantFrom(
        'diff --git a/x b/x\n',
        '--- a/x\n',
        '+++ b/x\n',
        '@@ -1,2 +1,2 @@\n',
        '@@ -1 +1 @@',
        '+a\n',
        '-b\n',
        ' c\n',
        '\n',
        '\\ No newline\n',
        'junk\n',
        '\r\n',
        'rename from x\n',
      ),
    )
    fc.assert(
      fc.property(parts, (lines) => {
        for (const file of parsePatch(lines.join(''))) expect(rowsOf(file, none).rows.length).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('versions', () => {
  test('two texts differ in their changed lines, with three lines around', () => {
    const old = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`)
    const file = compareTexts(old.join('\n'), old.with(9, 'new line').join('\n'), 'a.txt')
    expect(linesOf(file)).toEqual([
      '7:7  line 7',
      '8:8  line 8',
      '9:9  line 9',
      '10: -line 10',
      ':10 +new line',
      '11:11  line 11',
      '12:12  line 12',
      '13:13  line 13',
    ])
    expect(rowsOf(file, none).rows.filter(({ kind }) => kind === 'gap')).toEqual([
      { kind: 'gap', gap: 0, count: 6, section: '', known: true },
      { kind: 'gap', gap: 1, count: 7, section: '', known: true },
    ])
    const { rows, oldCode, newCode } = rowsOf(file, new Set([0, 1]))
    expect(rows.map((row) => (row.kind === 'line' ? `${row.line.oldNumber}:${row.line.newNumber}` : row.kind))).toEqual(
      [
        ...Array.from({ length: 9 }, (_, index) => `${index + 1}:${index + 1}`),
        '10:null',
        'null:10',
        ...Array.from({ length: 10 }, (_, index) => `${index + 11}:${index + 11}`),
      ],
    )
    expect([oldCode, newCode]).toEqual([old.join('\n'), old.with(9, 'new line').join('\n')])
  })

  test('a new text is all added, an emptied one all deleted, an equal one nothing', () => {
    expect(compareTexts('', 'a\nb\n', 'x')).toMatchObject({ status: 'added', added: 2, removed: 0 })
    expect(compareTexts('a\nb\n', '', 'x')).toMatchObject({ status: 'deleted', added: 0, removed: 2 })
    expect(compareTexts('a', 'a', 'x')).toMatchObject({ status: 'modified', hunks: [] })
  })

  test('applying the difference to the old version gives the new one', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '', ' d'), { maxLength: 30 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = before === '' ? [] : before.replace(/\n$/, '').split('\n')
        const result: string[] = []
        let at = 0
        for (const hunk of compareTexts(before, after, 'x').hunks) {
          const first = hunk.lines.find((line) => line.oldNumber !== null)?.oldNumber
          const start = first === undefined || first === null ? hunk.oldStart : first - 1
          result.push(...lines.slice(at, start))
          at = start + hunk.lines.filter(({ kind }) => kind !== 'add').length
          result.push(...hunk.lines.filter(({ kind }) => kind !== 'delete').map((line) => line.text))
        }
        expect([...result, ...lines.slice(at)]).toEqual(after === '' ? [] : after.replace(/\n$/, '').split('\n'))
      }),
    )
  })

  test('texts too different to compare are shown as replaced', () => {
    const lines = (salt: string): string =>
      Array.from({ length: 9_000 }, (_, index) => `${salt} ${index * 7}`).join('\n')
    expect(compareTexts(lines('a'), lines('b'), 'x')).toMatchObject({ added: 9_000, removed: 9_000 })
  })
})

describe('changed words', () => {
  const marksOf = (patch: string): unknown => {
    const lines = parsePatch(`--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n${patch}`)[0]?.hunks[0]?.lines ?? []
    const marks = wordMarks(lines)
    return lines.map((line) => (marks.get(line) ?? []).map(({ start, end }) => line.text.slice(start, end)))
  }

  test('paired lines show which words changed', () => {
    expect(marksOf('-const a = 1\n+const b = 1\n')).toEqual([['a'], ['b']])
    expect(marksOf('-one\n-two x\n+one\n+two y\n')).toEqual([[], ['x'], [], ['y']])
  })

  test('lines that have little in common, and lines without a partner, have no marks', () => {
    expect(marksOf('-const a = 1\n+return null\n')).toEqual([[], []])
    expect(marksOf('-a b c\n d\n+a b d\n')).toEqual([[], [], []])
  })
})
