import { expect, test } from 'vitest'
import { foldersAbove, freeName, isWithin, nameFault, outermost, pathInWorkspace } from './paths.ts'

test('what agents and compilers write is found in the workspace', () => {
  const root = '/home/ada/work'
  expect(pathInWorkspace(root, 'src/app.ts')).toBe('src/app.ts')
  expect(pathInWorkspace(root, './src//app.ts')).toBe('src/app.ts')
  expect(pathInWorkspace(root, 'src/../README.md')).toBe('README.md')
  expect(pathInWorkspace(root, '/home/ada/work/src/app.ts')).toBe('src/app.ts')
  expect(pathInWorkspace(root, '/home/ada/work')).toBe('')
  expect(pathInWorkspace('/', '/etc/hosts')).toBe('etc/hosts')
  for (const outside of ['/etc/hosts', '/home/ada/workshop/x', '../x', 'a/../../x']) {
    expect(pathInWorkspace(root, outside)).toBeNull()
  }
})

test('folders above, inside, and outermost', () => {
  expect(foldersAbove('a/b/c.ts')).toEqual(['a', 'a/b'])
  expect(foldersAbove('c.ts')).toEqual([])
  expect(isWithin('a/b', 'a')).toBe(true)
  expect(isWithin('ab', 'a')).toBe(false)
  expect(isWithin('ab', '')).toBe(true)
  expect(outermost(['a', 'a/b', 'ab'])).toEqual(['a', 'ab'])
})

test('a free name keeps its ending', () => {
  const taken = new Set(['notes (1).tar.gz'])
  expect(freeName('notes.tar.gz', (name) => taken.has(name))).toBe('notes (2).tar.gz')
  expect(freeName('.env', () => false)).toBe('.env (1)')
  expect(freeName('Makefile', () => false)).toBe('Makefile (1)')
})

test('names that cannot be are said why', () => {
  for (const bad of ['', '  ', '/a', 'a/', 'a//b', '.', '..', 'a/../b', 'a\0b', 'ü'.repeat(128)]) {
    expect([bad, nameFault(bad)]).toEqual([bad, expect.any(String)])
  }
  for (const good of ['a', '.env', 'a/b.ts', 'ü'.repeat(127), '-rf']) expect(nameFault(good)).toBeNull()
})
