import { expect, test } from 'vitest'
import { mediaOf } from './media-type.ts'

const text = (content: string): Uint8Array => Buffer.from(content)

test('text is UTF-8 without NUL, whatever its name says', () => {
  expect(mediaOf('a.ts', text('let a'), true)).toEqual({ type: 'text/plain', text: true })
  expect(mediaOf('a.css', text('a {}'), true)).toEqual({ type: 'text/css', text: true })
  expect(mediaOf('a.svg', text('<svg/>'), true)).toEqual({ type: 'image/svg+xml', text: true })
  expect(mediaOf('a.png', text('oops'), true)).toEqual({ type: 'text/plain', text: true })
  expect(mediaOf('a.txt', text('nul\0'), true)).toEqual({ type: 'application/octet-stream', text: false })
  expect(mediaOf('a.txt', Buffer.from([0xff, 0xfe, 0x41]), true)).toEqual({
    type: 'application/octet-stream',
    text: false,
  })
})

test('a character that is cut at the end of what was read is no damage, at the end of the file it is', () => {
  const cut = Buffer.from('ünï').subarray(0, 4)
  expect(mediaOf('a.txt', cut, false).text).toBe(true)
  expect(mediaOf('a.txt', cut, true).text).toBe(false)
})

test('bytes are what they begin with, and a name chooses among what that allows', () => {
  const zip = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0])
  expect(mediaOf('a.zip', zip, true).type).toBe('application/zip')
  expect(mediaOf('a.docx', zip, true).type).toBe(
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  )
  expect(mediaOf('a', Buffer.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0]), true).type).toBe('application/pdf')
  expect(mediaOf('page.html', Buffer.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0]), true).type).toBe('application/pdf')
  expect(mediaOf('a.mp4', Buffer.from([0, 0, 0]), true).type).toBe('video/mp4')
  expect(mediaOf('page.html', Buffer.from([0, 1]), true).type).toBe('application/octet-stream')
})

test('an empty file is empty text', () => {
  expect(mediaOf('a.ts', new Uint8Array(), true)).toMatchObject({ text: true })
  expect(mediaOf('a.png', new Uint8Array(), true)).toEqual({ type: 'text/plain', text: true })
})
