import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, open, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { ACTOR_HEADER } from '@octo/protocol'
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
const address = (path: string): string =>
  `/api/files/archive?workspace=${files.workspace}&path=${encodeURIComponent(path)}`

/** Unpacks an archive with a program that is not ours. @returns the folder it is in */
async function unpack(archive: Buffer): Promise<string> {
  const target = join(folder(), 'unpacked')
  await mkdir(target)
  await writeFile(join(folder(), 'archive.zip'), archive)
  const code = `
import sys, zipfile, os
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    for info in z.infolist():
        mode = info.external_attr >> 16
        path = os.path.join(sys.argv[2], info.filename)
        if (mode & 0o170000) == 0o120000:
            os.symlink(z.read(info), path)
        else:
            z.extract(info, sys.argv[2])
            if not info.is_dir(): os.chmod(path, mode & 0o777)
`
  execFileSync('python3', ['-c', code, join(folder(), 'archive.zip'), target])
  return target
}

test('a folder comes as an archive with its files, empty folders, modes and links', async () => {
  await mkdir(at('src/deep/empty'), { recursive: true })
  await writeFile(at('src/a.txt'), 'hello '.repeat(10_000))
  await writeFile(at('src/deep/run.sh'), '#!/bin/sh\n')
  await chmod(at('src/deep/run.sh'), 0o755)
  await writeFile(at('src/ünï "x".txt'), '')
  await symlink('../a.txt', at('src/deep/link'))
  const answer = await ask(wire.socket, { path: address('src') })
  expect(answer.status).toBe(200)
  expect(answer.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': "attachment; filename*=UTF-8''src.zip",
  })
  const unpacked = await unpack(answer.body)
  expect((await readdir(unpacked, { recursive: true })).toSorted()).toEqual(
    ['a.txt', 'deep', 'deep/empty', 'deep/link', 'deep/run.sh', 'ünï "x".txt'].toSorted(),
  )
  expect(await readFile(join(unpacked, 'a.txt'), 'utf8')).toBe('hello '.repeat(10_000))
  expect(await readlink(join(unpacked, 'deep/link'))).toBe('../a.txt')
  expect((await stat(join(unpacked, 'deep/run.sh'))).mode & 0o777).toBe(0o755)
})

test('what cannot or must not be packed is named in the archive', async () => {
  await writeFile(join(files.outside, 'secret.txt'), 'secret')
  await symlink('../outside/secret.txt', at('out'))
  await symlink('/etc/passwd', at('absolute'))
  execFileSync('mkfifo', [at('pipe')])
  await writeFile(at('back\\..\\slash'), 'x')
  const answer = await ask(wire.socket, { path: address('') })
  expect(answer.headers['content-disposition']).toBe("attachment; filename*=UTF-8''work.zip")
  expect(answer.body.includes('secret\n')).toBe(false)
  const unpacked = await unpack(answer.body)
  expect((await readdir(unpacked)).toSorted()).toEqual(['back_.._slash', 'octo-left-out.txt'])
  const lines = (await readFile(join(unpacked, 'octo-left-out.txt'), 'utf8')).trim().split('\n')
  expect(lines.toSorted()).toEqual([
    '"absolute" was left out: it is a link to something outside this folder.',
    '"out" was left out: it is a link to something outside this folder.',
    '"pipe" was left out: it is a pipe, socket or device.',
  ])
})

test('an archive of 32 GB begins at once, and ends with its reader', async () => {
  await mkdir(at('big'))
  for (const name of ['a', 'b']) {
    const handle = await open(at(`big/${name}`), 'w')
    await handle.truncate(2 ** 34)
    await handle.close()
  }
  const rss = process.memoryUsage().rss
  const sent = request({
    socketPath: wire.socket,
    path: address('big'),
    headers: { [ACTOR_HEADER]: actorHeader() },
    agent: false,
  })
  sent.on('error', () => undefined)
  sent.end()
  const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream]
  await once(answer, 'data')
  // Nobody reads on: what is read ahead is bounded.
  answer.pause()
  await expect.poll(openInWorkspace).toBeGreaterThan(0)
  expect(process.memoryUsage().rss - rss).toBeLessThan(200 * 1_048_576)
  sent.destroy()
  await expect.poll(openInWorkspace).toBe(0)
})

async function openInWorkspace(): Promise<number> {
  const names = await readdir('/proc/self/fd')
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')))
  return targets.filter((target) => target.startsWith(files.root)).length
}

test('an archive of a file, or of nothing, is refused', async () => {
  await writeFile(at('a.txt'), '')
  expect((await ask(wire.socket, { path: address('a.txt') })).status).toBe(422)
  expect((await ask(wire.socket, { path: address('gone') })).status).toBe(404)
})
