import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { OctoError } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { ask } from '../wire/testing/client.ts'
import { openTestWire, type TestWire } from '../wire/testing/open-test-wire.ts'
import { openContent, Root } from './place.ts'
import { Shelf } from './shelf.ts'
import { openTestFiles, type TestFiles } from './testing/open-test-files.ts'

const SECRET = 'secret of somebody else'

const folder = useTempFolder()
let files: TestFiles
let wire: TestWire

beforeEach(async () => {
  files = await openTestFiles(folder())
  wire = await openTestWire(folder(), [files.room])
  await mkdir(join(files.outside, 'd'))
  await writeFile(join(files.outside, 'secret.txt'), SECRET)
  await writeFile(join(files.outside, 'd', 'secret.txt'), SECRET)
})
afterEach(async () => {
  await wire.close()
  await files.room.close()
})

const at = (path: string): string => join(files.root, path)

/** A request with the path exactly as given, encoded or not. */
const raw = (method: string, encodedPath: string, headers: Record<string, string> = {}, body = '') =>
  ask(wire.socket, {
    method,
    path: `/api/files/content?workspace=${files.workspace}&path=${encodedPath}`,
    headers,
    body,
  })

/** Everything outside the workspace, to see that nothing of it changed. */
async function outsideNow(): Promise<Record<string, string>> {
  const names = await readdir(files.outside, { recursive: true, withFileTypes: true })
  const contents = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name))
  return Object.fromEntries(await Promise.all(contents.map(async (path) => [path, await readFile(path, 'utf8')])))
}

test('no spelling of a path leads out of the workspace, by any verb', async () => {
  await mkdir(`${files.root}-evil`)
  await writeFile(`${files.root}-evil/secret.txt`, SECRET)
  const before = await outsideNow()
  const up = [
    '../outside/secret.txt',
    '../work-evil/secret.txt',
    'a/../../outside/secret.txt',
    './secret.txt',
    'a//b',
    '/etc/passwd',
  ]
  const odd = ['..', '.', 'a/', '/', 'a\0b', '../outside', 'a/..', 'a/../b', `${'../'.repeat(50)}etc/passwd`, '\uD800']
  for (const path of [...up, ...odd]) {
    for (const verb of ['files.list', 'files.stat', 'files.ignored'] as const) {
      const answer = await callOverHttp(verb, { path })
      expect([verb, path, answer.status >= 400 && answer.status < 500]).toEqual([verb, path, true])
      expect(answer.body).not.toContain('secret')
    }
    for (const answer of [
      await callOverHttp('files.create', { path, kind: 'file' }),
      await callOverHttp('files.move', { from: path, to: 'mine' }),
      await callOverHttp('files.delete', { paths: [path] }),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
    }
  }
  const encoded = [
    '%2e%2e%2foutside%2fsecret.txt',
    '..%2foutside%2fsecret.txt',
    '%2fetc%2fpasswd',
    '..%5coutside',
    '%c0%ae%c0%ae%2foutside%2fsecret.txt',
    '%252e%252e%252foutside',
    'x%00y',
    '~',
    '~root/.ssh',
    'proc/self/root/etc/passwd',
  ]
  for (const path of encoded) {
    const answer = await raw('GET', path)
    expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true])
    expect(answer.body.toString()).not.toContain(SECRET)
    await raw('PUT', path, { 'if-none-match': '*' }, 'planted')
  }
  expect(await outsideNow()).toEqual(before)
  expect(await readFile(`${files.root}-evil/secret.txt`, 'utf8')).toBe(SECRET)
})

async function callOverHttp(method: string, input: object): Promise<{ status: number; body: string }> {
  const answer = await ask(wire.socket, {
    method: 'POST',
    path: `/api/call/${method}`,
    headers: { 'idempotency-key': `k${Math.random().toString(36).slice(2).padEnd(20, '0')}` },
    body: JSON.stringify({ workspace: files.workspace, ...input }),
  })
  return { status: answer.status, body: answer.body.toString() }
}

test('links that lead out are refused by every verb that would follow them', async () => {
  await symlink('../outside', at('out'))
  await symlink(join(files.outside, 'secret.txt'), at('file'))
  await symlink('/proc/self/root', at('proc'))
  const outside = { code: 'path_outside' }
  for (const path of ['out', 'file', 'out/secret.txt', 'proc/etc/passwd']) {
    await expect(files.call('files.stat', { path })).rejects.toMatchObject(outside)
    expect((await raw('GET', path)).status).toBe(403)
    expect((await raw('PUT', path, { 'if-match': '*' }, 'planted')).status).toBe(403)
  }
  for (const path of ['out', 'out/d']) {
    await expect(files.call('files.list', { path })).rejects.toMatchObject(outside)
    await expect(files.call('files.ignored', { path })).rejects.toMatchObject(outside)
    await expect(files.call('files.create', { path: `${path}/planted`, kind: 'file' })).rejects.toMatchObject(outside)
    await expect(files.call('files.move', { from: `${path}/secret.txt`, to: 'mine' })).rejects.toMatchObject(outside)
    await expect(files.call('files.delete', { paths: [`${path}/secret.txt`] })).rejects.toMatchObject(outside)
    expect((await raw('PUT', `${path}/planted`, { 'if-none-match': '*' }, 'x')).status).toBe(403)
    expect(
      (await ask(wire.socket, { path: `/api/files/archive?workspace=${files.workspace}&path=${path}` })).status,
    ).toBe(403)
  }
  await writeFile(at('mine'), 'mine')
  await expect(files.call('files.move', { from: 'mine', to: 'out/mine' })).rejects.toMatchObject(outside)
  expect(Object.keys(await outsideNow())).toHaveLength(2)
})

test('a workspace whose own folder became a link is gone, not elsewhere', async () => {
  await rename(files.root, `${files.root}-moved`)
  await symlink(files.outside, files.root)
  await expect(files.call('files.list', { path: '' })).rejects.toMatchObject({ code: 'workspace_gone' })
  expect((await raw('GET', 'secret.txt')).status).toBe(410)
})

test('pipes, sockets and devices are refused at once, and hold up nobody', async () => {
  execFileSync('mkfifo', [at('pipe')])
  const server = createServer().listen(at('socket'))
  await once(server, 'listening')
  try {
    await writeFile(at('honest.txt'), 'honest')
    const started = performance.now()
    const pipes = await Promise.all(Array.from({ length: 64 }, () => raw('GET', 'pipe')))
    expect(new Set(pipes.map(({ status }) => status))).toEqual(new Set([422]))
    expect((await raw('GET', 'honest.txt')).body.toString()).toBe('honest')
    expect(performance.now() - started).toBeLessThan(2_000)
    expect((await raw('GET', 'socket')).body.toString()).toContain('special_file')
    expect(await files.call('files.stat', { path: 'pipe' })).toMatchObject({ kind: 'other', text: false })
    expect((await raw('PUT', 'pipe', { 'if-match': '*' }, 'x')).status).toBe(422)
    expect((await files.call('files.list', { path: '' })).entries.map(({ kind }) => kind)).toEqual([
      'file',
      'other',
      'other',
    ])
  } finally {
    server.close()
  }
})

test('files of the kernel are refused even where a workspace reaches them', async () => {
  const machine = await mkdtemp(join(tmpdir(), 'octo-'))
  const all = await openTestFiles(await realpath(machine), '/')
  try {
    for (const path of ['proc/kmsg', 'proc/self/environ', 'sys/kernel/uevent_seqnum']) {
      await expect(all.call('files.stat', { path })).rejects.toMatchObject({ code: 'special_file' })
    }
  } finally {
    await all.room.close()
    await rm(machine, { recursive: true })
  }
})

test('looking at a repository that configures programs runs none of them', async () => {
  const canary = at('canary')
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: files.root })
  git('init', '-q')
  const evil = `touch ${canary} #`
  for (const key of [
    'core.fsmonitor',
    'core.sshCommand',
    'core.editor',
    'core.pager',
    'filter.x.clean',
    'filter.x.smudge',
    'diff.external',
    'alias.ls-files',
    'alias.check-ignore',
  ]) {
    git('config', key, key.startsWith('alias') ? `!${evil}` : evil)
  }
  git('config', 'core.hooksPath', join(files.root, 'hooks'))
  await mkdir(at('hooks'))
  for (const hook of ['post-index-change', 'fsmonitor-watchman', 'post-checkout']) {
    await writeFile(at(`hooks/${hook}`), `#!/bin/sh\n${evil}\n`, { mode: 0o755 })
  }
  await writeFile(at('.gitattributes'), '* filter=x\n')
  await writeFile(at('a.txt'), 'a')
  expect((await files.call('files.find', { query: 'a', limit: 10 })).paths).toContain('a.txt')
  await files.call('files.ignored', { path: '' })
  expect(await readdir(files.root)).not.toContain('canary')
})

/** Swaps `swap` between a folder of the workspace and a link out of it, as fast as a thread can. */
function startSwapper(): Worker {
  const code = `
    const { renameSync, rmSync, symlinkSync, existsSync } = require('node:fs')
    const { workerData: { root, outside }, parentPort } = require('node:worker_threads')
    let stop = false
    parentPort.on('message', () => { stop = true })
    const swap = () => {
      renameSync(root + '/swap', root + '/real'); renameSync(root + '/link', root + '/swap')
      renameSync(root + '/swap', root + '/link'); renameSync(root + '/real', root + '/swap')
    }
    // A verb may make a folder in the moment in which the name is free.
    const mend = () => {
      if (existsSync(root + '/real')) {
        rmSync(root + '/swap', { recursive: true, force: true })
        renameSync(root + '/real', root + '/swap')
      }
      rmSync(root + '/link', { force: true })
      symlinkSync(outside, root + '/link')
    }
    const turn = () => {
      // Mending may lose to a verb as well; the next round mends again.
      for (let n = 0; n < 200; n += 1) try { swap() } catch { try { mend() } catch {} }
      if (stop) parentPort.postMessage('ended')
      else setImmediate(turn)
    }
    turn()
  `
  return new Worker(code, { eval: true, workerData: { root: files.root, outside: files.outside } })
}

async function whileSwapping(work: () => Promise<void>): Promise<void> {
  await mkdir(at('swap'))
  await writeFile(at('swap/secret.txt'), 'harmless')
  await symlink(files.outside, at('link'))
  const swapper = startSwapper()
  try {
    await work()
  } finally {
    swapper.postMessage('end')
    await once(swapper, 'message')
    await swapper.terminate()
  }
}

/** What an attempt came to; refusals are fine, anything but an OctoError is not. */
async function outcome(attempt: Promise<unknown>): Promise<unknown> {
  try {
    return await attempt
  } catch (error) {
    if (error instanceof OctoError) return error.code
    throw error
  }
}

test('looking first and reading then leaks while a link is swapped: the attack works', async () => {
  await whileSwapping(async () => {
    let leaks = 0
    for (let attempt = 0; attempt < 40_000 && leaks === 0; attempt += 1) {
      const path = await realpath(at('swap/secret.txt')).catch(() => '')
      if (!path.startsWith(`${files.root}/`)) continue
      if ((await readFile(path, 'utf8').catch(() => '')) === SECRET) leaks += 1
    }
    expect(leaks).toBeGreaterThan(0)
  })
}, 60_000)

test('reading by descriptor leaks nothing in 30,000 tries while a link is swapped', async () => {
  const seen = { harmless: 0, refused: 0, leaked: 0 }
  await whileSwapping(async () => {
    for (let attempt = 0; attempt < 30_000; attempt += 1) seen[await readOnce('swap/secret.txt')] += 1
  })
  expect(seen.leaked).toBe(0)
  // Both happened, so the swapper and the reader did meet.
  expect(seen.harmless).toBeGreaterThan(0)
  expect(seen.refused).toBeGreaterThan(0)
}, 120_000)

async function readOnce(path: string): Promise<'harmless' | 'refused' | 'leaked'> {
  await using root = await Root.open(files.root)
  const text = await root.open(path).then(
    async (opened) => {
      await using place = opened
      await using content = await openContent(place, path)
      return await content.readFile('utf8')
    },
    () => null,
  )
  if (text === null) return 'refused'
  return text === 'harmless' ? 'harmless' : 'leaked'
}

test('no verb leaks, writes or removes anything outside while a link is swapped under it', async () => {
  const before = await outsideNow()
  // Each round syncs to the disk several times: 300 of them, or as many as a slow disk makes in this time.
  const enough = performance.now() + 30_000
  let rounds = 0
  await whileSwapping(async () => {
    for (let attempt = 0; attempt < 300 && performance.now() < enough; attempt += 1) {
      rounds += 1
      const looked = await Promise.all([
        raw('GET', 'swap/secret.txt').then(({ body }) => body.toString()),
        outcome(files.call('files.list', { path: 'swap' })).then((page) => JSON.stringify(page)),
        outcome(files.call('files.stat', { path: 'swap/secret.txt' })).then((found) => JSON.stringify(found)),
        outcome(files.call('files.move', { from: 'swap/d', to: `stolen-${attempt}` })).then(JSON.stringify),
        outcome(files.call('files.delete', { paths: ['swap/d'] })).then(JSON.stringify),
        outcome(files.call('files.create', { path: `swap/made-${attempt}`, kind: 'folder' })).then(JSON.stringify),
        raw('PUT', `swap/new-${attempt}`, { 'if-none-match': '*' }, 'planted').then(({ body }) => body.toString()),
        raw('PUT', 'swap/secret.txt', { 'if-match': '*' }, 'harmless').then(({ body }) => body.toString()),
      ])
      for (const text of looked) {
        expect(text).not.toContain(SECRET)
        expect(text).not.toContain('"name":"d"')
      }
    }
  })
  expect(rounds).toBeGreaterThan(20)
  expect(await outsideNow()).toEqual(before)
  expect((await readdir(files.outside)).toSorted()).toEqual(['d', 'secret.txt'])
  expect((await readdir(files.root)).filter((name) => name.startsWith('stolen'))).toEqual([])
}, 120_000)

test('what a crash left half written is removed at the next start, and nothing else', async () => {
  const partial = '.octo-00000000-0000-0000-0000-000000000000.partial'
  const notes = join(folder(), 'home', 'partials')
  await writeFile(at(partial), 'half')
  await writeFile(join(notes, partial), at(partial))
  await writeFile(join(notes, 'forged'), join(files.outside, 'secret.txt'))
  await files.room.close()
  await rm(files.outside, { recursive: true })
  files = await openTestFiles(folder())
  expect(await readdir(files.root)).toEqual([])
  expect(await readdir(notes)).toEqual([])
})

test('a trash folder that is a link is not used', async () => {
  await symlink(files.outside, at('.octo-trash'))
  await using root = await Root.open(files.root)
  await expect(Shelf.inWorkspace(root, '', { id: `tra_${'a'.repeat(26)}` as never, create: true })).rejects.toThrow(
    'ENOTDIR',
  )
  expect((await readdir(files.outside)).toSorted()).toEqual(['d', 'secret.txt'])
  expect(await readlink(at('.octo-trash'))).toBe(files.outside)
})
