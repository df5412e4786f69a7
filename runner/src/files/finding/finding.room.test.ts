import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../../lib/testing/temp-folder.ts'
import { openTestFiles, type TestFiles } from '../testing/open-test-files.ts'

const folder = useTempFolder()
let files: TestFiles

beforeEach(async () => {
  files = await openTestFiles(folder())
})
afterEach(() => files.room.close())

const at = (path: string): string => join(files.root, path)
const git = (cwd: string, ...args: string[]): void =>
  void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd })

async function find(query: string, limit = 50): Promise<string[]> {
  return (await files.call('files.find', { query, limit })).paths
}

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), '')
  }
}

test('in a repository files are found that git does not ignore, also in repositories inside it', async () => {
  git(files.root, 'init', '-q')
  write('.gitignore', 'src/app.ts', 'src/new.ts', 'gone.ts', 'out/app.js', 'nested/inner.ts')
  writeFileSync(at('.gitignore'), 'out/\n')
  git(at('nested'), 'init', '-q')
  git(files.root, 'add', 'src/app.ts', 'gone.ts')
  await rm(at('gone.ts'))
  expect((await find('')).toSorted()).toEqual(['.gitignore', 'nested/inner.ts', 'src/app.ts', 'src/new.ts'])
})

test('without git, folders of packages and caches are left out', async () => {
  write('src/app.ts', 'node_modules/react/app.js', '.cache/app')
  expect(await find('app')).toEqual(['src/app.ts'])
})

test('a file that was just made is found, one that was just removed is not', async () => {
  git(files.root, 'init', '-q')
  write('src/first.ts')
  expect(await find('ts')).toEqual(['src/first.ts'])
  for (let round = 0; round < 20; round += 1) {
    write(`src/made-${round}.ts`)
    expect(await find(`made-${round}.ts`)).toEqual([`src/made-${round}.ts`])
    await rm(at(`src/made-${round}.ts`))
    expect(await find(`made-${round}.ts`)).toEqual([])
  }
})

test('a folder that was just renamed is found under its new name alone', async () => {
  write('old/deep/a.ts', 'old/b.ts')
  expect(await find('ts')).toHaveLength(2)
  await rename(at('old'), at('new'))
  expect((await find('ts')).toSorted()).toEqual(['new/b.ts', 'new/deep/a.ts'])
})

test('a file that became ignored is not found any more', async () => {
  git(files.root, 'init', '-q')
  write('a.log', 'a.ts')
  expect((await find('a.')).toSorted()).toEqual(['a.log', 'a.ts'])
  await writeFile(at('.gitignore'), '*.log\n')
  expect(await find('a.')).toEqual(['a.ts'])
  write('b.log', 'b.ts')
  expect(await find('b.')).toEqual(['b.ts'])
})

test('a search that nobody waits for any more ends', async () => {
  write('a.ts')
  const gone = AbortSignal.abort(new Error('left'))
  const call = files.room.methods['files.find']({ workspace: files.workspace, query: 'a', limit: 1 }, {
    actor: { user: `usr_${'a'.repeat(26)}` as never, name: 'ada', role: 'admin' },
    signal: gone,
  } as never)
  await expect(call).rejects.toThrow('left')
})

test('names are found in 10,000 files, the last made among them', async () => {
  for (let part = 0; part < 100; part += 1) {
    mkdirSync(at(`part-${part}`))
    for (let number = 0; number < 100; number += 1) writeFileSync(at(`part-${part}/module-${number}.ts`), '')
  }
  expect((await find('part-99/module-99', 1))[0]).toBe('part-99/module-99.ts')
  write('part-99/module-99-extra.ts')
  expect((await find('99extra', 1))[0]).toBe('part-99/module-99-extra.ts')
})
