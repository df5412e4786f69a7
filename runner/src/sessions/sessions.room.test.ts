import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { House } from './testing/house.ts'

let house: House

beforeAll(async () => {
  house = await House.open()
})

afterAll(() => house.close())

test('a prompt lets pi think, write a file, run a command and answer', async () => {
  const { watcher } = await house.begin('#think #write notes.txt #bash "cat notes.txt && echo done"')
  await watcher.turnsEnded(1)
  expect(await readFile(join(house.work, 'notes.txt'), 'utf8')).toBe('Written by the model.\nSecond line.\n')
  expect(watcher.items('tool').map(({ name, status, touched }) => [name, status, touched])).toEqual([
    ['write', 'done', ['notes.txt']],
    ['bash', 'done', []],
  ])
  expect(watcher.said.at(-1)).toContain('The tools said: Successfully wrote')
  expect(watcher.outcomes).toEqual(['done'])
  expect([watcher.gaps, watcher.missing]).toEqual([0, []])
})
