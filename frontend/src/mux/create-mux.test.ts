import type { ErrorCode } from '@octo/protocol'
import { encodeFrame, FrameKind, OctoError, toErrorBody } from '@octo/protocol/client'
import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MAX_OPEN_CALLS, RUNNER_WAIT_MS } from './calls.ts'
import { createMux } from './create-mux.ts'
import { FakeServer, READY } from './fake-server.test-support.ts'
import type { Renewal } from './link.ts'
import type { Mux } from './mux.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

interface Room {
  readonly server: FakeServer
  readonly mux: Mux
  readonly renewals: Renewal[]
}

/** A mux on a fake server; `renewals` are the answers to its next renewals of the login, `renewed` when they run out. */
function start(): Room {
  const server = new FakeServer()
  const renewals: Renewal[] = []
  const renewLogin = (): Promise<Renewal> => Promise.resolve(renewals.shift() ?? 'renewed')
  return { server, mux: createMux({ openSocket: server.openSocket, renewLogin, random: () => 0.5 }), renewals }
}

async function ready(): Promise<Room> {
  const room = start()
  await settle(room.server)
  expect(room.mux.state.phase).toBe('ready')
  return room
}

async function settle(server: FakeServer): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
  server.flush()
  await vi.advanceTimersByTimeAsync(0)
}

function rename(mux: Mux, name: string): Promise<unknown> {
  return mux.command('workspaces.rename', { workspace: 'w', name })
}

const refusal = (code: ErrorCode) => ({ error: toErrorBody(new OctoError(code, code)) })
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: OctoError) => error.code,
  )

test('whatever is cut, every command is run once and answered once, under one id', async () => {
  const step = constantFrom('command', 'serve', 'deliver', 'close', 'unreachable', 'reachable', 'wait', 'check')
  await assert(
    asyncProperty(array(step, { maxLength: 80 }), async (steps) => {
      const { server, mux } = start()
      const runs = new Map<string, string[]>()
      server.handler = ({ command, params }) => {
        const { name } = params as { name: string }
        runs.set(String(command), [...(runs.get(String(command)) ?? []), name])
        return { result: { name } }
      }
      const answers: unknown[][] = []
      for (const action of steps) {
        if (action === 'command') {
          const got: unknown[] = []
          answers.push(got)
          void rename(mux, `n${answers.length}`).then((result) => got.push(result))
        } else if (action === 'serve') server.serve()
        else if (action === 'deliver') server.deliver()
        else if (action === 'close') server.socket.close()
        else if (action === 'wait') await vi.advanceTimersByTimeAsync(3_000)
        else if (action === 'check') mux.retryNow()
        else server.reachable = action === 'reachable'
        await vi.advanceTimersByTimeAsync(0)
      }
      server.reachable = true
      for (let round = 0; round < 10; round += 1) {
        await vi.advanceTimersByTimeAsync(6_000)
        server.flush()
      }
      await vi.advanceTimersByTimeAsync(0)
      expect(answers).toEqual(answers.map((_, at) => [{ name: `n${at + 1}` }]))
      // One id a command, and never another body under the same id.
      expect([...runs.values()].map((names) => new Set(names).size)).toEqual(answers.map(() => 1))
      mux.close()
    }),
    { numRuns: 150 },
  )
})

test('a question lost with the link is asked again, and its listener is told once', async () => {
  const { server, mux } = await ready()
  server.handler = () => ({ result: { agents: [] } })
  const asked = mux.query('agents.list', {})
  server.serve()
  server.socket.close()
  expect(mux.state).toMatchObject({ phase: 'reconnecting' })
  await vi.advanceTimersByTimeAsync(1_000)
  server.flush()
  expect(await asked).toEqual({ agents: [] })
  expect(server.received.map(({ method, id }) => [method, id])).toEqual([
    ['agents.list', 1],
    ['agents.list', 1],
  ])
})

test('a dead link is noticed within 12 seconds', async () => {
  const { server, mux } = await ready()
  await vi.advanceTimersByTimeAsync(5_000)
  server.flush()
  const first = server.socket
  await vi.advanceTimersByTimeAsync(12_000)
  expect(first.live).toBe(false)
  expect(mux.state.phase).toBe('reconnecting')
})

test('a link that answers its heartbeats stays', async () => {
  const { server, mux } = await ready()
  for (let beat = 0; beat < 20; beat += 1) {
    await vi.advanceTimersByTimeAsync(5_000)
    server.flush()
  }
  expect(server.opened).toHaveLength(1)
  expect(mux.state.phase).toBe('ready')
})

test('when the tab comes back, a dead link is replaced within two seconds and a living one kept', async () => {
  const { server, mux } = await ready()
  mux.retryNow()
  server.flush()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(server.opened).toHaveLength(1)
  mux.retryNow()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(mux.state.phase).toBe('reconnecting')
  await vi.advanceTimersByTimeAsync(1_000)
  server.flush()
  expect(mux.state.phase).toBe('ready')
})

test('an expired login is renewed before the next try', async () => {
  const server = new FakeServer()
  server.reachable = false
  const renewLogin = (): Promise<Renewal> => {
    server.reachable = true
    return Promise.resolve('renewed')
  }
  const mux = createMux({ openSocket: server.openSocket, renewLogin })
  await settle(server)
  expect(mux.state.phase).toBe('ready')
  expect(server.opened).toHaveLength(2)
})

test('a login that is over fails what waits and says so', async () => {
  const { server, mux, renewals } = await ready()
  const waiting = codeOf(rename(mux, 'x'))
  renewals.push('refused')
  server.reachable = false
  server.socket.close()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await waiting).toBe('unauthenticated')
  expect(mux.state).toEqual({ phase: 'logged-out' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(server.opened).toHaveLength(2)
  server.reachable = true
  mux.retryNow()
  expect(mux.state).toEqual({ phase: 'logged-out' })
  await settle(server)
  expect(mux.state.phase).toBe('ready')
})

test('a server that cannot be reached is tried again with growing pauses, and at once when asked to', async () => {
  const { server, mux, renewals } = await ready()
  renewals.push(...Array.from({ length: 50 }, () => 'unreachable' as const))
  server.reachable = false
  server.socket.close()
  await vi.advanceTimersByTimeAsync(60_000)
  const tries = server.opened.length - 1
  expect(tries).toBeGreaterThan(6)
  expect(tries).toBeLessThan(20)
  server.reachable = true
  mux.retryNow()
  await settle(server)
  expect(mux.state.phase).toBe('ready')
})

test('a server of another version asks for a reload', async () => {
  const room = start()
  room.server.helloError = refusal('version_mismatch').error
  const waiting = codeOf(rename(room.mux, 'x'))
  await settle(room.server)
  expect(room.mux.state).toEqual({ phase: 'outdated' })
  expect(await waiting).toBe('version_mismatch')
})

test('a call of a lost runner waits for it and is sent again when it is back', async () => {
  const { server, mux } = await ready()
  let lost = true
  server.handler = () => (lost ? refusal('runner_lost') : { result: 'renamed' })
  const renamed = rename(mux, 'x')
  server.flush()
  server.notify('system.runner', { ...READY, state: 'lost' })
  server.flush()
  lost = false
  server.notify('system.runner', { ...READY, epoch: 'e2' })
  server.flush()
  expect(await renamed).toBe('renamed')
  expect(new Set(server.received.map(({ command }) => command)).size).toBe(1)
})

test('a runner that stays lost fails what waits for it', async () => {
  const { server, mux } = await ready()
  server.handler = () => refusal('runner_lost')
  const renamed = codeOf(rename(mux, 'x'))
  server.flush()
  for (let passed = 0; passed < RUNNER_WAIT_MS; passed += 5_000) {
    await vi.advanceTimersByTimeAsync(5_000)
    server.flush()
  }
  expect(await renamed).toBe('runner_lost')
})

test('views are told when the runner can be reached: now, after a reconnect, and after a new runner', async () => {
  const { server, mux } = await ready()
  let times = 0
  mux.onReady(() => {
    times += 1
  })
  expect(times).toBe(1)
  server.socket.close()
  await vi.advanceTimersByTimeAsync(1_000)
  server.flush()
  expect(times).toBe(2)
  server.notify('system.runner', { ...READY, state: 'lost' })
  server.notify('system.runner', { ...READY, epoch: 'e2' })
  server.flush()
  expect(times).toBe(3)
})

test('an aborted call is given up, and its late answer harms nobody', async () => {
  const { server, mux } = await ready()
  const stop = new AbortController()
  const asked = codeOf(mux.query('agents.list', {}, { signal: stop.signal }))
  stop.abort()
  server.flush()
  expect(await asked).toBe('cancelled')
  expect(await codeOf(mux.query('agents.list', {}, { signal: stop.signal }))).toBe('cancelled')
})

test('calls without end are refused instead of filling the memory', async () => {
  const { server, mux } = start()
  const calls = Array.from({ length: MAX_OPEN_CALLS + 1 }, () => codeOf(mux.query('agents.list', {})))
  expect(await calls.at(-1)).toBe('overloaded')
  await settle(server)
  expect(await calls[0]).toBe('answered')
})

test('a stream gets its frames, and a new number after a reconnect', async () => {
  const { server, mux } = await ready()
  const seen: string[] = []
  const stream = mux.openStream((frame) => seen.push(new TextDecoder().decode(frame.payload)))
  const frame = (text: string): Uint8Array =>
    encodeFrame({ kind: FrameKind.output, stream: stream.number, offset: 0, payload: new TextEncoder().encode(text) })
  const old = frame('from the old number')
  server.socket.deliverBytes(frame('one'))
  server.socket.close()
  await vi.advanceTimersByTimeAsync(1_000)
  server.flush()
  server.socket.deliverBytes(old)
  server.socket.deliverBytes(frame('two'))
  stream.close()
  server.socket.deliverBytes(frame('after the end'))
  expect(seen).toEqual(['one', 'two'])
})

test('a listener that throws does not keep the others from hearing', async () => {
  const { server, mux } = await ready()
  const heard: string[] = []
  const failure = new Promise((resolve) => process.once('uncaughtException', resolve))
  mux.on('workspaces.changed', () => {
    throw new Error('a bug')
  })
  mux.on('workspaces.changed', () => heard.push('second'))
  server.notify('workspaces.changed', { from: 0, seq: 1, items: [] })
  server.flush()
  expect(heard).toEqual(['second'])
  expect(await failure).toEqual(new Error('a bug'))
})

test('a call larger than a frame in bytes is refused here, and the connection lives on', async () => {
  const { server, mux } = await ready()
  // Three bytes each: fewer characters than a frame has bytes.
  expect(await codeOf(rename(mux, '語'.repeat(400_000)))).toBe('too_large')
  const answered = codeOf(rename(mux, 'short'))
  await settle(server)
  expect(await answered).toBe('answered')
})
