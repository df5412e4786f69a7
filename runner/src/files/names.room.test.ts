import { execFileSync } from 'node:child_process'
import { chmod, link, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { openTestFiles, type TestFiles } from './testing/open-test-files.ts'

const folder = useTempFolder()
let files: TestFiles

beforeEach(async () => {
  files = await openTestFiles(folder())
})
afterEach(() => files.room.close())

const at = (path: string): string => join(files.root, path)

/** Writes files, with the folders above them. */
async function write(contents: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(join(at(path), '..'), { recursive: true })
    await writeFile(at(path), content)
  }
}

test('a folder lists its folders first, then by name, numbers by their value', async () => {
  await write({ 'b.txt': '', 'A.txt': '', 'step 10': '', 'step 9': '', 'src/x': '', '.git/HEAD': '' })
  await symlink('b.txt', at('link'))
  expect(await files.call('files.list', { path: '' })).toEqual({
    entries: [
      { name: '.git', kind: 'folder' },
      { name: 'src', kind: 'folder' },
      { name: 'A.txt', kind: 'file' },
      { name: 'b.txt', kind: 'file' },
      { name: 'link', kind: 'symlink' },
      { name: 'step 9', kind: 'file' },
      { name: 'step 10', kind: 'file' },
    ],
  })
})

test('a folder of 8,000 long names comes in pages that fit a frame, complete and each once', async () => {
  const names = Array.from({ length: 8_000 }, (_, number) => `${'n'.repeat(200)}${number}`)
  for (const name of names) writeFileSync(at(name), '')
  const seen: string[] = []
  let after: string | undefined
  let pages = 0
  do {
    const page = await files.call('files.list', { path: '', ...(after !== undefined && { after }) })
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(1_048_576)
    seen.push(...page.entries.map(({ name }) => name))
    after = page.next
    pages += 1
  } while (after !== undefined)
  expect(seen).toEqual(names)
  expect(pages).toBeGreaterThan(1)
})

test('a name that is not UTF-8 is shown, and opening it is a plain refusal', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${files.root}/odd-`), Buffer.from([0xff, 0xfe])]), 'x')
  await writeFile(at('proper'), '')
  expect((await files.call('files.list', { path: '' })).entries).toEqual([
    { name: 'odd-\uFFFD\uFFFD', kind: 'other' },
    { name: 'proper', kind: 'file' },
  ])
  await expect(files.call('files.stat', { path: 'odd-\uFFFD\uFFFD' })).rejects.toMatchObject({ code: 'not_found' })
})

test('names that are hard on shells and parsers are names like any other', async () => {
  const hard = [
    '-rf',
    'new\nline',
    '; touch x',
    '$(touch x)',
    '"quoted"',
    "it's",
    'tab\t',
    'back\\slash',
    '%2e%2e',
    '~',
    'ünï',
    '😀',
  ]
  for (const name of hard) {
    await files.call('files.create', { path: name, kind: 'file' })
    expect(await files.call('files.stat', { path: name })).toMatchObject({ path: name, kind: 'file', bytes: 0 })
  }
  const { entries } = await files.call('files.list', { path: '' })
  expect(new Set(entries.map(({ name }) => name))).toEqual(new Set(hard))
  for (const name of hard) await files.call('files.move', { from: name, to: `moved/${name}` })
  expect(new Set(await readdir(at('moved')))).toEqual(new Set(hard))
})

test('a name longer than the file system allows is refused in words', async () => {
  const error = {
    code: 'bad_request',
    message: expect.stringContaining('longer than the file system allows') as string,
  }
  await expect(files.call('files.stat', { path: 'n'.repeat(4_096) })).rejects.toMatchObject(error)
  await expect(files.call('files.create', { path: 'n'.repeat(300), kind: 'file' })).rejects.toMatchObject(error)
})

test('a file says what it is by its bytes before its name', async () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])
  await writeFile(at('picture.txt'), png)
  await write({ 'page.html': '<p>', 'code.ts': 'let a', 'data.json': '{}', Makefile: 'all:', 'fake.png': 'text' })
  const looked = await Promise.all(
    ['picture.txt', 'page.html', 'code.ts', 'data.json', 'Makefile', 'fake.png'].map((path) =>
      files.call('files.stat', { path }),
    ),
  )
  expect(looked.map(({ type, text }) => [type, text])).toEqual([
    ['image/png', false],
    ['text/html', true],
    ['text/plain', true],
    ['application/json', true],
    ['text/plain', true],
    ['text/plain', true],
  ])
})

test('a link says that it is one and what it leads to, a broken one that it leads to nothing', async () => {
  await write({ 'src/a.txt': 'hello' })
  await symlink('src', at('folder-link'))
  await symlink('src/a.txt', at('file-link'))
  await symlink('nowhere', at('broken'))
  await symlink('circle', at('circle'))
  expect(await files.call('files.stat', { path: 'folder-link' })).toMatchObject({ kind: 'symlink', target: 'folder' })
  expect(await files.call('files.stat', { path: 'file-link' })).toMatchObject({
    kind: 'symlink',
    target: 'file',
    bytes: 5,
    text: true,
  })
  for (const path of ['broken', 'circle']) {
    const looked = await files.call('files.stat', { path })
    expect([looked.kind, looked.target]).toEqual(['symlink', undefined])
  }
  expect((await files.call('files.list', { path: 'folder-link' })).entries).toEqual([{ name: 'a.txt', kind: 'file' }])
})

test('making a file makes the folders above it, and never replaces anything', async () => {
  expect(await files.call('files.create', { path: 'a/b/c.txt', kind: 'file' })).toMatchObject({
    path: 'a/b/c.txt',
    bytes: 0,
  })
  expect(await files.call('files.create', { path: 'a/d', kind: 'folder' })).toMatchObject({ kind: 'folder' })
  await writeFile(at('a/b/c.txt'), 'kept')
  await symlink('nowhere', at('taken'))
  for (const path of ['a/b/c.txt', 'a/d', 'taken']) {
    for (const kind of ['file', 'folder'] as const) {
      await expect(files.call('files.create', { path, kind })).rejects.toMatchObject({ code: 'exists' })
    }
  }
  expect(await readFile(at('a/b/c.txt'), 'utf8')).toBe('kept')
  await expect(files.call('files.create', { path: 'a/b/c.txt/d', kind: 'file' })).rejects.toMatchObject({
    code: 'not_a_folder',
  })
})

test('renaming moves files, folders and links themselves, and never replaces anything', async () => {
  await write({ 'a.txt': 'a', 'b.txt': 'b', 'folder/x': 'x', 'other/y': 'y' })
  await mkdir(at('empty'))
  await symlink('a.txt', at('link'))
  expect(await files.call('files.move', { from: 'a.txt', to: 'deep/er/a.txt' })).toMatchObject({
    path: 'deep/er/a.txt',
    bytes: 1,
  })
  await files.call('files.move', { from: 'link', to: 'link2' })
  expect(await readlink(at('link2'))).toBe('a.txt')
  await files.call('files.move', { from: 'folder', to: 'renamed' })
  for (const [from, to] of [
    ['b.txt', 'deep/er/a.txt'],
    ['b.txt', 'link2'],
    ['b.txt', 'empty'],
    ['renamed', 'other'],
    ['renamed', 'empty'],
    ['renamed', 'b.txt'],
  ] as const) {
    await expect(files.call('files.move', { from, to })).rejects.toMatchObject({ code: 'exists' })
  }
  await expect(files.call('files.move', { from: 'renamed', to: 'renamed/x/y' })).rejects.toMatchObject({
    code: 'bad_request',
  })
  await expect(files.call('files.move', { from: 'gone', to: 'z' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(files.call('files.move', { from: '', to: 'z' })).rejects.toMatchObject({ code: 'bad_request' })
  expect((await readdir(files.root, { recursive: true })).toSorted()).toEqual(
    [
      'b.txt',
      'deep',
      'deep/er',
      'deep/er/a.txt',
      'empty',
      'link2',
      'other',
      'other/y',
      'renamed',
      'renamed/x',
    ].toSorted(),
  )
})

test('a file with a second name keeps both when one is moved', async () => {
  await write({ 'a.txt': 'same' })
  await link(at('a.txt'), at('b.txt'))
  await expect(files.call('files.move', { from: 'a.txt', to: 'b.txt' })).rejects.toMatchObject({ code: 'exists' })
  await files.call('files.move', { from: 'a.txt', to: 'c.txt' })
  expect((await readdir(files.root)).toSorted()).toEqual(['b.txt', 'c.txt'])
})

test('what was deleted comes back as it was, counted by files', async () => {
  await write({ 'src/a.txt': 'a', 'src/deep/b.txt': 'b', 'top.txt': 'top' })
  await symlink('../top.txt', at('src/link'))
  await chmod(at('src/a.txt'), 0o755)
  const { trash, deleted } = await files.call('files.delete', { paths: ['src', 'src/deep/b.txt', 'top.txt'] })
  expect(deleted).toBe(4)
  expect(await readdir(files.root)).toEqual([])
  expect((await files.call('files.restore', { trash })).paths).toEqual(['src', 'top.txt'])
  expect(await readFile(at('src/deep/b.txt'), 'utf8')).toBe('b')
  expect(await readlink(at('src/link'))).toBe('../top.txt')
  expect((await stat(at('src/a.txt'))).mode & 0o777).toBe(0o755)
  expect(await readdir(files.trash)).toEqual([])
  await expect(files.call('files.restore', { trash })).rejects.toMatchObject({ code: 'not_found' })
})

test('a restored file whose name is taken stands beside the new one', async () => {
  await write({ 'notes.tar.gz': 'old' })
  const first = await files.call('files.delete', { paths: ['notes.tar.gz'] })
  await write({ 'notes.tar.gz': 'new' })
  expect((await files.call('files.restore', { trash: first.trash })).paths).toEqual(['notes (restored).tar.gz'])
  const second = await files.call('files.delete', { paths: ['notes.tar.gz'] })
  await write({ 'notes.tar.gz': 'newest', 'notes (restored).tar.gz': 'taken' })
  expect((await files.call('files.restore', { trash: second.trash })).paths).toEqual(['notes (restored 2).tar.gz'])
  expect(await readFile(at('notes.tar.gz'), 'utf8')).toBe('newest')
})

test('a file is restored also when its folder went meanwhile', async () => {
  await write({ 'a/b/c.txt': 'c' })
  const { trash } = await files.call('files.delete', { paths: ['a/b/c.txt'] })
  await rm(at('a'), { recursive: true })
  expect((await files.call('files.restore', { trash })).paths).toEqual(['a/b/c.txt'])
  expect(await readFile(at('a/b/c.txt'), 'utf8')).toBe('c')
})

test('deleting takes all or nothing', async () => {
  await write({ 'a.txt': 'a', 'b.txt': 'b' })
  await expect(files.call('files.delete', { paths: ['a.txt', 'gone', 'b.txt'] })).rejects.toMatchObject({
    code: 'not_found',
    message: '"gone" is not there (any more).',
  })
  expect((await readdir(files.root)).toSorted()).toEqual(['a.txt', 'b.txt'])
  expect(await readdir(files.trash)).toEqual([])
  await expect(files.call('files.delete', { paths: [''] })).rejects.toMatchObject({ code: 'bad_request' })
})

test('deleting a link leaves what it leads to', async () => {
  await write({ 'src/a.txt': 'a' })
  await symlink('src', at('link'))
  expect((await files.call('files.delete', { paths: ['link'] })).deleted).toBe(1)
  expect(await readFile(at('src/a.txt'), 'utf8')).toBe('a')
})

test('the dim names are the ones git ignores, tracked ones are not among them', async () => {
  await write({
    '.gitignore': '*.log\nbuild/\n:odd\n',
    'a.log': '',
    'a.ts': '',
    'build/x': '',
    '-b.log': '',
    ':odd': '',
  })
  execFileSync('git', ['init', '-q'], { cwd: files.root })
  expect((await files.call('files.ignored', { path: '' })).names.toSorted()).toEqual([
    '-b.log',
    ':odd',
    'a.log',
    'build',
  ])
  expect((await files.call('files.ignored', { path: 'build' })).names).toEqual(['x'])
})

test('without git nothing is ignored', async () => {
  await write({ '.gitignore': '*', 'a.log': '' })
  expect(await files.call('files.ignored', { path: '' })).toEqual({ names: [] })
})
