import { expect, test } from 'vitest'
import { linkStaysInside } from './link-target.ts'
import { outermost, restoredPath } from './trash-names.ts'

test('a folder takes along what is in it, so only the outermost paths are deleted', () => {
  expect(outermost(['a/b', 'a', 'a/b/c', 'ab', 'a', 'b/c'])).toEqual(['a', 'ab', 'b/c'])
})

test('a restored name keeps its ending', () => {
  expect(restoredPath('src/notes.tar.gz', 0)).toBe('src/notes.tar.gz')
  expect(restoredPath('src/notes.tar.gz', 1)).toBe('src/notes (restored).tar.gz')
  expect(restoredPath('.env', 1)).toBe('.env (restored)')
  expect(restoredPath('.env.local', 2)).toBe('.env (restored 2).local')
  expect(restoredPath('Makefile', 3)).toBe('Makefile (restored 3)')
})

test('a link is packed only if it leads to something in the archive', () => {
  expect(linkStaysInside('a/link', '../b')).toBe(true)
  expect(linkStaysInside('a/link', 'b/../../c')).toBe(true)
  for (const target of ['../../b', '/etc/passwd', 'b/../../../c', '..', '']) {
    expect([target, linkStaysInside(target === '..' ? 'link' : 'a/link', target)]).toEqual([target, false])
  }
})
