import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { ACTOR_HEADER, DEAD_LINK_MS, FrameKind, HEARTBEAT_MS, randomId } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import type { AnyRoom, Caller, Connection } from './index.ts'
import { actorHeader, TestClient } from './testing/client.ts'
import { openTestWire, type TestWire } from './testing/open-test-wire.ts'

const folder = useTempFolder()
let wire: TestWire
let connections: Connection[]

const room: AnyRoom = {
  methods: {
    'agents.list': async (_: unknown, { connection }: Caller) => {
      if (connection !== undefined) connections.push(connection)
      return { agents: [] }
    },
  },
  close: async () => {},
}

beforeEach(async () => {
  connections = []
  wire = await openTestWire(folder(), [room])
})
afterEach(() => wire.close())

async function connect(): Promise<{ client: TestClient; connection: Connection }> {
  const client = await TestClient.dial(wire.socket)
  await client.call({ id: 1, method: 'agents.list' })
  const connection = connections.at(-1)
  if (connection === undefined) throw new Error('The room was not asked.')
  return { client, connection }
}

const megabyte = { kind: FrameKind.output, stream: 1, offset: 0, payload: new Uint8Array(1_000_000) }
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('a reader that stops is cut at 16 MiB and told to come back, others notice nothing', async () => {
  const { client, connection } = await connect()
  const honest = await connect()
  client.ws.pause()
  const ended = new Promise<void>((resolve) => connection.onClose(resolve))
  let most = 0
  for (let sent = 0; sent < 100; sent += 1) {
    connection.sendFrame(megabyte)
    most = Math.max(most, connection.bufferedBytes)
    await turn()
  }
  expect(most).toBeLessThan(18 * 1_048_576)
  expect((await honest.client.call({ id: 2, method: 'agents.list' })).result).toEqual({ agents: [] })
  client.ws.resume()
  const [code] = (await once(client.ws, 'close')) as [number]
  expect(code).toBe(4008)
  await ended
})

test('a room learns how much waits in a socket, and when nothing does any more', async () => {
  const { client, connection } = await connect()
  let told = 0
  connection.onDrained(() => (told += 1))
  expect([connection.bufferedBytes, told]).toEqual([0, 1])
  client.ws.pause()
  for (let sent = 0; sent < 8; sent += 1) connection.sendFrame(megabyte)
  await turn()
  const drained = new Promise<void>((resolve) => connection.onDrained(resolve))
  expect(connection.bufferedBytes).toBeGreaterThan(1_000_000)
  client.ws.resume()
  await drained
  expect(connection.bufferedBytes).toBe(0)
})

test('what a turn produced arrives whole and in its order', async () => {
  const { client, connection } = await connect()
  const session = randomId('ses')
  for (let seq = 1; seq <= 1_000; seq += 1) {
    connection.notify('sessions.changed', { session, from: seq - 1, seq, items: [], patch: {} })
    if (seq % 100 === 0) await turn()
  }
  await client.next((message) => (message.params as { seq?: number } | undefined)?.seq === 1_000)
  const seqs = client.messages.slice(1).map((message) => (message.params as { seq: number }).seq)
  expect(seqs).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 1))
})

test('a change larger than a frame ends the connection instead of being lost in silence', async () => {
  const { client, connection } = await connect()
  connection.notify('sessions.changed', {
    session: randomId('ses'),
    from: 1,
    seq: 2,
    items: [],
    patch: { title: 'x'.repeat(2_000_000) },
  })
  const [code] = (await once(client.ws, 'close')) as [number]
  expect(code).toBe(4008)
})

test('a peer that is silent is left, one that answers heartbeats stays', { timeout: 30_000 }, async () => {
  const { client } = await connect()
  let beats = 0
  client.ws.on('ping', () => (beats += 1))
  const dead = createConnection(wire.socket)
  dead.write(
    `GET /api/ws/mux HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n` +
      `sec-websocket-key: ${randomBytes(16).toString('base64')}\r\n${ACTOR_HEADER}: ${actorHeader()}\r\n\r\n`,
  )
  dead.resume()
  const begun = performance.now()
  await once(dead, 'close')
  const silent = performance.now() - begun
  expect(silent).toBeGreaterThan(DEAD_LINK_MS - HEARTBEAT_MS)
  expect(silent).toBeLessThan(DEAD_LINK_MS + 2 * HEARTBEAT_MS)
  expect(beats).toBeGreaterThan(1)
  expect((await client.call({ id: 2, method: 'agents.list' })).result).toEqual({ agents: [] })
})
