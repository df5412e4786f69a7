import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Notice } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../../lib/testing/temp-folder.ts'
import { FakeConnection } from '../../wire/testing/fake-connection.ts'
import { openTestFiles, type TestFiles } from '../testing/open-test-files.ts'

const folder = useTempFolder()
let files: TestFiles
let connection: FakeConnection

beforeEach(async () => {
  files = await openTestFiles(folder())
  connection = new FakeConnection()
})
afterEach(() => files.room.close())

const at = (path: string): string => join(files.root, path)
const watch = (who = connection) => files.call('files.watch', {}, who)
const told = (who = connection): Notice<'files.changed'>[] => who.notices('files.changed')
const toldPaths = (): Set<string> => new Set(told().flatMap(({ paths }) => paths))
const toldFolders = (): Set<string> => new Set(told().flatMap(({ folders }) => folders))

async function untilTold(...paths: string[]): Promise<void> {
  await connection.until(() => paths.every((path) => toldPaths().has(path)))
}

/**
 * Makes changes nobody is waiting for until one is told by its name: what was not told before it never will be. One that
 * falls into a reset is covered by that, and another is made.
 */
async function untilAllIsTold(where = ''): Promise<void> {
  for (;;) {
    const before = told().length
    const path = `${where}mark-${before}`
    await writeFile(at(path), '')
    await connection.until(() =>
      told()
        .slice(before)
        .some(({ paths, reset }) => reset || paths.includes(path)),
    )
    if (toldPaths().has(path)) return
  }
}

test('a new file, a change and a removal are told, with the folder where names changed', async () => {
  const { seq, epoch } = await watch()
  await writeFile(at('a.txt'), '')
  await untilTold('a.txt')
  expect(told()[0]).toEqual({
    workspace: files.workspace,
    epoch,
    from: seq,
    seq: seq + 1,
    paths: ['a.txt'],
    folders: [''],
    reset: false,
  })
  const before = told().length
  await writeFile(at('a.txt'), 'content')
  await connection.until(() => told().length > before)
  expect(
    told()
      .slice(before)
      .flatMap(({ paths, folders }) => [paths, folders]),
  ).toEqual([['a.txt'], []])
  await rm(at('a.txt'))
  await connection.until(() => told().at(-1)?.folders.includes('') === true && told().length > before + 1)
  const numbers = told().map(({ from, seq: next }) => [from, next])
  expect(numbers).toEqual(numbers.map((_, index) => [seq + index, seq + index + 1]))
})

test('folders made in one breath are followed to the bottom', async () => {
  await watch()
  await mkdir(at('a/b/c/d'), { recursive: true })
  await writeFile(at('a/b/c/d/first.txt'), '')
  await untilTold('a', 'a/b', 'a/b/c', 'a/b/c/d', 'a/b/c/d/first.txt')
  await writeFile(at('a/b/c/d/second.txt'), '')
  await untilTold('a/b/c/d/second.txt')
  expect(toldFolders()).toContain('a/b/c/d')
})

test('after a folder is renamed, changes in it are told under its new name', async () => {
  await mkdir(at('old/deep'), { recursive: true })
  await watch()
  await rename(at('old'), at('new'))
  await untilTold('old', 'new', 'new/deep')
  await writeFile(at('new/deep/x.txt'), '')
  await untilTold('new/deep/x.txt')
  expect(toldPaths().has('old/deep/x.txt')).toBe(false)
  await mkdir(at('old/deep'), { recursive: true })
  await writeFile(at('old/deep/y.txt'), '')
  await untilTold('old/deep/y.txt')
})

test('a folder that comes from elsewhere is told with all that is in it', async () => {
  await mkdir(join(files.outside, 'tree/deep'), { recursive: true })
  await writeFile(join(files.outside, 'tree/deep/x.txt'), '')
  await watch()
  await rename(join(files.outside, 'tree'), at('tree'))
  await untilTold('tree', 'tree/deep', 'tree/deep/x.txt')
  expect(toldFolders()).toEqual(new Set(['', 'tree', 'tree/deep']))
})

test('links are told, and nothing behind them', async () => {
  await watch()
  await symlink(files.outside, at('out'))
  await untilTold('out')
  await writeFile(join(files.outside, 'secret.txt'), '')
  await untilAllIsTold()
  expect([...toldPaths()].filter((path) => path.includes('secret'))).toEqual([])
})

test('of a repository only its head and index are told, of packages only that they changed', async () => {
  await mkdir(at('.git/objects'), { recursive: true })
  await mkdir(at('app/node_modules/react'), { recursive: true })
  await watch()
  await writeFile(at('.git/objects/ab'), '')
  await writeFile(at('.git/index.lock'), '')
  await rename(at('.git/index.lock'), at('.git/index'))
  await writeFile(at('.git/HEAD'), 'ref: refs/heads/main')
  await writeFile(at('app/node_modules/react/index.js'), '')
  await mkdir(at('app/node_modules/vue'))
  await untilTold('.git/HEAD', '.git/index', 'app/node_modules')
  await untilAllIsTold()
  expect([...toldPaths()].filter((path) => !path.startsWith('mark')).toSorted()).toEqual([
    '.git/HEAD',
    '.git/index',
    'app/node_modules',
  ])
  expect(toldFolders()).toEqual(new Set(['app/node_modules', '']))
})

test('contents that are being written, and the trash, are not told', async () => {
  await watch()
  await writeFile(at('.octo-00000000-0000-0000-0000-000000000000.partial'), '')
  await mkdir(at('.octo-trash'))
  await writeFile(at('.octo-trash/x'), '')
  await untilAllIsTold()
  expect([...toldPaths()]).toEqual(['mark-0'])
})

test('more changes than a notice holds are told as a reset', async () => {
  await mkdir(at('many'))
  await watch()
  for (let number = 0; number < 3_000; number += 1) writeFileSync(at(`many/${number}`), '')
  await connection.until(() => told().some(({ reset }) => reset))
  expect(told().every(({ paths }) => paths.length <= 1_000)).toBe(true)
  await untilAllIsTold()
})

test('changes too fast for the system to keep are a reset, and folders made meanwhile are followed', async () => {
  await mkdir(at('many'))
  await watch()
  // The system keeps 16,384 changes; nothing reads them while this runs.
  for (let number = 0; number < 9_000; number += 1) writeFileSync(at(`many/${number}`), 'x')
  mkdirSync(at('late/deep'), { recursive: true })
  await connection.until(() => told().some(({ reset }) => reset))
  await untilAllIsTold('late/deep/')
  expect(told().filter(({ reset }) => reset).length).toBeLessThan(5)
}, 60_000)

test('two connections share one watch, and each counts for itself', async () => {
  const other = new FakeConnection()
  const [first, second] = await Promise.all([watch(), watch(other)])
  expect(second).toEqual(first)
  await writeFile(at('a.txt'), '')
  await untilTold('a.txt')
  await other.until(() => told(other).length > 0)
  connection.close()
  const count = told().length
  await writeFile(at('b.txt'), '')
  await other.until(() => told(other).some(({ paths }) => paths.includes('b.txt')))
  expect(told()).toHaveLength(count)
  await files.call('files.unwatch', {}, other)
  // The last has left, so this watch is a new one, with an epoch of its own.
  expect((await watch()).epoch).not.toBe(first.epoch)
})

test('a reader that is slow is told once, later, that anything may have changed', async () => {
  const { seq } = await watch()
  connection.bufferedBytes = 2_000_000
  const other = new FakeConnection()
  await watch(other)
  for (const name of ['a', 'b', 'c']) {
    await writeFile(at(name), '')
    await other.until(() => told(other).some(({ paths }) => paths.includes(name)))
  }
  expect(told()).toEqual([])
  connection.drain()
  await connection.until(() => told().length > 0)
  expect(told()[0]).toMatchObject({ from: seq, paths: [], reset: true })
  await untilAllIsTold()
})

test('when the folder of the workspace goes and comes back, watching goes on', async () => {
  await watch()
  await rm(files.root, { recursive: true })
  await connection.until(() => told().some(({ reset }) => reset))
  await mkdir(at('src'), { recursive: true })
  const resets = told().filter(({ reset }) => reset).length
  await connection.until(() => told().filter(({ reset }) => reset).length > resets)
  await writeFile(at('src/x.txt'), '')
  await untilTold('src/x.txt')
  expect(toldFolders()).toContain('src')
})

test('a caller over HTTP, who can be told nothing, is told so', async () => {
  await expect(files.call('files.watch', {})).rejects.toMatchObject({ code: 'bad_request' })
})
