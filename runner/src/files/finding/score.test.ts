import { expect, test } from 'vitest'
import { bestMatches } from './best.ts'
import { scoreOf, toCandidate, toQuery } from './score.ts'

const signal = new AbortController().signal

async function find(query: string, paths: readonly string[], limit = 10): Promise<string[]> {
  return bestMatches(paths.map(toCandidate), toQuery(query), { limit, signal })
}

test('a path matches if it has all characters in their order', () => {
  expect(scoreOf(toCandidate('src/app.ts'), toQuery('sap'))).not.toBeNull()
  expect(scoreOf(toCandidate('src/app.ts'), toQuery('srcs'))).not.toBeNull()
  expect(scoreOf(toCandidate('src/app.ts'), toQuery('tsa'))).toBeNull()
  expect(scoreOf(toCandidate('src/app.ts'), toQuery('zap'))).toBeNull()
})

test('the file that is called like that comes first', async () => {
  const paths = ['src/app/readme-generator.ts', 'docs/app/index.md', 'lib/application.ts', 'app.ts', 'src/map-paper.ts']
  expect((await find('app', paths))[0]).toBe('app.ts')
  expect((await find('app.ts', paths))[0]).toBe('app.ts')
  expect(await find('index', paths)).toEqual(['docs/app/index.md'])
})

test('beginnings of words are better than letters anywhere', async () => {
  const paths = ['src/fold-session.ts', 'src/offsets-of-series.ts', 'src/FileStatus.ts']
  expect((await find('fs', paths))[0]).toBe('src/FileStatus.ts')
  expect((await find('fos', paths))[0]).toBe('src/fold-session.ts')
})

test('words apart match each for itself, in any order', async () => {
  const paths = ['runner/src/files/room.ts', 'runner/src/terminals/room.ts', 'frontend/src/files/tree.tsx']
  expect(await find('room files', paths)).toEqual(['runner/src/files/room.ts'])
  expect(await find('files', paths)).toHaveLength(2)
})

test('nothing typed yet finds the shortest paths', async () => {
  expect(await find('', ['a/b/c.ts', 'a.ts', 'b/a.ts'], 2)).toEqual(['a.ts', 'b/a.ts'])
})

test('capitals, accents and other scripts are found as they are typed', async () => {
  expect(await find('ÜBER', ['docs/über.md', 'docs/uber.md'])).toEqual(['docs/über.md'])
  expect(await find('文件', ['文件/说明.md', 'a.md'])).toEqual(['文件/说明.md'])
})

test('the best of many are the best, also past a slice', async () => {
  const paths = Array.from({ length: 50_000 }, (_, number) => `src/part-${number}/module-${number}.ts`)
  expect(await find('module-49999.ts', paths, 1)).toEqual(['src/part-49999/module-49999.ts'])
})
