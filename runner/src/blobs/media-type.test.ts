import { expect, test } from 'vitest'
import { isRasterImage, sniffType, SNIFFED_BYTES } from './media-type.ts'

const text = 'text/plain; charset=utf-8'
const octets = 'application/octet-stream'

test.each([
  ['image/png', Buffer.from('89504e470d0a1a0a0000', 'hex')],
  ['image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
  ['image/gif', Buffer.from('GIF89a....')],
  ['image/webp', Buffer.from('RIFF....WEBPVP8 ')],
  ['application/pdf', Buffer.from('%PDF-1.7\n')],
  [text, Buffer.from('grüße, мир, 世界')],
  [text, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
  [text, Buffer.from('<!doctype html><script>alert(1)</script>')],
  [text, Buffer.alloc(0)],
  [octets, Buffer.from('text with a \0 in it')],
  [octets, Buffer.from([0xc3, 0x28])],
  [octets, Buffer.from('52494646ffffffff57415645', 'hex')],
])('%s is told from the bytes alone', (type, bytes) => {
  expect(sniffType(bytes)).toBe(type)
})

test('a character cut by the end of what is looked at does not make text binary', () => {
  const head = Buffer.from('x'.repeat(SNIFFED_BYTES - 1) + 'é').subarray(0, SNIFFED_BYTES)
  expect(sniffType(head)).toBe(text)
})

test('only pictures without scripts are shown in a page', () => {
  expect(['image/png', 'image/svg+xml', text, 'application/pdf'].map(isRasterImage)).toEqual([
    true,
    false,
    false,
    false,
  ])
})
