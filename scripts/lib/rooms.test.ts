import { expect, test } from 'vitest'
import { compareRooms } from './rooms.mjs'

const plan = {
  rooms: { files: ['runner', 'frontend'], accounts: ['backend'] },
  plumbing: { protocol: ['index', 'ids'], runner: ['lib'], backend: ['gate'], frontend: ['ui'] },
}
const door = (name: string) => ({ name, hasDoor: true })
const tree = {
  protocol: ['index', 'ids', 'files', 'accounts'],
  sides: {
    runner: [door('files'), { name: 'lib', hasDoor: false }],
    backend: [door('accounts')],
    frontend: [door('files')],
  },
}

test('rooms that agree on every side are in order', () => {
  expect(compareRooms(plan, tree)).toEqual([])
})

test('a room without its folder, door or protocol file is found', () => {
  const broken = {
    protocol: ['index', 'ids', 'accounts'],
    sides: { runner: [{ name: 'files', hasDoor: false }], backend: [door('accounts')], frontend: [] },
  }
  expect(compareRooms(plan, broken)).toEqual([
    'Room "files" has no protocol/src/files.ts.',
    'runner/src/files has no index.ts to enter it by.',
    'Room "files" has no folder frontend/src/files.',
  ])
})

test('a folder that nobody planned is found, as is a room on a side that takes no part in it', () => {
  const stray = {
    protocol: [...tree.protocol, 'voice'],
    sides: { ...tree.sides, backend: [door('accounts'), door('files'), door('helpers')] },
  }
  expect(compareRooms(plan, stray)).toEqual([
    'protocol/src/voice.ts is not listed.',
    'backend/src/files is no room that the backend takes part in, nor plumbing.',
    'backend/src/helpers is no room that the backend takes part in, nor plumbing.',
  ])
})
