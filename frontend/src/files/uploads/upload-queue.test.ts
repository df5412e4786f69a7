import { OctoError } from '@octo/protocol/client'
import { expect, test, vi } from 'vitest'
import { type SendOptions, type Upload, UploadQueue, type UploadTransport } from './upload-queue.ts'

/** A server in memory: paths and what was written to them. */
class FakeServer implements UploadTransport {
  readonly files = new Map<string, string>()
  readonly sending: { readonly upload: Upload; readonly options: SendOptions; end(): void }[] = []
  manual = false
  refuse: OctoError | null = null
  most = 0

  async etagOf(path: string): Promise<string | null> {
    return this.files.get(path) ?? null
  }

  async send(upload: Upload, options: SendOptions): Promise<void> {
    const held = Promise.withResolvers<void>()
    const entry = { upload, options, end: held.resolve }
    this.sending.push(entry)
    this.most = Math.max(this.most, this.sending.length)
    options.signal.addEventListener('abort', () => held.reject(new OctoError('cancelled', 'cancelled')))
    if (!this.manual) held.resolve()
    try {
      await held.promise
    } finally {
      this.sending.splice(this.sending.indexOf(entry), 1)
    }
    if (this.refuse !== null) throw this.refuse
    if ((this.files.get(upload.path) ?? null) !== options.etag) throw new OctoError('stale_write', 'changed')
    this.files.set(upload.path, await upload.file.text())
  }
}

const upload = (path: string, text = path): Upload => ({ path, file: new Blob([text]) })

async function idle(queue: UploadQueue): Promise<void> {
  await vi.waitUntil(() => queue.state.total === queue.state.done)
}

async function conflictOf(queue: UploadQueue, path: string): Promise<void> {
  await vi.waitUntil(() => queue.state.conflict?.path === path)
}

test('files are sent a few at a time, and then there is nothing to show', async () => {
  const server = new FakeServer()
  const queue = new UploadQueue(server)
  queue.add(Array.from({ length: 20 }, (_, number) => upload(`f${number}`)))
  expect(queue.state).toMatchObject({ total: 20, done: 0, totalBytes: 50 })
  await vi.waitUntil(() => queue.state.total === 0)
  expect(server.files.size).toBe(20)
  expect(server.most).toBeLessThanOrEqual(3)
})

test('a taken name is asked about, and each answer does what it says', async () => {
  const server = new FakeServer()
  for (const path of ['a/1.txt', 'a/2.txt', 'a/3.txt', 'a/3 (1).txt']) server.files.set(path, `old ${path}`)
  const queue = new UploadQueue(server)
  queue.add([upload('a/1.txt', 'new 1'), upload('a/2.txt', 'new 2'), upload('a/3.txt', 'new 3')])
  await conflictOf(queue, 'a/1.txt')
  queue.answer('replace', false)
  await conflictOf(queue, 'a/2.txt')
  queue.answer('skip', false)
  await conflictOf(queue, 'a/3.txt')
  queue.answer('keep-both', false)
  await idle(queue)
  expect(Object.fromEntries(server.files)).toEqual({
    'a/1.txt': 'new 1',
    'a/2.txt': 'old a/2.txt',
    'a/3.txt': 'old a/3.txt',
    'a/3 (1).txt': 'old a/3 (1).txt',
    'a/3 (2).txt': 'new 3',
  })
})

test('an answer for all is asked once', async () => {
  const server = new FakeServer()
  const paths = ['1', '2', '3', '4', '5']
  for (const path of paths) server.files.set(path, 'old')
  const queue = new UploadQueue(server)
  queue.add(paths.map((path) => upload(path, 'new')))
  await conflictOf(queue, '1')
  queue.answer('replace', true)
  await idle(queue)
  expect([...server.files.values()]).toEqual(Array<string>(5).fill('new'))
})

test('a name that is taken while its file is on its way is asked about as well', async () => {
  const server = new FakeServer()
  server.manual = true
  const queue = new UploadQueue(server)
  queue.add([upload('a', 'mine')])
  await vi.waitUntil(() => server.sending.length === 1)
  server.files.set('a', 'theirs')
  server.sending[0]?.end()
  await conflictOf(queue, 'a')
  queue.answer('keep-both', false)
  await vi.waitUntil(() => server.sending.length === 1)
  server.sending[0]?.end()
  await idle(queue)
  expect(Object.fromEntries(server.files)).toEqual({ a: 'theirs', 'a (1)': 'mine' })
})

test('progress counts what is sent and what is done', async () => {
  const server = new FakeServer()
  server.manual = true
  const queue = new UploadQueue(server)
  queue.add([upload('a', '0123456789'), upload('b', '0123456789')])
  await vi.waitUntil(() => server.sending.length === 2)
  server.sending[0]?.options.onProgress(0.5)
  expect(queue.state).toMatchObject({ totalBytes: 20, sentBytes: 5, done: 0 })
  server.sending[0]?.end()
  await vi.waitUntil(() => queue.state.done === 1)
  expect(queue.state.sentBytes).toBe(10)
  server.sending[0]?.end()
})

test('cancelling stops what is sent, forgets the rest, and answers an open question', async () => {
  const server = new FakeServer()
  server.manual = true
  server.files.set('taken', 'old')
  const queue = new UploadQueue(server)
  queue.add(['a', 'b', 'taken', 'c', 'd'].map((path) => upload(path)))
  await conflictOf(queue, 'taken')
  await vi.waitUntil(() => server.sending.length === 2)
  queue.cancel()
  await vi.waitUntil(() => queue.state.total === 0)
  expect(Object.fromEntries(server.files)).toEqual({ taken: 'old' })
  expect(queue.state).toMatchObject({ conflict: null, failures: [] })
  server.manual = false
  queue.add([upload('later')])
  await vi.waitUntil(() => server.files.has('later'))
})

test('what failed is told and stays until it was read, the others arrive', async () => {
  const server = new FakeServer()
  server.refuse = new OctoError('no_space', 'The disk is full.')
  const queue = new UploadQueue(server)
  queue.add([upload('a')])
  await idle(queue)
  expect(queue.state.failures).toEqual([{ path: 'a', message: 'The disk is full.' }])
  queue.dismiss()
  expect(queue.state.total).toBe(0)
})
