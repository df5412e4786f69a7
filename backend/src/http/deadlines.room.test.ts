import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, hello, startTestServer, type TestServer } from '../lib/testing/test-server.ts'

let server: TestServer
let ada: Browser

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.setUp()
})
afterAll(() => server[Symbol.asyncDispose]())

/** How long the server keeps a connection on which this is sent, and nothing more. */
async function lifetimeMs(text: string): Promise<number> {
  const since = performance.now()
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  if (text !== '') socket.write(text)
  await once(socket, 'close')
  return performance.now() - since
}

const host = (): string => `host: 127.0.0.1:${server.port}\r\n`

test.concurrent.each([
  ['says nothing', () => ''],
  ['never ends its headers', () => `GET / HTTP/1.1\r\n${host()}x: y`],
])('a stranger who %s is dropped within ten seconds', async (_what, text) => {
  expect(await lifetimeMs(text())).toBeLessThan(10_500)
})

test.concurrent('a login whose body does not come is given up', async () => {
  const head = `POST /api/accounts/login HTTP/1.1\r\n${host()}content-type: application/json\r\ncontent-length: 100\r\n`
  expect(await lifetimeMs(`${head}\r\n{"username":`)).toBeLessThan(16_000)
})

test.concurrent('a client that does not say hello is dropped', async () => {
  const since = performance.now()
  const socket = await ada.open()
  expect((await socket.closed).code).toBe(4002)
  const ms = performance.now() - since
  expect([ms > 9_500, ms < 11_500]).toEqual([true, true])
})

test.concurrent('a client that falls silent is dropped, one that answers pings stays', async () => {
  const living = await ada.connect()
  const silent = await ada.open({ autoPong: false })
  await hello(silent)
  const since = performance.now()
  expect((await silent.closed).code).toBe(1006)
  const ms = performance.now() - since
  expect([ms > 11_000, ms < 18_500]).toEqual([true, true])
  expect((await living.call('system.ping')).result).toEqual({})
})
