import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { ACTOR_HEADER, encodeFrame, FrameKind, MAX_FRAME_BYTES, OctoError, randomId } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Log, silentLog } from '../lib/log.ts'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import type { AnyRoom, Caller, Connection } from './index.ts'
import { actorHeader, ask, TestClient } from './testing/client.ts'
import { testActor } from './testing/fake-connection.ts'
import { openTestWire, type TestWire } from './testing/open-test-wire.ts'

const folder = useTempFolder()
let wire: TestWire
let client: TestClient
let logged: unknown[]
let held: PromiseWithResolvers<unknown>
let callers: Caller[]
let frames: unknown[]

/** A room that answers real methods in ways a test can steer. */
const room: AnyRoom = {
  methods: {
    'sessions.page': async (input: unknown) => ({ input }),
    'agents.list': async (_: unknown, caller: Caller) => {
      callers.push(caller)
      return held.promise
    },
    'models.test': async () => {
      throw new OctoError('provider_rejected', 'The key was refused.', { details: { status: 401 } })
    },
    'files.stat': async () => {
      throw new TypeError('secret detail')
    },
    'files.list': async () => ({ entries: ['x'.repeat(MAX_FRAME_BYTES)] }),
    'terminals.list': async (_: unknown, { connection }: Caller) => {
      connection?.notify('terminals.changed', { from: 1, seq: 2, items: [] })
      return { epoch: 'e', seq: 1, reset: true, items: [] }
    },
  },
  frame: (_connection: Connection, frame: unknown) => frames.push(frame),
  counts: () => ({ terminals: 3 }),
  close: async () => {},
}

beforeEach(async () => {
  logged = []
  callers = []
  frames = []
  held = Promise.withResolvers()
  const log: Log = { ...silentLog, error: (event, fields) => logged.push([event, fields]) }
  wire = await openTestWire(folder(), [room], log)
  client = await TestClient.dial(wire.socket)
})
afterEach(async () => {
  held.resolve({})
  await wire.close()
})

const page = { session: randomId('ses'), before: 3, limit: 2 }

test('a call is answered under its id, and an answer begins with its id', async () => {
  expect(await client.call({ id: 1, method: 'sessions.page', params: page })).toEqual({
    jsonrpc: '2.0',
    id: 1,
    result: { input: page },
  })
  client.send({ id: 'b', method: 'models.test', params: { kind: 'openai' } })
  await client.next((message) => message.id === 'b')
  expect(client.frames[0]).toMatch(/^\{"jsonrpc":"2\.0","id":1,/u)
  expect(client.frames[1]).toMatch(/^\{"jsonrpc":"2\.0","id":"b",/u)
})

test('handlers get only what their schema lets through', async () => {
  const answer = await client.call({ id: 1, method: 'sessions.page', params: { ...page, stranger: true } })
  expect(answer.result).toEqual({ input: page })
})

test('a failure says its code, whether to retry, and its details', async () => {
  const { error } = await client.call({ id: 1, method: 'models.test', params: { kind: 'openai' } })
  expect(error).toEqual({
    code: -32_000,
    message: 'The key was refused.',
    data: { code: 'provider_rejected', retryable: false, details: { status: 401 } },
  })
  expect(logged).toEqual([])
})

test('a bug of ours is logged and tells the client nothing else', async () => {
  const params = { workspace: randomId('wsp'), path: 'a' }
  const { error } = await client.call({ id: 1, method: 'files.stat', params })
  expect(error?.data).toEqual({ code: 'internal', retryable: false })
  expect(JSON.stringify(error)).not.toContain('secret')
  expect(logged).toEqual([['wire.call_failed', { method: 'files.stat', error: expect.any(TypeError) as unknown }]])
})

const deep = `${'['.repeat(100)}${']'.repeat(100)}`
test.each([
  ['a method nobody has', { id: 1, method: 'nobody.home', params: {} }, 1, 'unknown_method'],
  ['a method the backend answers', { id: 1, method: 'system.ping', params: {} }, 1, 'unknown_method'],
  ['a name every object has', { id: 1, method: 'constructor', params: {} }, 1, 'unknown_method'],
  ['input its schema refuses', { id: 1, method: 'sessions.page', params: { session: 'x' } }, 1, 'bad_request'],
  ['no method', { id: 4 }, 4, 'bad_request'],
  ['an id of the wrong type', { id: { a: 1 }, method: 'agents.list' }, null, 'bad_request'],
  ['no id', { method: 'agents.list', params: {} }, null, 'bad_request'],
  ['another version', { jsonrpc: '1.0', id: 1, method: 'agents.list' }, 1, 'bad_request'],
  ['a batch', [{ jsonrpc: '2.0', id: 1, method: 'agents.list' }], null, 'bad_request'],
  ['a bare value', 7, null, 'bad_request'],
  ['what is no JSON', '{"jsonrpc":', null, 'malformed'],
  ['too deep a nesting', `{"jsonrpc":"2.0","id":1,"method":"agents.list","params":${deep}}`, null, 'malformed'],
  ['a poisoned object', '{"__proto__":{"method":"agents.list"}}', null, 'bad_request'],
])('%s is refused and the connection lives on', async (_, frame, id, code) => {
  client.ws.send(
    typeof frame === 'string'
      ? frame
      : JSON.stringify(Array.isArray(frame) || typeof frame === 'number' ? frame : { jsonrpc: '2.0', ...frame }),
  )
  const refusal = await client.next((message) => message.error !== undefined)
  expect({ id: refusal.id, code: refusal.error?.data.code }).toEqual({ id, code })
  expect((await client.call({ id: 99, method: 'sessions.page', params: page })).result).toBeDefined()
})

test('binary garbage is refused and the connection lives on', async () => {
  client.ws.send(randomBytes(5))
  client.ws.send(Buffer.concat([Buffer.from([250]), randomBytes(20)]))
  client.ws.send(encodeFrame({ kind: FrameKind.screen, stream: 1, offset: 0, payload: new Uint8Array() }))
  const input = { kind: FrameKind.input, stream: 4, offset: 7, payload: Buffer.from('ls') }
  client.ws.send(encodeFrame(input))
  expect((await client.call({ id: 99, method: 'sessions.page', params: page })).result).toBeDefined()
  expect(client.messages.slice(0, 3).map((message) => [message.id, message.error?.data.code])).toEqual(
    Array.from({ length: 3 }, () => [null, 'malformed']),
  )
  expect(frames).toEqual([input])
})

test('an oversized message ends its connection and no other', async () => {
  const other = await TestClient.dial(wire.socket)
  client.ws.send('x'.repeat(MAX_FRAME_BYTES + 1))
  const [code] = (await once(client.ws, 'close')) as [number]
  expect(code).toBe(1009)
  expect((await other.call({ id: 1, method: 'sessions.page', params: page })).result).toBeDefined()
  await other.close()
})

test('a message in too many fragments ends its connection', async () => {
  for (let sent = 0; sent < 100; sent += 1) client.ws.send('x', { fin: false })
  const [code] = (await once(client.ws, 'close')) as [number]
  expect(code).toBe(1008)
})

test('an answer larger than a frame is an error', async () => {
  const { error } = await client.call({ id: 1, method: 'files.list', params: { workspace: randomId('wsp'), path: '' } })
  expect(error?.data.code).toBe('too_large')
})

test('an id in use is refused without ending the call that uses it', async () => {
  client.send({ id: 1, method: 'agents.list', params: {} })
  client.send({ id: 1, method: 'sessions.page', params: page })
  expect((await client.next((message) => message.error !== undefined)).id).toBe(null)
  held.resolve({ agents: [] })
  expect((await client.next((message) => message.id === 1)).result).toEqual({ agents: [] })
})

test('more calls at a time than a connection may have are refused as overload', async () => {
  for (let id = 0; id < 129; id += 1) client.send({ id, method: 'agents.list', params: {} })
  const { id, error } = await client.next((message) => message.error !== undefined)
  expect([id, error?.data]).toEqual([128, { code: 'overloaded', retryable: true }])
  held.resolve({ agents: [] })
  await client.next((message) => message.id === 127)
  expect(client.messages.filter((message) => message.result !== undefined)).toHaveLength(128)
})

test('the answer to a call that subscribes precedes the first change', async () => {
  await client.call({ id: 1, method: 'terminals.list' })
  await client.next((message) => message.method === 'terminals.changed')
  expect(client.frames[0]).toMatch(/^\{"jsonrpc":"2\.0","id":1,/u)
  expect(client.frames[1]).toMatch(/^\{"jsonrpc":"2\.0","method":"terminals\.changed",/u)
})

test('a caller learns that its connection has ended', async () => {
  client.send({ id: 1, method: 'agents.list', params: {} })
  await client.call({ id: 2, method: 'sessions.page', params: page })
  const [caller] = callers
  const closed = new Promise<void>((resolve) => caller?.connection?.onClose(resolve))
  expect([caller?.actor, caller?.signal.aborted]).toEqual([testActor, false])
  await client.close()
  await closed
  expect(caller?.signal.aborted).toBe(true)
})

test('who does not say who is asking gets nothing', async () => {
  for (const header of [
    undefined,
    '',
    'garbage!',
    actorHeader().slice(4),
    actorHeader({ ...testActor, role: 'god' as 'admin' }),
  ]) {
    const headers = header === undefined ? {} : { [ACTOR_HEADER]: header }
    const ws = new WebSocket(`ws+unix:${wire.socket}:/api/ws/mux`, { headers })
    const [error] = (await once(ws, 'error')) as [Error]
    expect(error.message).toContain('403')
  }
  for (const header of ['', 'garbage!']) {
    const answer = await ask(wire.socket, {
      method: 'POST',
      path: '/api/call/agents.list',
      headers: { [ACTOR_HEADER]: header },
    })
    expect([answer.status, (JSON.parse(answer.body.toString()) as { error: { data: unknown } }).error.data]).toEqual([
      403,
      { code: 'forbidden', retryable: false },
    ])
  }
})

test('there is no WebSocket anywhere else', async () => {
  const ws = new WebSocket(`ws+unix:${wire.socket}:/api/ws/other`, { headers: { [ACTOR_HEADER]: actorHeader() } })
  const [error] = (await once(ws, 'error')) as [Error]
  expect(error.message).toContain('404')
})

test('health needs no actor and says what this process is', async () => {
  const answer = await ask(wire.socket, { path: '/api/health', headers: { [ACTOR_HEADER]: '' } })
  expect(JSON.parse(answer.body.toString())).toEqual({
    ok: true,
    version: '1.2.3',
    protocol: 1,
    epoch: expect.stringMatching(/^epo_/u) as unknown,
    pid: process.pid,
    startedAt: 7,
    memoryBytes: expect.any(Number) as unknown,
    counts: { sessions: 0, working: 0, terminals: 3, workspaces: 0 },
  })
})

test('every method is one HTTP request too', async () => {
  const answer = await ask(wire.socket, { method: 'POST', path: '/api/call/sessions.page', body: JSON.stringify(page) })
  expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([200, { result: { input: page } }])
})

test.each([
  ['/api/call/nobody.home', '{}', 404, 'unknown_method'],
  ['/api/call/sessions.page', '{}', 400, 'bad_request'],
  ['/api/call/sessions.page', '{', 400, 'malformed'],
  ['/api/call/sessions.page', Buffer.from([0x22, 0xff, 0x22]), 400, 'malformed'],
  ['/api/call/sessions.page', deep, 400, 'malformed'],
  ['/api/call/sessions.page', ' '.repeat(MAX_FRAME_BYTES + 1), 413, 'too_large'],
  ['/api/call/models.test', '{"kind":"openai"}', 424, 'provider_rejected'],
  ['/nowhere', '', 404, 'not_found'],
])('HTTP %s with a wrong body answers a typed error', async (path, body, status, code) => {
  const answer = await ask(wire.socket, { method: 'POST', path, body })
  const { error } = JSON.parse(answer.body.toString()) as { error: { data: { code: string } } }
  expect([answer.status, error.data.code]).toEqual([status, code])
})
