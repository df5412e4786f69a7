import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compressFolder } from './compress.mjs'

let folder: string
const script = 'export const answer = 42\n'.repeat(100)

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'octo-compress-'))
  await mkdir(path.join(folder, 'next/assets'), { recursive: true })
  await mkdir(path.join(folder, 'old/assets'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

test('what a browser fetches is compressed; tiny files, images and source maps are left alone', async () => {
  for (const name of ['main.js', 'main.js.map', 'logo.png'])
    await writeFile(path.join(folder, 'next/assets', name), script)
  await writeFile(path.join(folder, 'next/tiny.js'), 'let a')
  await compressFolder(path.join(folder, 'next'), path.join(folder, 'old'))
  expect((await readdir(path.join(folder, 'next'), { recursive: true })).toSorted()).toEqual([
    'assets',
    'assets/logo.png',
    'assets/main.js',
    'assets/main.js.br',
    'assets/main.js.map',
    'tiny.js',
  ])
  expect(brotliDecompressSync(await readFile(path.join(folder, 'next/assets/main.js.br'))).toString()).toBe(script)
})

test('what did not change since the last build is not compressed again', async () => {
  for (const [name, old] of [
    ['same.js', script],
    ['changed.js', `${script}//`],
  ] as const) {
    await writeFile(path.join(folder, 'next', name), script)
    await writeFile(path.join(folder, 'old', name), old)
    await writeFile(path.join(folder, 'old', `${name}.br`), 'compressed before')
  }
  await writeFile(path.join(folder, 'next/bare.js'), script)
  await writeFile(path.join(folder, 'old/bare.js'), script)
  await compressFolder(path.join(folder, 'next'), path.join(folder, 'old'))
  expect(brotliDecompressSync(await readFile(path.join(folder, 'next/bare.js.br'))).toString()).toBe(script)
  expect(await readFile(path.join(folder, 'next/same.js.br'), 'utf8')).toBe('compressed before')
  expect(brotliDecompressSync(await readFile(path.join(folder, 'next/changed.js.br'))).toString()).toBe(script)
})
