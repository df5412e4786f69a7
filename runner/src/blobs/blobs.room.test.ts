import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { ACTOR_HEADER, BlobId, type BlobRef, MAX_BLOB_BYTES } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { change, sampleSession, userItem } from '../store/testing/samples.ts'
import { actorHeader, ask } from '../wire/testing/client.ts'
import { openTestWire, type TestWire } from '../wire/testing/open-test-wire.ts'
import { type BlobsRoom, createBlobsRoom } from './index.ts'

const folder = useTempFolder()
let wire: TestWire
let blobs: BlobsRoom

const place = (): string => join(folder(), 'blobs')
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(100_000)])

beforeEach(async () => {
  await mkdir(place())
  blobs = createBlobsRoom({
    folder: place(),
    log: silentLog,
    store: { mentionedHashes: () => wire.store.mentionedHashes() },
  })
  wire = await openTestWire(folder(), [blobs])
})
afterEach(() => wire.close())

async function upload(body: string | Uint8Array): Promise<BlobRef> {
  const answer = await ask(wire.socket, { method: 'POST', path: '/api/blobs', body })
  return JSON.parse(answer.body.toString()) as BlobRef
}

function files(): string[] {
  const entries = readdirSync(place(), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

test('what is uploaded is named by its hash, kept once, and read by its user alone', async () => {
  const hash = createHash('sha256').update(png).digest('hex')
  expect(await upload(png)).toEqual({ id: hash, bytes: png.length, type: 'image/png' })
  expect(await upload(png)).toEqual({ id: hash, bytes: png.length, type: 'image/png' })
  expect(files()).toEqual([hash])
  expect(statSync(blobs.path(BlobId.parse(hash))).mode & 0o777).toBe(0o600)
})

test('a picture comes back whole, for ever, and is shown; anything else is a download', async () => {
  const { id } = await upload(png)
  const answer = await ask(wire.socket, { path: `/api/blobs/${id}` })
  expect([answer.status, answer.body.equals(png)]).toEqual([200, true])
  expect(answer.headers).toMatchObject({
    etag: `"${id}"`,
    'content-type': 'image/png',
    'content-length': String(png.length),
    'cache-control': 'private, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  expect(answer.headers['content-disposition']).toBeUndefined()
  const svg = await upload('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
  const served = await ask(wire.socket, { path: `/api/blobs/${svg.id}` })
  expect(served.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment',
  })
})

test('a stretch, the head alone, and nothing that is known already', async () => {
  const { id } = await upload(png)
  const path = `/api/blobs/${id}`
  const part = await ask(wire.socket, { path, headers: { range: 'bytes=10-19' } })
  expect([part.status, part.headers['content-range'], part.body.equals(png.subarray(10, 20))]).toEqual([
    206,
    `bytes 10-19/${png.length}`,
    true,
  ])
  const beyond = await ask(wire.socket, { path, headers: { range: `bytes=${png.length}-` } })
  expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${png.length}`])
  const head = await ask(wire.socket, { method: 'HEAD', path })
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(png.length), 0])
  const known = await ask(wire.socket, { path, headers: { 'if-none-match': `"${id}"` } })
  expect([known.status, known.body.length]).toEqual([304, 0])
})

test('no bytes at all are a blob too', async () => {
  const { id, bytes } = await upload('')
  const answer = await ask(wire.socket, { path: `/api/blobs/${id}` })
  expect([bytes, answer.status, answer.body.length]).toEqual([0, 200, 0])
})

test.each(['0'.repeat(64), 'x', '..%2f..%2frunner.db', 'A'.repeat(64)])('%s is not found', async (id) => {
  expect((await ask(wire.socket, { path: `/api/blobs/${id}` })).status).toBe(404)
})

test('more than the limit is refused and leaves nothing behind', async () => {
  const sent = request({
    socketPath: wire.socket,
    method: 'POST',
    path: '/api/blobs',
    headers: { [ACTOR_HEADER]: actorHeader() },
  })
  const answered = once(sent, 'response') as Promise<[{ statusCode: number }]>
  sent.on('error', () => sent.destroy())
  const megabyte = Buffer.alloc(1_048_576)
  for (let sentBytes = 0; sentBytes <= MAX_BLOB_BYTES && !sent.destroyed; sentBytes += megabyte.length)
    sent.write(megabyte)
  expect((await answered)[0].statusCode).toBe(413)
  sent.destroy()
  expect(files()).toEqual([])
})

test('an upload that is cut leaves nothing behind', async () => {
  const sent = request({
    socketPath: wire.socket,
    method: 'POST',
    path: '/api/blobs',
    headers: { [ACTOR_HEADER]: actorHeader(), 'content-length': '1000000' },
  })
  sent.on('error', () => sent.destroy())
  sent.write(Buffer.alloc(100_000))
  await filesUntil((names) => names.length === 1)
  sent.destroy()
  await filesUntil((names) => names.length === 0)
  expect(files()).toEqual([])
})

async function filesUntil(wanted: (names: string[]) => boolean): Promise<void> {
  while (!wanted(files())) await new Promise((resolve) => setImmediate(resolve))
}

test('other rooms store and read without the wire', async () => {
  const stored = await blobs.put('a long output')
  expect(stored).toMatchObject({ bytes: 13, type: 'text/plain; charset=utf-8' })
  expect(await blobs.describe(stored.id)).toEqual(stored)
  expect((await blobs.read(stored.id)).toString()).toBe('a long output')
  await expect(blobs.read(BlobId.parse('1'.repeat(64)))).rejects.toMatchObject({ code: 'not_found' })
})

test('the sweep removes what nobody mentions and is a day old, and nothing else', async () => {
  const [mentioned, queued, unused, young, again] = await Promise.all(
    ['mentioned', 'queued', 'unused', 'young', 'again'].map((text) => blobs.put(text)),
  )
  const session = sampleSession()
  const parts = [{ type: 'image' as const, blob: mentioned as BlobRef }]
  const queue = [
    { id: 'que_x' as never, parts: [{ type: 'image' as const, blob: queued as BlobRef }], author: 'ada', createdAt: 1 },
  ]
  await wire.store.commit(change({ ...session, queue }, 1, [{ ...userItem('look', { seq: 1, index: 0 }), parts }]))
  writeFileSync(join(place(), 'draft-of-a-crash'), 'half')
  const longAgo = new Date(Date.now() - 2 * 86_400_000)
  for (const blob of [mentioned, queued, unused, again]) if (blob) utimesSync(blobs.path(blob.id), longAgo, longAgo)
  utimesSync(join(place(), 'draft-of-a-crash'), longAgo, longAgo)
  await blobs.put('again')
  expect(await blobs.sweep()).toBe(1)
  const kept = [mentioned, queued, young, again].map((blob) => blob?.id ?? '')
  expect(new Set(files())).toEqual(new Set(kept))
})
