// @vitest-environment happy-dom
import { OctoError, toErrorBody } from '@octo/protocol/client'
import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMux } from '../mux/create-mux.ts'
import { FakeServer } from '../mux/fake-server.test-support.ts'
import { FakeSession, SESSION } from './fake-session.test-support.ts'
import type { SessionStore } from './session-store.ts'
import { createSessionStore } from './session-store.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

interface Room {
  readonly server: FakeServer
  readonly session: FakeSession
  readonly store: SessionStore
}

function start(): Room {
  const server = new FakeServer()
  const session = new FakeSession(server)
  const renewLogin = (): Promise<'renewed'> => Promise.resolve('renewed')
  const mux = createMux({ openSocket: server.openSocket, renewLogin, random: () => 0.5 })
  return { server, session, store: createSessionStore(mux, SESSION) }
}

/** Serves and delivers everything, message by message, as a socket does: what one sets off happens before the next. */
async function settle(server: FakeServer): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
  while (server.serve() || server.deliver()) await vi.advanceTimersByTimeAsync(0)
  await vi.advanceTimersByTimeAsync(50)
}

async function opened(): Promise<Room> {
  const room = start()
  room.store.subscribe(() => undefined)
  await settle(room.server)
  return room
}

/** What is shown: the title, and each text with whether it still grows. */
function shown({ view }: SessionStore['state']): unknown {
  return { title: view.session?.title, texts: view.items.map(textOf) }
}

function textOf(item: SessionStore['state']['view']['items'][number]): unknown {
  return item.kind === 'assistant' ? [item.parts[0]?.text, item.parts[0]?.growing === true] : item.kind
}

test('whatever is cut, a session ends up as the runner has it', async () => {
  const steps = ['begin', 'grow', 'lose', 'finish', 'rename', 'serve', 'deliver', 'deliver', 'cut', 'wait'] as const
  await assert(
    asyncProperty(array(constantFrom(...steps), { maxLength: 60 }), async (actions) => {
      const { server, session, store } = await opened()
      for (const [at, action] of actions.entries()) {
        if (action === 'begin') session.begin(`<${at}>`)
        else if (action === 'grow') session.grow(`.${at}`)
        else if (action === 'lose') session.grow(`-${at}`, false)
        else if (action === 'finish') session.finish()
        else if (action === 'rename') session.change({ title: `title ${at}` })
        else if (action === 'serve') server.serve()
        else if (action === 'deliver') server.deliver()
        else if (action === 'cut') session.cut()
        else await vi.advanceTimersByTimeAsync(1_000)
        await vi.advanceTimersByTimeAsync(0)
      }
      session.finish()
      for (let round = 0; round < 4; round += 1) {
        await vi.advanceTimersByTimeAsync(3_000)
        await settle(server)
      }
      const { seq, fields, items } = session
      expect(shown(store.state)).toEqual({ title: fields.title, texts: items.map(textOf) })
      expect(store.state.view.seq).toBe(seq)
    }),
    { numRuns: 120 },
  )
})

test('a burst of text is drawn once a frame, a single piece at once', async () => {
  const { server, session, store } = await opened()
  session.begin('')
  await settle(server)
  let drawn = 0
  store.subscribe(() => {
    drawn += 1
  })
  for (let piece = 0; piece < 100; piece += 1) session.grow('x')
  while (server.deliver());
  expect(drawn).toBe(1)
  await vi.advanceTimersByTimeAsync(50)
  expect(drawn).toBe(2)
  expect(shown(store.state)).toMatchObject({ texts: [['x'.repeat(100), true]] })
})

test('going back loads what is before, once at a time', async () => {
  const room = start()
  for (let at = 0; at < 400; at += 1) {
    room.session.begin(`${at}`)
    room.session.finish()
  }
  room.store.subscribe(() => undefined)
  await settle(room.server)
  expect(room.store.state.view.items).toHaveLength(120)
  const loading = [room.store.loadOlder(), room.store.loadOlder()]
  await settle(room.server)
  await Promise.all(loading)
  expect(room.server.received.filter(({ method }) => method === 'sessions.page')).toHaveLength(1)
  expect(room.store.state.view.items).toHaveLength(320)
})

test('a prompt is shown at once and goes when the session shows it', async () => {
  const { server, session, store } = await opened()
  const sent = store.send({ text: 'hello' }, 'prompt')
  expect(store.state.echoes).toMatchObject([{ prompt: { text: 'hello' }, state: 'sending' }])
  const { command } = store.state.echoes[0] ?? {}
  session.change({ queue: [{ id: 'que_1', command }] } as object)
  await settle(server)
  await sent
  expect(store.state.echoes).toEqual([])
})

test('a prompt that is refused stays, and says why', async () => {
  const { server, store } = await opened()
  server.handler = () => ({ error: toErrorBody(new OctoError('queue_full', 'The queue is full.')) })
  const sent = store.send({ text: 'hello' }, 'prompt').catch((error: OctoError) => error.code)
  await settle(server)
  expect(await sent).toBe('queue_full')
  expect(store.state.echoes).toMatchObject([{ state: 'failed', error: { message: 'The queue is full.' } }])
})

test('a session that is gone says so; one that cannot be loaded can be tried again', async () => {
  const room = start()
  const answer = room.server.handler
  room.server.handler = () => ({ error: toErrorBody(new OctoError('overloaded', 'Busy.')) })
  room.store.subscribe(() => undefined)
  await settle(room.server)
  expect(room.store.state).toMatchObject({ phase: 'failed', error: { message: 'Busy.' } })
  room.server.handler = answer
  room.store.retry()
  await settle(room.server)
  expect(room.store.state).toMatchObject({ phase: 'ready', error: null })
  room.server.handler = () => ({ error: toErrorBody(new OctoError('not_found', 'No such session.')) })
  room.store.retry()
  await settle(room.server)
  expect(room.store.state.phase).toBe('gone')
})

test('a session nobody looks at is closed after a while, and opens again where it was', async () => {
  const { server, session, store } = start()
  const stop = store.subscribe(() => undefined)
  await settle(server)
  stop()
  await vi.advanceTimersByTimeAsync(4_000)
  server.flush()
  expect(store.watched).toBe(true)
  for (let beat = 0; beat < 8; beat += 1) {
    await vi.advanceTimersByTimeAsync(4_000)
    server.flush()
  }
  expect(server.received.at(-1)?.method).toBe('sessions.close')
  session.begin('meanwhile')
  store.subscribe(() => undefined)
  await settle(server)
  expect(server.received.at(-1)).toMatchObject({ method: 'sessions.open', params: { after: 1, epoch: 'e' } })
  expect(shown(store.state)).toMatchObject({ texts: [['meanwhile', true]] })
})
