import type { FileStat } from '@octo/protocol'
import { expect, test } from 'vitest'
import { decideOnDisk, viewKindOf } from './disk-decision.ts'

const stat = (patch: Partial<FileStat> = {}): FileStat => ({
  path: 'a.txt',
  kind: 'file',
  bytes: 10,
  modifiedAt: 0,
  etag: '"1"',
  type: 'text/plain',
  text: true,
  writable: true,
  ...patch,
})

test('a file is shown as what it is', () => {
  expect(viewKindOf(stat())).toBe('text')
  expect(viewKindOf(stat({ type: 'image/svg+xml' }))).toBe('text')
  expect(viewKindOf(stat({ bytes: 21 * 1_048_576 }))).toBe('large-text')
  expect(viewKindOf(stat({ text: false, type: 'image/png' }))).toBe('image')
  expect(viewKindOf(stat({ text: false, type: 'image/tiff' }))).toBe('binary')
  expect(viewKindOf(stat({ text: false, type: 'application/pdf' }))).toBe('pdf')
  expect(viewKindOf(stat({ text: false, type: 'video/mp4' }))).toBe('media')
  expect(viewKindOf(stat({ text: false, type: 'application/zip' }))).toBe('binary')
  expect(viewKindOf(stat({ kind: 'folder', text: false }))).toBe('folder')
  expect(viewKindOf(stat({ kind: 'symlink', target: 'file' }))).toBe('text')
  expect(viewKindOf(stat({ kind: 'symlink' }))).toBe('special')
  expect(viewKindOf(stat({ kind: 'other' }))).toBe('special')
})

test('what is not changed is kept, whether something was typed or not', () => {
  for (const dirty of [false, true]) {
    expect(decideOnDisk({ etag: '"1"', dirty }, stat())).toEqual({ kind: 'keep' })
  }
})

test('a change is shown at once where nothing was typed, and asked about where something was', () => {
  expect(decideOnDisk({ etag: '"1"', dirty: false }, stat({ etag: '"2"' }))).toEqual({ kind: 'reload' })
  expect(decideOnDisk({ etag: '"1"', dirty: true }, stat({ etag: '"2"' }))).toEqual({ kind: 'compare' })
})

test('a file that is gone is said so once, and found again when it comes back', () => {
  expect(decideOnDisk({ etag: '"1"', dirty: false }, null)).toEqual({ kind: 'gone' })
  expect(decideOnDisk({ etag: null, dirty: true }, null)).toEqual({ kind: 'keep' })
  expect(decideOnDisk({ etag: null, dirty: false }, stat())).toEqual({ kind: 'reload' })
  expect(decideOnDisk({ etag: null, dirty: true }, stat())).toEqual({ kind: 'compare' })
})

test('a text that became something else is shown as that, unless something was typed', () => {
  const image = stat({ etag: '"2"', text: false, type: 'image/png' })
  expect(decideOnDisk({ etag: '"1"', dirty: false }, image)).toEqual({ kind: 'reopen' })
  expect(decideOnDisk({ etag: '"1"', dirty: true }, image)).toEqual({ kind: 'gone' })
})
