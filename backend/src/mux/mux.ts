import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { HEARTBEAT_MS, MAX_FRAME_BYTES, OctoError, type UserId } from '@octo/protocol'
import { WebSocketServer } from 'ws'
import type { Accounts, Identity } from '../accounts/index.ts'
import type { Log } from '../lib/log.ts'
import type { Runners } from '../runners/index.ts'
import { Client } from './client.ts'
import { CloseCode } from './close-codes.ts'
import type { Dispatcher } from './dispatcher.ts'

/** Our clients send each message whole; this leaves room for proxies that do not. */
const MAX_FRAGMENTS = 64
/** Pieces in which a frame may arrive: a full one has 16 of the size the kernel hands out. */
const MAX_CHUNKS = 1_024
/** Far more tabs and scripts than one person has, and still no load. */
const MAX_CLIENTS_PER_USER = 1_000

export interface MuxOptions {
  readonly accounts: Accounts
  readonly dispatcher: Dispatcher
  readonly runners: Runners
  readonly log: Log
}

export interface Admitted {
  readonly identity: Identity
  readonly address: string
}

/** All WebSockets of this backend. */
export class Mux {
  readonly #options: MuxOptions
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_CHUNKS,
    clientTracking: false,
  })
  readonly #clients = new Set<Client>()
  readonly #heartbeat: NodeJS.Timeout
  #beatAt = performance.now()

  constructor(options: MuxOptions) {
    this.#options = options
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref()
  }

  /** Sockets that are open now. */
  get size(): number {
    return this.#clients.size
  }

  /**
   * Makes a WebSocket of a request whose user is proved.
   * @throws OctoError `rate_limited` if the user has too many
   */
  upgrade(request: IncomingMessage, { socket, head }: { socket: Duplex; head: Buffer }, admitted: Admitted): void {
    if (this.#countOf(admitted.identity.user.id) >= MAX_CLIENTS_PER_USER) {
      throw new OctoError('rate_limited', `You have ${MAX_CLIENTS_PER_USER} connections open: close some first.`)
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const { accounts, dispatcher, runners, log } = this.#options
      // An HTTP server hands out sockets of node:net, whatever the general type says.
      const client = new Client({ ws, socket: socket as Socket, ...admitted, dispatcher, runners, log })
      this.#clients.add(client)
      const forget = accounts.onEnd(admitted.identity, () =>
        client.close(CloseCode.loginEnded, 'Your login has ended. Log in again.'),
      )
      client.onEnd(() => {
        forget()
        this.#clients.delete(client)
      })
    })
  }

  /** Takes leave of every client. */
  close(): void {
    clearInterval(this.#heartbeat)
    for (const client of this.#clients) client.close(CloseCode.goingAway, 'The server stops.')
  }

  #countOf(user: UserId): number {
    let count = 0
    for (const { identity } of this.#clients) if (identity.user.id === user) count += 1
    return count
  }

  #beat(): void {
    const now = performance.now()
    // A process that was stopped or starved has not read what its clients said meanwhile.
    const wasAway = now - this.#beatAt > 2 * HEARTBEAT_MS
    this.#beatAt = now
    for (const client of this.#clients) {
      if (wasAway) client.forgive()
      client.beat()
    }
  }
}
