import type { ErrorBody, RunnerStatus } from '@octo/protocol'
import type { MuxSocket, OpenSocket, SocketEvents } from './socket.ts'

interface Frame {
  readonly id: number
  readonly method: string
  readonly params: unknown
  readonly command?: string
}

export type Handler = (frame: Frame) => { readonly result: unknown } | { readonly error: ErrorBody }

export const READY: RunnerStatus = { runner: 'local', state: 'ready', capabilities: [] }

/**
 * A server on the other end of fake sockets. Frames wait in both directions until they are served and delivered, so
 * that a test can cut the link at any point between.
 */
export class FakeServer {
  readonly received: Frame[] = []
  readonly opened: FakeSocket[] = []
  reachable = true
  helloError: ErrorBody | null = null
  runners: readonly RunnerStatus[] = [READY]
  handler: Handler = () => ({ result: {} })

  readonly openSocket: OpenSocket = (events) => {
    const socket = new FakeSocket(events)
    this.opened.push(socket)
    queueMicrotask(() => (this.reachable ? socket.open() : socket.close()))
    return socket
  }

  get socket(): FakeSocket {
    const socket = this.opened.at(-1)
    if (socket === undefined) throw new Error('no socket was opened')
    return socket
  }

  /** Takes the oldest frame of the client; its reply waits for `deliver`. @returns whether there was one */
  serve(): boolean {
    const text = this.socket.inbox.shift()
    if (text === undefined) return false
    const frame = JSON.parse(text) as Frame
    const answer = this.#answer(frame)
    this.socket.outbox.push(JSON.stringify({ jsonrpc: '2.0', id: frame.id, ...answer }))
    return true
  }

  /** Hands the client the oldest message that waits. @returns whether there was one */
  deliver(): boolean {
    const text = this.socket.outbox.shift()
    if (text === undefined) return false
    this.socket.deliverText(text)
    return true
  }

  /** Serves and delivers until nothing waits. */
  flush(): void {
    while (this.serve() || this.deliver());
  }

  notify(method: string, params: unknown): void {
    this.socket.outbox.push(JSON.stringify({ jsonrpc: '2.0', method, params }))
  }

  #answer(frame: Frame): ReturnType<Handler> {
    if (frame.method === 'system.ping') return { result: {} }
    if (frame.method !== 'system.hello') {
      this.received.push(frame)
      return this.handler(frame)
    }
    if (this.helloError !== null) return { error: this.helloError }
    return {
      result: {
        version: 1,
        build: 'test',
        user: { name: 'ada' },
        limits: {},
        heartbeatMs: 5_000,
        runners: this.runners,
      },
    }
  }
}

/** One fake socket: what the client sent is in `inbox`, what it has yet to get in `outbox`. */
export class FakeSocket implements MuxSocket {
  readonly inbox: string[] = []
  readonly outbox: string[] = []
  readonly bytes: Uint8Array[] = []
  readonly #events: SocketEvents
  #live = true

  constructor(events: SocketEvents) {
    this.#events = events
  }

  get live(): boolean {
    return this.#live
  }

  open(): void {
    if (this.#live) this.#events.opened()
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (!this.#live) throw new Error('sent on a socket that was cut')
    if (typeof data === 'string') this.inbox.push(data)
    else this.bytes.push(data)
  }

  /** The client gives the socket up. */
  cut(): void {
    this.#live = false
  }

  /** The network or the server ends it: what waits in either direction is lost. */
  close(): void {
    if (!this.#live) return
    this.#live = false
    this.inbox.length = 0
    this.outbox.length = 0
    this.#events.closed()
  }

  deliverText(text: string): void {
    if (this.#live) this.#events.text(text)
  }

  deliverBytes(bytes: Uint8Array): void {
    if (this.#live) this.#events.bytes(bytes)
  }
}
