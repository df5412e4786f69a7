import { assert, constantFrom, integer, property, record, string, uniqueArray } from 'fast-check'
import type { Entry } from '@octo/protocol'
import { expect, test } from 'vitest'
import { cursorOf, orderKey, pageOf } from './folder-order.ts'

const entry = (name: string, kind: Entry['kind'] = 'file'): Entry => ({ name, kind })

test('folders come first, capitals do not matter, numbers count by their value', () => {
  const names = [entry('b'), entry('A'), entry('file10'), entry('file9'), entry('z', 'folder'), entry('file09')]
  expect(pageOf(names, undefined, 10_000).entries.map(({ name }) => name)).toEqual([
    'z',
    'A',
    'b',
    'file09',
    'file9',
    'file10',
  ])
})

test('pages of any size hold every entry once, in order, and no page is larger than asked', () => {
  const kinds = constantFrom<Entry['kind']>('file', 'folder', 'symlink', 'other')
  const name = string({ minLength: 1, maxLength: 20, unit: 'binary' }).filter((text) => text.isWellFormed())
  const entries = uniqueArray(record({ name, kind: kinds }), { selector: (made) => made.name })
  assert(
    property(entries, integer({ min: 1, max: 2_000 }), (folder, maxBytes) => {
      const seen: Entry[] = []
      let after: string | undefined
      for (;;) {
        const page = pageOf(folder, after, maxBytes)
        const bytes = Buffer.byteLength(JSON.stringify(page.entries))
        expect(page.entries.length === 1 || bytes <= maxBytes + 2).toBe(true)
        seen.push(...page.entries)
        after = page.next
        if (after === undefined) break
      }
      const sorted = folder.map((made) => ({ made, key: orderKey(made) })).toSorted((a, b) => (a.key < b.key ? -1 : 1))
      expect(seen).toEqual(sorted.map(({ made }) => made))
    }),
  )
})

test('a page goes on where the last one ended, also when that entry has gone since', () => {
  const folder = ['a', 'b', 'c', 'd'].map((name) => entry(name))
  expect(pageOf(folder, cursorOf(entry('b')), 10_000).entries.map(({ name }) => name)).toEqual(['c', 'd'])
  const without = folder.filter(({ name }) => name !== 'b')
  expect(pageOf(without, cursorOf(entry('b')), 10_000).entries.map(({ name }) => name)).toEqual(['c', 'd'])
})
