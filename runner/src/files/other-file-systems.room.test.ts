import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { ask } from '../wire/testing/client.ts'
import { openTestWire, type TestWire } from '../wire/testing/open-test-wire.ts'
import { openTestFiles, type TestFiles } from './testing/open-test-files.ts'

/** Only an administrator may mount; others run these tests in a container. */
const mayMount = process.getuid?.() === 0 && canMount()

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const folder = useTempFolder()
let files: TestFiles
let wire: TestWire

beforeEach(async () => {
  const root = join(folder(), 'work')
  await mkdir(root)
  if (mayMount) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', root])
  files = await openTestFiles(folder(), root)
  wire = await openTestWire(folder(), [files.room])
})
afterEach(async () => {
  await wire.close()
  await files.room.close()
  if (mayMount) execFileSync('umount', [files.root])
})

const at = (path: string): string => join(files.root, path)

test.runIf(mayMount)('on a file system of its own a workspace keeps its trash in a hidden folder', async () => {
  await mkdir(at('src'))
  await writeFile(at('src/a.txt'), 'a')
  const { trash, deleted } = await files.call('files.delete', { paths: ['src'] })
  expect(deleted).toBe(1)
  expect(await files.call('files.list', { path: '' })).toEqual({ entries: [] })
  expect(await readFile(at('.octo-trash/.gitignore'), 'utf8')).toBe('*\n')
  expect((await files.call('files.restore', { trash })).paths).toEqual(['src'])
  expect(await readFile(at('src/a.txt'), 'utf8')).toBe('a')
  expect(await readdir(at('.octo-trash'))).toEqual(['.gitignore'])
})

test.runIf(mayMount)('a save that does not fit is refused, the old content stays, and nothing else does', async () => {
  await writeFile(at('a.txt'), 'old')
  const { etag } = await files.call('files.stat', { path: 'a.txt' })
  const put = (path: string, headers: Record<string, string>) =>
    ask(wire.socket, {
      method: 'PUT',
      path: `/api/files/content?workspace=${files.workspace}&path=${path}`,
      headers,
      body: Buffer.alloc(3 * 1_048_576),
    })
  const refused = await put('a.txt', { 'if-match': etag })
  expect([refused.status, JSON.parse(refused.body.toString())]).toMatchObject([
    507,
    { error: { data: { code: 'no_space' } } },
  ])
  expect((await put('b.txt', { 'if-none-match': '*' })).status).toBe(507)
  expect(await readFile(at('a.txt'), 'utf8')).toBe('old')
  expect(await readdir(files.root)).toEqual(['a.txt'])
  expect((await stat(at('a.txt'))).size).toBe(3)
})

test.runIf(mayMount)(
  'what is a mounted file system itself cannot be deleted, and what lies in it goes to its own trash',
  async () => {
    await mkdir(at('disk'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', at('disk')])
    try {
      await writeFile(at('disk/a.txt'), 'a')
      await expect(files.call('files.delete', { paths: ['disk'] })).rejects.toMatchObject({ code: 'busy' })
      await expect(files.call('files.move', { from: 'disk/a.txt', to: 'a.txt' })).rejects.toMatchObject({
        code: 'unsupported',
      })
      const { trash } = await files.call('files.delete', { paths: ['disk/a.txt'] })
      expect((await readdir(at('disk'))).toSorted()).toEqual(['.octo-trash'])
      await files.call('files.restore', { trash })
      expect(await readFile(at('disk/a.txt'), 'utf8')).toBe('a')
    } finally {
      execFileSync('umount', [at('disk')])
    }
  },
)
