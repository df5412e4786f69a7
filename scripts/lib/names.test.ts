import { expect, test } from 'vitest'
import { findSecondHomes } from './names.mjs'

const protocol = {
  path: 'protocol/src/files.ts',
  source: 'export const Entry = z.object({})\nexport type Entry = z.infer<typeof Entry>\nexport interface Saved {}\n',
}

test('types of one side may share a name with those of another', () => {
  const files = [
    protocol,
    {
      path: 'runner/src/files/read.ts',
      source: 'import type { Entry } from "@octo/protocol"\nexport type Options = {}\n',
    },
    { path: 'backend/src/db/open.ts', source: 'export interface Options {}\nexport class Store {}\n' },
  ]
  expect(findSecondHomes(files)).toEqual([])
})

test('a second home of a wire type is found, exported or not', () => {
  const files = [
    protocol,
    { path: 'runner/src/files/save.ts', source: 'export abstract class Saved {}\n' },
    { path: 'frontend/src/files/tree.tsx', source: 'type Entry = { name: string }\n' },
  ]
  expect(findSecondHomes(files)).toEqual([
    'Saved in runner/src/files/save.ts has the name of a type of the protocol.',
    'Entry in frontend/src/files/tree.tsx has the name of a type of the protocol.',
  ])
})
