import { once } from 'node:events'
import {
  type BinaryFrame,
  decodeFrame,
  encodeFrame,
  type ErrorBody,
  fromErrorBody,
  type MethodName,
  methodFacts,
  type Notice,
  type NotificationName,
  type Params,
  PROTOCOL_VERSION,
  randomId,
  type Result,
  type User,
} from '@octo/protocol'
import { WebSocket } from 'ws'
import type { Product } from './product.ts'

/** Somebody who is logged in: what a browser would hold. */
export interface Account {
  readonly url: string
  readonly cookie: string
  readonly user: User
}

export const USERNAME = 'ada'
export const PASSWORD = 'correct horse battery'

/** Makes the first account with the secret the start printed. */
export async function setUp(product: Product): Promise<Account> {
  const secret = new URL(product.setupUrl).hash.replace('#setup=', '')
  return enter(product.url, '/api/accounts/setup', { secret, username: USERNAME, password: PASSWORD })
}

async function enter(url: string, path: string, body: object): Promise<Account> {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  return { url, cookie, user: (await response.json()) as User }
}

interface Reply {
  readonly id: number
  readonly result?: unknown
  readonly error?: ErrorBody
}

type Told = { [Name in NotificationName]: { readonly method: Name; readonly params: Notice<Name> } }[NotificationName]

/** A client as small as one can be: it calls, and keeps what it is told. */
export class Client {
  readonly clientId = randomId('cli')
  readonly told: Told[] = []
  readonly #socket: WebSocket
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>()
  readonly #waiters = new Set<() => void>()
  #nextId = 1
  onFrame: (frame: BinaryFrame) => void = () => {}
  onNotice: (notice: Told) => void = () => {}

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer, binary) => {
      if (binary) this.#takeFrame(data)
      else this.#takeText(data.toString('utf8'))
    })
    socket.on('close', () => this.#fail())
  }

  /** Connects and says hello. */
  static async connect(account: Account): Promise<Client> {
    const address = new URL('/api/ws/mux', account.url)
    address.protocol = 'ws:'
    const socket = new WebSocket(address, { headers: { cookie: account.cookie, origin: new URL(account.url).origin } })
    await once(socket, 'open')
    const client = new Client(socket)
    await client.call('system.hello', { version: PROTOCOL_VERSION, client: client.clientId })
    return client
  }

  /** @throws OctoError what the server answered */
  async call<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name>> {
    const id = this.#nextId
    this.#nextId += 1
    const waiting = Promise.withResolvers<unknown>()
    this.#calls.set(id, waiting)
    const command = methodFacts(method)?.kind === 'command' ? { command: randomId('cmd') } : {}
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params, ...command }))
    return (await waiting.promise) as Result<Name>
  }

  sendFrame(frame: BinaryFrame): void {
    this.#socket.send(encodeFrame(frame))
  }

  /** Stops reading, as a sleeping laptop does; the kernel's buffers fill up. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Resolves as soon as `condition` holds; it is looked at after each notification. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.add(resolve))
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return
    const closed = once(this.#socket, 'close')
    this.#socket.terminate()
    await closed
  }

  #takeFrame(data: Buffer): void {
    const frame = decodeFrame(data)
    if (frame === null) throw new Error('the server sent a binary frame that is none')
    this.onFrame(frame)
  }

  #takeText(text: string): void {
    const message = JSON.parse(text) as Reply | Told
    if ('method' in message) {
      this.told.push(message)
      this.onNotice(message)
      for (const wake of this.#waiters) wake()
      this.#waiters.clear()
      return
    }
    const waiting = this.#calls.get(message.id)
    this.#calls.delete(message.id)
    if (message.error === undefined) waiting?.resolve(message.result)
    else waiting?.reject(fromErrorBody(message.error))
  }

  #fail(): void {
    for (const waiting of this.#calls.values()) waiting.reject(new Error('the connection ended'))
    this.#calls.clear()
  }
}
