import { encodeFrame, FrameKind, PROTOCOL_VERSION, randomId } from '@octo/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FakeRunner, RunnerConnection } from '../lib/testing/fake-runner.ts'
import {
  type Browser,
  hello,
  type Message,
  openSocket,
  PASSWORD,
  type Socket,
  startTestServer,
  type TestServer,
} from '../lib/testing/test-server.ts'

let server: TestServer
let ada: Browser
let runner: FakeRunner

beforeEach(async () => {
  server = await startTestServer()
  ada = await server.setUp()
  runner = await server.launcher.launched.next()
})
afterEach(() => server[Symbol.asyncDispose]())

const codeOf = ({ error }: Message): unknown => error?.data.code
const frameOf = (stream: number, text: string, offset = 0): Uint8Array<ArrayBuffer> =>
  encodeFrame({ kind: FrameKind.output, stream, offset, payload: Buffer.from(text) })
const inputOf = (stream: number, text: string): Uint8Array<ArrayBuffer> =>
  encodeFrame({ kind: FrameKind.input, stream, offset: 0, payload: Buffer.from(text) })

/** Opens a connection, and has it asked for something so that the runner sees it. */
async function connected(): Promise<{ socket: Socket; connection: RunnerConnection }> {
  const socket = await ada.connect()
  socket.send({ jsonrpc: '2.0', id: 1, method: 'agents.list', params: {} })
  const connection = await runner.connections.next()
  await connection.texts.next()
  connection.send('{"jsonrpc":"2.0","id":1,"result":{"agents":[]}}')
  await socket.messages.until(({ id }) => id === 1)
  return { socket, connection }
}

/** Attaches to a stream, as far as the backend is concerned. */
async function attach({ socket, connection }: Awaited<ReturnType<typeof connected>>, stream: number): Promise<Message> {
  const answered = socket.call('terminals.attach', { terminal: randomId('trm'), stream, client: 'client-1' })
  const { id } = JSON.parse(await connection.texts.next()) as { id: string }
  connection.send(`{"jsonrpc":"2.0","id":"${id}","result":{}}`)
  return answered
}

describe('hello', () => {
  test('tells the version, the user, the limits and the runner', async () => {
    const socket = await ada.open()
    expect((await hello(socket)).result).toMatchObject({
      version: PROTOCOL_VERSION,
      user: { name: 'ada', role: 'admin' },
      limits: { frameBytes: 1_048_576 },
      heartbeatMs: 5_000,
      runners: [{ runner: 'local', state: 'ready', epoch: runner.health.epoch, version: '0.1.0' }],
    })
  })

  test('comes first: anything else is refused until then', async () => {
    const socket = await ada.open()
    expect(codeOf(await socket.call('accounts.me'))).toBe('bad_request')
    expect(codeOf(await socket.call('agents.list'))).toBe('bad_request')
    expect(codeOf(await hello(socket))).toBeUndefined()
    expect((await socket.call('accounts.me')).result).toMatchObject({ name: 'ada' })
  })

  test('of another version is told so, and the connection ends', async () => {
    const socket = await ada.open()
    const answer = await socket.call('system.hello', { version: PROTOCOL_VERSION + 1, client: randomId('cli') })
    expect(answer.error?.data).toEqual({
      code: 'version_mismatch',
      retryable: false,
      details: { version: PROTOCOL_VERSION },
    })
    expect((await socket.closed).code).toBe(4010)
  })
})

describe('calls to the runner', () => {
  test('arrive word for word, with the actor that only the backend sets', async () => {
    const socket = await ada.connect()
    const text = '{ "params":{"b":1, "a":"\\u00e4"},"method":"agents.list", "jsonrpc":"2.0","id":"x", "extra":true}'
    socket.send(text)
    const connection = await runner.connections.next()
    expect(await connection.texts.next()).toBe(text)
    expect(connection.actor).toMatchObject({ name: 'ada', role: 'admin' })
    expect(connection.headers['cookie']).toBeUndefined()
  })

  test('get the runner’s answers and notices word for word', async () => {
    const { socket, connection } = await connected()
    socket.raw.length = 0
    const notice = '{"jsonrpc":"2.0","method":"sessions.listChanged","params":{ "seq":1.0 }}'
    const answer = '{"jsonrpc":"2.0","id":"c9","result":{"n":1e2}}'
    socket.send({ jsonrpc: '2.0', id: 'c9', method: 'sessions.list', params: {} })
    await connection.texts.next()
    connection.send(notice)
    connection.send(answer)
    await socket.messages.until(({ id }) => id === 'c9')
    expect(socket.raw).toEqual([notice, answer])
  })

  test('are answered even when the runner writes its answers in another way', async () => {
    const { socket, connection } = await connected()
    const answered = socket.call('sessions.list')
    const { id } = JSON.parse(await connection.texts.next()) as { id: string }
    connection.send(JSON.stringify({ result: { fine: true }, id, jsonrpc: '2.0' }))
    expect((await answered).result).toEqual({ fine: true })
  })

  test('that nobody asked for are not answered', async () => {
    const { socket, connection } = await connected()
    connection.send('{"jsonrpc":"2.0","id":"never-asked","result":{}}')
    connection.send('[1,2')
    connection.send('{"jsonrpc":"2.0","method":"models.changed","params":{}}')
    expect((await socket.messages.next()).method).toBe('models.changed')
  })

  test('share one connection for each tab', async () => {
    const first = await connected()
    const second = await connected()
    expect(second.connection).not.toBe(first.connection)
    const answered = first.socket.call('agents.list')
    const { id } = JSON.parse(await first.connection.texts.next()) as { id: string }
    first.connection.send(`{"jsonrpc":"2.0","id":"${id}","result":{"first":true}}`)
    expect((await answered).result).toEqual({ first: true })
    expect(second.connection.texts.waiting).toEqual([])
  })

  test('need the role, and a runner that is there', async () => {
    await server.addUser('vera', 'viewer')
    const vera = server.browser()
    await vera.logIn('vera')
    const socket = await vera.open()
    expect((await hello(socket)).result).toMatchObject({ runners: [] })
    expect(codeOf(await socket.call('sessions.list'))).toBe('forbidden')
    expect(codeOf(await socket.call('admin.status'))).toBe('forbidden')
    expect((await socket.call('accounts.me')).result).toMatchObject({ name: 'vera' })
    const { socket: mine } = await connected()
    expect(codeOf(await mine.call('agents.list', {}, { runner: 'other' }))).toBe('not_found')
  })

  test('of one user never reach the runner of another', async () => {
    await server.addUser('bob', 'member')
    const bob = server.browser()
    await bob.logIn('bob')
    const socket = await bob.connect()
    socket.send({ jsonrpc: '2.0', id: 1, method: 'agents.list', params: {} })
    const bobs = await server.launcher.launched.next()
    expect((await bobs.connections.next()).actor.name).toBe('bob')
    expect(runner.connections.waiting).toEqual([])
  })
})

describe('frames that are wrong', () => {
  test.each([
    ['no JSON', '{"jsonrpc":', 'malformed', null],
    ['too deep', `{"jsonrpc":"2.0","id":7,"method":"agents.list","params":${'['.repeat(5_000)}`, 'malformed', null],
    ['no request', '{"jsonrpc":"2.0","id":7}', 'bad_request', 7],
    ['an array', '[]', 'bad_request', null],
    ['an unknown method', '{"jsonrpc":"2.0","id":7,"method":"agents.explode","params":{}}', 'unknown_method', 7],
    ['an inherited name', '{"jsonrpc":"2.0","id":7,"method":"constructor","params":{}}', 'unknown_method', 7],
    ['a bad id', '{"jsonrpc":"2.0","id":{},"method":"agents.list"}', 'bad_request', null],
    ['bad params', '{"jsonrpc":"2.0","id":7,"method":"accounts.changePassword","params":[]}', 'bad_request', 7],
  ])('%s: an error, and the connection goes on', async (_what, text, code, id) => {
    const socket = await ada.connect()
    socket.send(text)
    const answer = await socket.messages.next()
    expect([codeOf(answer), answer.id]).toEqual([code, id])
    expect((await socket.call('system.ping')).result).toEqual({})
  })

  test('a binary frame that is none', async () => {
    const socket = await ada.connect()
    socket.ws.send(Buffer.from([FrameKind.input, 0, 0]))
    expect(codeOf(await socket.messages.next())).toBe('malformed')
    socket.ws.send(frameOf(1, 'output is the runner’s'))
    expect(codeOf(await socket.messages.next())).toBe('malformed')
    expect((await socket.call('system.ping')).result).toEqual({})
  })

  test('one that is larger than a frame ends the connection', async () => {
    const socket = await ada.connect()
    socket.send('x'.repeat(1_048_577))
    expect((await socket.closed).code).toBe(1009)
  })

  test('one in too many pieces ends the connection', async () => {
    const socket = await ada.connect()
    for (let piece = 0; piece < 100; piece += 1) socket.ws.send('x', { fin: false })
    expect((await socket.closed).code).toBe(1008)
  })

  test('an id that is in use is refused without ending the call that has it', async () => {
    const { socket, connection } = await connected()
    const answered = socket.call('agents.list')
    const text = await connection.texts.next()
    const { id } = JSON.parse(text) as { id: string }
    socket.send(text)
    const refusal = await socket.messages.next()
    expect([codeOf(refusal), refusal.id]).toEqual(['bad_request', null])
    connection.send(`{"jsonrpc":"2.0","id":"${id}","result":{"fine":true}}`)
    expect((await answered).result).toEqual({ fine: true })
  })

  test('more calls than a connection may have are turned away, and those before are answered', async () => {
    const { socket, connection } = await connected()
    const calls = Array.from({ length: 130 }, () => socket.call('agents.list'))
    expect(codeOf(await (calls[129] ?? Promise.reject(new Error('no call'))))).toBe('overloaded')
    for (let index = 0; index < 128; index += 1) {
      const { id } = JSON.parse(await connection.texts.next()) as { id: string }
      connection.send(`{"jsonrpc":"2.0","id":"${id}","result":{}}`)
    }
    const answers = await Promise.all(calls)
    expect(answers.map(codeOf).filter((code) => code === 'overloaded')).toHaveLength(2)
  })
})

describe('streams', () => {
  test('go to the runner they were attached at, and come from there alone', async () => {
    const tab = await connected()
    const other = await connected()
    await attach(tab, 5)
    tab.socket.ws.send(inputOf(5, 'ls\n'))
    expect(await tab.connection.frames.next()).toEqual(Buffer.from(inputOf(5, 'ls\n')))
    tab.connection.sendFrame(frameOf(5, 'hello'))
    expect(await tab.socket.frames.next()).toEqual(Buffer.from(frameOf(5, 'hello')))
    expect([other.connection.frames.waiting, other.socket.frames.waiting]).toEqual([[], []])
  })

  test('that were not attached, or are of another tab, go nowhere', async () => {
    const tab = await connected()
    const other = await connected()
    await attach(tab, 5)
    other.socket.ws.send(inputOf(5, 'rm -rf /\n'))
    other.connection.sendFrame(frameOf(5, 'for nobody'))
    await attach(other, 6)
    other.connection.sendFrame(frameOf(6, 'mine'))
    expect(await other.socket.frames.next()).toEqual(Buffer.from(frameOf(6, 'mine')))
    expect([other.connection.frames.waiting, tab.socket.frames.waiting]).toEqual([[], []])
  })

  test('have numbers that are free again when the attaching failed, was ended, or the runner ended it', async () => {
    const tab = await connected()
    const failed = tab.socket.call('terminals.attach', { terminal: randomId('trm'), stream: 5, client: 'client-1' })
    const { id } = JSON.parse(await tab.connection.texts.next()) as { id: string }
    expect(codeOf(await tab.socket.call('terminals.attach', { stream: 5 }))).toBe('stream_in_use')
    tab.connection.send(
      `{"jsonrpc":"2.0","id":"${id}","error":{"code":-32000,"message":"gone","data":{"code":"not_found"}}}`,
    )
    expect(codeOf(await failed)).toBe('not_found')

    await attach(tab, 5)
    const detached = tab.socket.call('terminals.detach', { stream: 5 })
    const request = JSON.parse(await tab.connection.texts.next()) as { id: string }
    tab.connection.send(`{"jsonrpc":"2.0","id":"${request.id}","result":{}}`)
    await detached

    expect(codeOf(await attach(tab, 5))).toBeUndefined()
    const notice = { jsonrpc: '2.0', method: 'terminals.detached', params: { stream: 5, reason: 'stalled' } }
    tab.connection.send(JSON.stringify(notice))
    expect(await tab.socket.messages.next()).toEqual(notice)
    expect(codeOf(await attach(tab, 5))).toBeUndefined()
  })
})

describe('a lost runner', () => {
  test('ends the calls that wait for it, is announced, and is there again', async () => {
    const { socket, connection } = await connected()
    await attach({ socket, connection }, 5)
    const waiting = socket.call('sessions.list')
    await connection.texts.next()
    await runner.kill()
    const answer = await waiting
    expect(answer.error?.data).toEqual({ code: 'runner_lost', retryable: true })

    const next = await server.launcher.launched.next()
    const states: unknown[] = []
    await socket.messages.until(({ method, params }) => {
      if (method === 'system.runner') states.push(params)
      return (params as { state?: string } | undefined)?.state === 'ready'
    })
    expect(states[0]).toMatchObject({ state: 'lost' })
    expect(states.at(-1)).toMatchObject({ state: 'ready', epoch: next.health.epoch })

    const again = socket.call('sessions.list')
    const second = await next.connections.next()
    const { id } = JSON.parse(await second.texts.next()) as { id: string }
    second.send(`{"jsonrpc":"2.0","id":"${id}","result":{"sessions":[]}}`)
    expect((await again).result).toEqual({ sessions: [] })
    expect(codeOf(await attach({ socket, connection: second }, 5))).toBeUndefined()
  })

  test('that only cut the connection is there again under its old epoch', async () => {
    const { socket, connection } = await connected()
    connection.ws.terminate()
    const lost = await socket.messages.next()
    expect(lost).toMatchObject({ method: 'system.runner', params: { state: 'lost' } })
    const back = await socket.messages.next()
    expect(back).toMatchObject({ method: 'system.runner', params: { state: 'ready', epoch: runner.health.epoch } })
    expect((await runner.connections.next()).actor.name).toBe('ada')
  })

  test('takes nothing from what the backend answers itself', async () => {
    const { socket } = await connected()
    await runner.kill()
    expect((await socket.call('accounts.me')).result).toMatchObject({ name: 'ada' })
  })
})

describe('a client that reads slowly', () => {
  test('holds up its own runner connection alone, and gets everything in the end', async () => {
    const slow = await connected()
    const fast = await connected()
    await attach(slow, 1)
    await attach(fast, 1)
    slow.socket.ws.pause()
    const piece = 'x'.repeat(65_536)
    const total = 30 * 16
    for (let index = 0; index < total; index += 1) slow.connection.sendFrame(frameOf(1, piece, index * piece.length))
    fast.connection.sendFrame(frameOf(1, 'quick'))
    expect(await fast.socket.frames.next()).toEqual(Buffer.from(frameOf(1, 'quick')))
    expect(slow.connection.ws.bufferedAmount).toBeGreaterThan(0)
    slow.socket.ws.resume()
    for (let index = 0; index < total; index += 1) {
      const frame = await slow.socket.frames.next()
      expect(frame.readUInt32BE(9)).toBe(index * piece.length)
    }
  })

  test('gets text before the terminal bytes that wait', async () => {
    const slow = await connected()
    await attach(slow, 1)
    const order: string[] = []
    slow.socket.ws.on('message', (_data, isBinary) => order.push(isBinary ? 'bytes' : 'text'))
    slow.socket.ws.pause()
    const piece = 'x'.repeat(65_536)
    for (let index = 0; index < 400; index += 1) slow.connection.sendFrame(frameOf(1, piece))
    const answered = slow.socket.call('accounts.me')
    slow.socket.ws.resume()
    await answered
    // What the kernel had taken already is ahead of it, and nothing else.
    expect(order.indexOf('text')).toBeLessThan(200)
  })
})

test('a token opens a connection without origin, and a cookie does not', async () => {
  const { token } = await server.addToken('ada')
  const scripted = await openSocket(server.url, { authorization: `Bearer ${token}` })
  expect((await hello(scripted)).result).toMatchObject({ user: { name: 'ada' } })
  const cookie = `octo_access=${ada.cookies.get('octo_access') ?? ''}`
  await expect(openSocket(server.url, { cookie })).rejects.toThrow('401')
  await expect(openSocket(server.url, { cookie, origin: 'https://evil.example' })).rejects.toThrow('403')
  await expect(openSocket(server.url, { cookie, origin: server.url, host: 'evil.example' })).rejects.toThrow('403')
  await expect(openSocket(server.url, {})).rejects.toThrow('401')
})

test('a server that stops says so to its clients', async () => {
  const socket = await ada.connect()
  await server.stop()
  expect(await socket.closed).toEqual({ code: 1001, reason: 'The server stops.' })
})

test('an admin sees processes, counts and connections', async () => {
  const { socket } = await connected()
  expect((await socket.call('admin.status')).result).toMatchObject({
    backend: { pid: process.pid, url: server.url, users: 1, sockets: 1 },
    runners: [{ name: 'ada', state: 'ready', process: { pid: process.pid }, counts: { sessions: 1, terminals: 2 } }],
  })
})

test('passwords are never part of what is answered', async () => {
  const { json } = await ada.call('accounts.me')
  expect(JSON.stringify(json)).not.toContain(PASSWORD)
  expect(Object.keys(json['result'] as object).toSorted()).toEqual(['createdAt', 'id', 'name', 'role'])
})
