// @vitest-environment happy-dom
import type { BlobId } from '@octo/protocol'
import { MAX_ATTACHMENTS } from '@octo/protocol/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Attachment, Draft } from './drafts.ts'
import { draftOf, forgetDraft, parseDraft, promptOf } from './drafts.ts'

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const blob = (name: string, upload: Extract<Attachment, { kind: 'blob' }>['upload']): Attachment => ({
  kind: 'blob',
  key: name,
  name,
  type: 'image/png',
  bytes: 1,
  upload,
})
const done = { state: 'done', blob: 'b' as BlobId } as const

test('a draft is stored while it is typed, and gone once it is sent', () => {
  const draft = draftOf('typed')
  draft.setText('half a')
  draft.setText('half a thought')
  vi.advanceTimersByTime(1_000)
  expect(JSON.parse(localStorage.getItem('octo.draft.typed') ?? '')).toMatchObject({ text: 'half a thought' })
  draft.clear()
  expect(localStorage.getItem('octo.draft.typed')).toBeNull()
})

test('a prompt holds what was uploaded and the files its text still mentions', () => {
  const attachments: Attachment[] = [
    { kind: 'file', key: 'file:a.ts', path: 'a.ts' },
    { kind: 'file', key: 'file:gone.ts', path: 'gone.ts' },
    blob('shot.png', done),
    blob('broken.png', { state: 'failed', message: 'no' }),
  ]
  expect(promptOf({ text: ' look at @a.ts ', attachments })).toEqual({
    text: 'look at @a.ts',
    attachments: [
      { type: 'file', path: 'a.ts' },
      { type: 'blob', blob: 'b', name: 'shot.png' },
    ],
  })
})

test('nothing is sent while there is nothing, or something is still on its way', () => {
  expect(promptOf({ text: '  ', attachments: [] })).toBeNull()
  expect(promptOf({ text: 'go', attachments: [blob('a.png', { state: 'running', share: 0.5 })] })).toBeNull()
  expect(promptOf({ text: '', attachments: [blob('a.png', done)] })).toMatchObject({ text: '' })
})

test('a prompt that could not be sent comes back before what was typed since', () => {
  const draft = draftOf('restored')
  draft.setText('and more')
  draft.restore({ text: 'first', attachments: [{ type: 'blob', blob: 'b' as BlobId, name: 'a.png' }] })
  expect(draft.draft).toMatchObject({ text: 'first\n\nand more', attachments: [{ name: 'a.png', upload: done }] })
  forgetDraft('restored')
})

test('the same file is attached once, and never more than a prompt may hold', () => {
  const draft = draftOf('full')
  draft.addPath('a.ts')
  draft.addPath('a.ts')
  for (let at = 0; at < 2 * MAX_ATTACHMENTS; at += 1) draft.addPath(`${at}.ts`)
  expect(draft.draft.attachments).toHaveLength(MAX_ATTACHMENTS)
  forgetDraft('full')
})

test('after a reload an unfinished upload is gone and the rest is there', () => {
  const stored: Draft = {
    text: 'x',
    attachments: [
      blob('a.png', { state: 'running', share: 0.2 }),
      blob('b.png', done),
      { kind: 'file', key: 'k', path: 'p' },
    ],
  }
  expect(parseDraft(JSON.parse(JSON.stringify(stored))).attachments.map(({ key }) => key)).toEqual(['b.png', 'k'])
  expect(parseDraft({ text: 1 })).toEqual({ text: '', attachments: [] })
})
