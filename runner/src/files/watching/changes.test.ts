import { expect, test } from 'vitest'
import { Changes, MAX_PATHS } from './changes.ts'
import { isWatched, toldOf } from './watched-names.ts'

test('changes of one moment are gathered, each path once', () => {
  const changes = new Changes()
  expect(changes.empty).toBe(true)
  changes.add('a.txt', '')
  changes.add('a.txt')
  changes.add('src/b.txt', 'src')
  expect(changes.empty).toBe(false)
  expect(changes.take()).toEqual({ paths: ['a.txt', 'src/b.txt'], folders: ['', 'src'], reset: false })
  expect(changes.take()).toEqual({ paths: [], folders: [], reset: false })
})

test('too many paths, or too long ones, become a reset', () => {
  const many = new Changes()
  for (let number = 0; number <= MAX_PATHS; number += 1) many.add(`${number}`)
  expect(many.take()).toEqual({ paths: [], folders: [], reset: true })
  const long = new Changes()
  for (let number = 0; number < 40; number += 1) long.add(`${number}${'x'.repeat(4_000)}`)
  long.add('one more')
  expect(long.take()).toEqual({ paths: [], folders: [], reset: true })
  expect(long.empty).toBe(true)
})

test('what is watched and what is told', () => {
  expect(isWatched('', '.git')).toBe(true)
  expect(isWatched('.git', 'objects')).toBe(false)
  expect(isWatched('app', 'node_modules')).toBe(true)
  expect(isWatched('app/node_modules', 'react')).toBe(false)
  expect(isWatched('', '.octo-trash')).toBe(false)
  expect(toldOf('src', 'a.ts', true)).toEqual({ path: 'src/a.ts', folder: 'src' })
  expect(toldOf('src', 'a.ts', false)).toEqual({ path: 'src/a.ts' })
  expect(toldOf('.git', 'HEAD', true)).toEqual({ path: '.git/HEAD' })
  expect(toldOf('.git', 'config', true)).toBeNull()
  expect(toldOf('node_modules', 'react', true)).toEqual({ path: 'node_modules', folder: 'node_modules' })
  expect(toldOf('node_modules', 'react', false)).toBeNull()
})
