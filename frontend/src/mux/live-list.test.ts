import type { Epoch, Workspace } from '@octo/protocol'
import { OctoError, toErrorBody } from '@octo/protocol/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMux } from './create-mux.ts'
import { FakeServer } from './fake-server.test-support.ts'
import type { LiveList } from './live-list.ts'
import { createLiveList } from './live-list.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const workspace = (id: string, name: string): Workspace =>
  ({ id, name, path: `/${name}`, present: true, git: false, createdAt: 0, updatedAt: 0 }) as unknown as Workspace

const reply = (seq: number, items: readonly unknown[], reset = false) => ({
  result: { epoch: 'e' as Epoch, seq, reset, items },
})
const names = (list: LiveList<Workspace>): readonly string[] => [...list.state.entries.values()].map(({ name }) => name)

async function settle(server: FakeServer): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
  server.flush()
  await vi.advanceTimersByTimeAsync(0)
}

async function start(): Promise<{ server: FakeServer; list: LiveList<Workspace> }> {
  const server = new FakeServer()
  server.handler = () => reply(3, [workspace('a', 'one')], true)
  const mux = createMux({ openSocket: server.openSocket, renewLogin: () => Promise.resolve('renewed') })
  const list = createLiveList(mux, 'workspaces.list', 'workspaces.changed')
  expect(list.state.loaded).toBe(false)
  await settle(server)
  return { server, list }
}

test('a list loads, and follows what is announced', async () => {
  const { server, list } = await start()
  expect(list.state).toEqual({ entries: new Map([['a', workspace('a', 'one')]]), loaded: true, error: null })
  server.notify('workspaces.changed', { from: 3, seq: 5, items: [workspace('b', 'two'), { id: 'a', removed: true }] })
  await settle(server)
  expect(names(list)).toEqual(['two'])
})

test('a gap asks again from where the list stands', async () => {
  const { server, list } = await start()
  server.handler = () => reply(9, [workspace('c', 'three')])
  server.notify('workspaces.changed', { from: 7, seq: 9, items: [] })
  await settle(server)
  expect(server.received.at(-1)?.params).toEqual({ after: 3, epoch: 'e' })
  expect(names(list)).toEqual(['one', 'three'])
})

test('after a reconnect only what changed is asked for', async () => {
  const { server, list } = await start()
  server.handler = () => reply(4, [workspace('a', 'renamed')])
  server.socket.close()
  await vi.advanceTimersByTimeAsync(1_000)
  await settle(server)
  expect(server.received.at(-1)?.params).toEqual({ after: 3, epoch: 'e' })
  expect(names(list)).toEqual(['renamed'])
})

test('a list that cannot be loaded keeps what it had and says why; reload mends it', async () => {
  const { server, list } = await start()
  server.handler = () => ({ error: toErrorBody(new OctoError('overloaded', 'Too busy.')) })
  list.reload()
  await settle(server)
  expect(list.state.error?.message).toBe('Too busy.')
  expect(names(list)).toEqual(['one'])
  server.handler = () => reply(3, [])
  list.reload()
  await settle(server)
  expect(list.state.error).toBeNull()
})
