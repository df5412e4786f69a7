import { createHash } from 'node:crypto'
import type { Item, ItemId } from '@octo/protocol'
import { expect, test } from 'vitest'
import { condenseFields, condenseParts, condenseText, jsonBytes, storableForm } from './condense.ts'

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test('small parts stay as they are, growing ones whatever their size', () => {
  const parts = [
    { type: 'thinking' as const, text: 'hm' },
    { type: 'text' as const, text: 'x'.repeat(200_000), growing: true as const },
  ]
  expect(condenseParts(parts)).toEqual({ parts, blobs: new Map() })
})

test('a long text becomes its beginning, its end and a blob of the whole', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('')
  const { parts, blobs } = condenseParts([{ type: 'text', text }])
  const [part] = parts
  if (part?.type !== 'text') throw new Error('It was a text.')
  expect(part.text.startsWith('line 0\nline 1\n')).toBe(true)
  expect(part.text.endsWith('line 19999\n')).toBe(true)
  expect(part.text).toContain(`… ${text.length - 16_384 - 8_192} characters left out …`)
  expect(part.blob).toEqual({ id: sha256(text), bytes: text.length, type: 'text/plain' })
  expect(Buffer.from(blobs.values().next().value ?? []).toString()).toBe(text)
})

test('an excerpt never cuts a character in two', () => {
  const text = `x${'🦑'.repeat(50_000)}`
  const { part } = condenseText(text)
  expect(part.text.isWellFormed()).toBe(true)
})

test('a long patch keeps whole lines', () => {
  const patch = `--- a\n+++ a\n@@ -1 +1,9999 @@\n${'+added line\n'.repeat(9_999)}`
  const { parts } = condenseParts([{ type: 'diff', path: 'a', patch, added: 9_999, removed: 0 }])
  const [part] = parts
  expect(part?.type === 'diff' && part.patch.endsWith('+added line\n') && part.patch.length < 17_000).toBe(true)
})

test('an image becomes a blob of its bytes', () => {
  const bytes = Buffer.from('not really a picture')
  const { parts, blobs } = condenseParts([{ type: 'image', data: bytes.toString('base64'), mediaType: 'image/png' }])
  expect(parts).toEqual([{ type: 'image', blob: { id: sha256(bytes), bytes: bytes.length, type: 'image/png' } }])
  expect([...blobs.keys()]).toEqual([sha256(bytes)])
})

test('many large parts are cut shorter, so that the item fits its frame', () => {
  const hostile = '\u0007'.repeat(10_000)
  const { parts } = condenseParts(Array.from({ length: 300 }, () => ({ type: 'text', text: hostile })))
  expect(jsonBytes(parts)).toBeLessThan(262_145)
})

test('an item that grows is stored shorter if it would not fit a transaction', () => {
  const item = {
    id: 'itm' as ItemId,
    seq: 1,
    index: 0,
    createdAt: 0,
    kind: 'assistant',
    parts: [{ type: 'text', text: '\u0007'.repeat(200_000), rev: 0, growing: true }],
  } satisfies Item
  expect(jsonBytes(storableForm(item))).toBeLessThan(524_288)
  const small = { ...item, parts: [{ ...item.parts[0], type: 'text' as const, text: 'hi', rev: 0 }] }
  expect(storableForm(small)).toBe(small)
})

test('what an extension writes without end is cut', () => {
  const long = 'y'.repeat(1_000_000)
  const request = condenseFields({
    id: 'itm' as ItemId,
    kind: 'request',
    request: 'choice',
    title: long,
    message: long,
    options: Array.from({ length: 1_000 }, (_, index) => ({ id: String(index), label: long, effect: 'neutral' })),
    wants: 'option',
    state: 'open',
  })
  const notice = condenseFields({
    id: 'itm' as ItemId,
    kind: 'notice',
    level: 'info',
    code: 'agent',
    text: long,
    details: long,
  })
  expect(jsonBytes(request)).toBeLessThan(130_000)
  expect(jsonBytes(notice)).toBeLessThan(21_000)
})
