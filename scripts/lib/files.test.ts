import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashFiles, isBuilt, listFiles } from './files.mjs'

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'octo-files-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, content: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
  writeFileSync(path.join(root, file), content)
}

test('sources are listed, but no dependencies, build results or hidden files', () => {
  for (const file of [
    'a/src/b/c.ts',
    'a/src/a.ts',
    'a/node_modules/x.js',
    'a/src/dist/x.js',
    'a/.env',
    'top.json',
    'z.ts',
  ])
    write(file, '')
  expect(listFiles(root, ['top.json', 'a'])).toEqual(['a/src/a.ts', 'a/src/b/c.ts', 'top.json'])
})

test('a path that is not there is an error, so that no step goes on without its inputs', () => {
  expect(() => listFiles(root, ['gone'])).toThrow('ENOENT')
})

test('the hash follows content and name, and nothing else', () => {
  write('a.ts', 'one')
  write('b.ts', 'two')
  const before = hashFiles(root, ['a.ts', 'b.ts'])
  write('a.ts', 'one')
  expect(hashFiles(root, ['a.ts', 'b.ts'])).toBe(before)
  write('a.ts', 'onetwo')
  write('b.ts', '')
  expect(hashFiles(root, ['a.ts', 'b.ts'])).not.toBe(before)
  expect(hashFiles(root, ['a.ts'])).not.toBe(hashFiles(root, ['b.ts']))
})

test('changing a test rebuilds nothing', () => {
  const files = [
    'src/a.ts',
    'src/a.test.ts',
    'src/a.room.test.ts',
    'src/view.test.tsx',
    'src/testing/fake.ts',
    'src/fake-server.test-support.ts',
    'latest.ts',
  ]
  expect(files.filter(isBuilt)).toEqual(['src/a.ts', 'latest.ts'])
})
