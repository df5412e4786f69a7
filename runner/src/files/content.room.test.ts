import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, open, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { ACTOR_HEADER, type ErrorBody, type FileStat, randomId } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { actorHeader, ask } from '../wire/testing/client.ts'
import { openTestWire, type TestWire } from '../wire/testing/open-test-wire.ts'
import { openTestFiles, type TestFiles } from './testing/open-test-files.ts'

const folder = useTempFolder()
let files: TestFiles
let wire: TestWire

beforeEach(async () => {
  files = await openTestFiles(folder())
  wire = await openTestWire(folder(), [files.room])
})
afterEach(async () => {
  await wire.close()
  await files.room.close()
})

const at = (path: string): string => join(files.root, path)

function address(path: string, route = 'content', more = ''): string {
  return `/api/files/${route}?workspace=${files.workspace}&path=${encodeURIComponent(path)}${more}`
}

const get = (path: string, headers: Record<string, string> = {}) => ask(wire.socket, { path: address(path), headers })

async function put(path: string, body: string | Uint8Array, headers: Record<string, string>) {
  const answer = await ask(wire.socket, { method: 'PUT', path: address(path), headers, body })
  const json = JSON.parse(answer.body.toString()) as FileStat & { readonly error?: ErrorBody }
  return {
    status: answer.status,
    etag: answer.headers.etag,
    stat: json,
    code: json.error?.data.code,
    details: json.error?.data.details,
  }
}

test('a file is served with its type, its name and an ETag, and not again while it is unchanged', async () => {
  await writeFile(at("it's ünï.json"), '{"a":1}')
  const answer = await get("it's ünï.json")
  expect(answer.status).toBe(200)
  expect(answer.body.toString()).toBe('{"a":1}')
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': '7',
    'content-disposition': "inline; filename*=UTF-8''it%27s%20%C3%BCn%C3%AF.json",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
  })
  const etag = answer.headers.etag ?? ''
  expect(etag).toMatch(/^"[\da-z-]+"$/u)
  expect((await files.call('files.stat', { path: "it's ünï.json" })).etag).toBe(etag)
  const again = await get("it's ünï.json", { 'if-none-match': etag })
  expect([again.status, again.body.length]).toEqual([304, 0])
})

test('a page or drawing of the workspace runs nothing in our origin', async () => {
  for (const name of ['page.html', 'drawing.svg']) {
    await writeFile(at(name), '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const { headers } = await get(name)
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/u)
    expect(headers['x-content-type-options']).toBe('nosniff')
  }
  const { headers } = await ask(wire.socket, { path: address('page.html', 'content', '&download=1') })
  expect(headers['content-disposition']).toBe("attachment; filename*=UTF-8''page.html")
})

test('parts of a file are served by Range, the last bytes too', async () => {
  await writeFile(at('digits'), '0123456789')
  const asked = async (range: string, headers = {}) => {
    const answer = await get('digits', { range, ...headers })
    return [answer.status, answer.body.toString(), answer.headers['content-range']]
  }
  expect(await asked('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10'])
  expect(await asked('bytes=7-')).toEqual([206, '789', 'bytes 7-9/10'])
  expect(await asked('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10'])
  expect(await asked('bytes=8-99')).toEqual([206, '89', 'bytes 8-9/10'])
  expect(await asked('bytes=10-')).toEqual([416, '', 'bytes */10'])
  expect(await asked('bytes=2-4', { 'if-range': '"another"' })).toEqual([200, '0123456789', undefined])
})

test('an empty file is served as nothing', async () => {
  await writeFile(at('empty'), '')
  const answer = await get('empty')
  expect([answer.status, answer.body.length, answer.headers['content-length']]).toEqual([200, 0, '0'])
})

test('a file of a terabyte gives a part of its end in no time', async () => {
  const handle = await open(at('huge'), 'w')
  await handle.truncate(2 ** 40)
  await handle.close()
  const answer = await get('huge', { range: `bytes=${2 ** 40 - 4}-` })
  expect([answer.status, answer.body]).toEqual([206, Buffer.alloc(4)])
})

test('a reader that leaves a large file in the middle leaves nothing open', async () => {
  const handle = await open(at('huge'), 'w')
  await handle.truncate(2 ** 34)
  await handle.close()
  const before = await openDescriptors()
  for (let round = 0; round < 20; round += 1) {
    const sent = request({
      socketPath: wire.socket,
      path: address('huge'),
      headers: { [ACTOR_HEADER]: actorHeader() },
      agent: false,
    })
    sent.on('error', () => undefined)
    sent.end()
    const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream]
    await once(answer, 'data')
    sent.destroy()
  }
  await expect.poll(openDescriptors).toEqual(before)
})

/** The files of the workspace this process has open. */
async function openDescriptors(): Promise<string[]> {
  const names = await readdir('/proc/self/fd')
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')))
  return targets.filter((target) => target.startsWith(files.root))
}

test('a save replaces the file it was made from and answers what it is now', async () => {
  await writeFile(at('a.txt'), 'old')
  await chmod(at('a.txt'), 0o640)
  const { etag } = (await get('a.txt')).headers
  const saved = await put('a.txt', 'newer', { 'if-match': etag ?? '' })
  expect(saved.status).toBe(200)
  expect(saved.stat).toMatchObject({ path: 'a.txt', kind: 'file', bytes: 5, text: true, writable: true })
  expect(saved.etag).toBe(saved.stat.etag)
  expect((await get('a.txt')).headers.etag).toBe(saved.etag)
  expect(await readFile(at('a.txt'), 'utf8')).toBe('newer')
  expect((await stat(at('a.txt'))).mode & 0o777).toBe(0o640)
  expect(await readdir(files.root)).toEqual(['a.txt'])
})

test('a save over a change is refused with the ETag there is now, and changes nothing', async () => {
  await writeFile(at('a.txt'), 'old')
  const { etag } = (await get('a.txt')).headers
  await writeFile(at('a.txt'), 'theirs')
  const refused = await put('a.txt', 'mine', { 'if-match': etag ?? '' })
  expect([refused.status, refused.code]).toEqual([412, 'stale_write'])
  expect(refused.details).toEqual({ etag: (await get('a.txt')).headers.etag })
  expect(await readFile(at('a.txt'), 'utf8')).toBe('theirs')
  await rm(at('a.txt'))
  const gone = await put('a.txt', 'mine', { 'if-match': etag ?? '' })
  expect([gone.status, gone.code, gone.details]).toEqual([412, 'stale_write', { etag: null }])
  expect(await readdir(files.root)).toEqual([])
})

test('a change of the same length within the same moment is still a change', async () => {
  for (let round = 0; round < 40; round += 1) {
    await writeFile(at('a.txt'), 'aaa')
    const { etag } = await files.call('files.stat', { path: 'a.txt' })
    const { mtime } = await stat(at('a.txt'))
    await writeFile(at('a.txt'), 'bbb')
    await utimes(at('a.txt'), mtime, mtime)
    expect((await put('a.txt', 'mine', { 'if-match': etag })).code).toBe('stale_write')
  }
})

test('a new file is made with the folders above it, and never over another', async () => {
  const made = await put('deep/er/new.txt', 'new', { 'if-none-match': '*' })
  expect([made.status, made.stat.bytes]).toEqual([200, 3])
  const refused = await put('deep/er/new.txt', 'other', { 'if-none-match': '*' })
  expect([refused.status, refused.code, refused.details]).toEqual([412, 'stale_write', { etag: made.etag }])
  await symlink('nowhere', at('link'))
  expect((await put('link', 'x', { 'if-none-match': '*' })).code).toBe('stale_write')
  expect(await readFile(at('deep/er/new.txt'), 'utf8')).toBe('new')
})

test('of fifty saves made from the same state one wins and the others are told', async () => {
  await writeFile(at('a.txt'), 'old')
  const { etag } = (await get('a.txt')).headers
  const bodies = Array.from({ length: 50 }, (_, number) => `save ${number}`)
  const answers = await Promise.all(bodies.map((body) => put('a.txt', body, { 'if-match': etag ?? '' })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ code }) => code === 'stale_write')).toHaveLength(49)
  expect(await readFile(at('a.txt'), 'utf8')).toBe(bodies[answers.findIndex(({ status }) => status === 200)])
  const fresh = await Promise.all(bodies.map((body) => put('b.txt', body, { 'if-none-match': '*' })))
  expect(fresh.filter(({ status }) => status === 200)).toHaveLength(1)
  expect((await readdir(files.root)).toSorted()).toEqual(['a.txt', 'b.txt'])
})

test('a save without a condition, or with two, is refused', async () => {
  await writeFile(at('a.txt'), 'old')
  expect((await put('a.txt', 'x', {})).code).toBe('bad_request')
  expect((await put('a.txt', 'x', { 'if-match': '"a"', 'if-none-match': '*' })).code).toBe('bad_request')
  expect((await put('a.txt', 'x', { 'if-none-match': '"a"' })).code).toBe('bad_request')
})

test('a save that is repeated under its id answers the same, whatever happened since', async () => {
  await writeFile(at('a.txt'), 'old')
  const { etag } = (await get('a.txt')).headers
  const headers = { 'if-match': etag ?? '', 'idempotency-key': randomId('cmd') }
  const first = await put('a.txt', 'mine', headers)
  await writeFile(at('a.txt'), 'theirs, later')
  expect(await put('a.txt', 'mine', headers)).toEqual(first)
  await rm(at('a.txt'))
  expect(await put('a.txt', 'mine', headers)).toEqual(first)
  expect((await put('a.txt', 'other', headers)).code).toBe('command_conflict')
  expect(await readdir(files.root)).toEqual([])
})

test('saving through a link saves what it leads to, and the link stays', async () => {
  await mkdir(at('docs'))
  await writeFile(at('docs/guide.md'), 'old')
  await symlink('docs/guide.md', at('README.md'))
  const { etag } = (await get('README.md')).headers
  const saved = await put('README.md', 'new', { 'if-match': etag ?? '' })
  expect(saved.stat).toMatchObject({ path: 'README.md', kind: 'symlink', target: 'file', bytes: 3 })
  expect(await readlink(at('README.md'))).toBe('docs/guide.md')
  expect(await readFile(at('docs/guide.md'), 'utf8')).toBe('new')
})

test('an upload of 64 MB arrives whole', async () => {
  const body = randomBytes(64 * 1_048_576)
  const saved = await put('large.bin', body, { 'if-none-match': '*' })
  expect([saved.status, saved.stat.bytes, saved.stat.text]).toEqual([200, body.length, false])
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  expect(digest((await get('large.bin')).body)).toBe(digest(body))
})

test('an upload that is broken off leaves nothing', async () => {
  const sent = request({
    socketPath: wire.socket,
    method: 'PUT',
    path: address('new/large.bin'),
    headers: { [ACTOR_HEADER]: actorHeader(), 'if-none-match': '*', 'content-length': '1000000' },
    agent: false,
  })
  sent.on('error', () => undefined)
  sent.write(Buffer.alloc(300_000))
  // The content is on its way into its folder once something hidden stands there.
  await expect.poll(async () => readdir(at('new')).catch(() => [])).toHaveLength(1)
  expect((await files.call('files.list', { path: 'new' })).entries).toEqual([])
  sent.destroy()
  await expect.poll(() => readdir(at('new'))).toEqual([])
  expect(await readdir(join(folder(), 'home', 'partials'))).toEqual([])
})

test('folders, and files that may not be written, are not saved to', async () => {
  await mkdir(at('folder'))
  expect((await put('folder', 'x', { 'if-match': '*' })).code).toBe('not_a_file')
  expect((await put('', 'x', { 'if-match': '*' })).code).toBe('not_a_file')
  expect((await put('', 'x', { 'if-none-match': '*' })).code).toBe('bad_request')
  await writeFile(at('file'), '')
  expect((await put('file/below', 'x', { 'if-none-match': '*' })).code).toBe('not_a_folder')
})
