import { expect, test } from 'vitest'
import { findSecondHomes } from './names.mjs'

const protocol = {
  path: 'protocol/src/files.ts',
  source: 'export const Entry = z.object({})\nexport type Entry = z.infer<typeof Entry>\nexport interface Saved {}\n',
}

test('types with one home each are in order, and private ones may share a name', () => {
  const files = [
    protocol,
    { path: 'runner/src/files/read.ts', source: 'import type { Entry } from "@octo/protocol"\ntype Options = {}\n' },
    { path: 'backend/src/db/open.ts', source: 'interface Options {}\nexport class Store {}\n' },
  ]
  expect(findSecondHomes(files)).toEqual([])
})

test('a second exported home is found', () => {
  const files = [protocol, { path: 'runner/src/files/save.ts', source: 'export abstract class Saved {}\n' }]
  expect(findSecondHomes(files)).toEqual(['Saved is exported by protocol/src/files.ts and runner/src/files/save.ts.'])
})

test('a private copy of a wire type is found', () => {
  const files = [protocol, { path: 'frontend/src/files/tree.tsx', source: 'type Entry = { name: string }\n' }]
  expect(findSecondHomes(files)).toEqual([
    'Entry in frontend/src/files/tree.tsx has the name of a type of the protocol.',
  ])
})
