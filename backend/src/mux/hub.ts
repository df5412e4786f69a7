import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { HEARTBEAT_MS, MAX_FRAME_BYTES, OctoError, toErrorBody } from '@octo/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Authenticator, Caller } from '../accounts/authenticate.ts'
import type { Addresses } from '../gate/addresses.ts'
import { admit } from '../gate/gate.ts'
import type { Log } from '../lib/log.ts'
import type { Runners } from '../runners/registry.ts'
import { BrowserSocket } from './browser-socket.ts'
import { CloseCode } from './close-codes.ts'
import { type Methods, SILENCE_MS } from './methods.ts'

const PATH = '/api/ws/mux'

/** Browsers send each message whole; this leaves room for proxies that do not. */
const MAX_FRAGMENTS = 64

/** A socket must say hello within this time, and finish a frame it has begun. */
const HELLO_MS = 10_000

/** Sockets of one user: many tabs on several machines. */
const MAX_SOCKETS_PER_USER = 200

interface Parts {
  readonly addresses: Addresses
  readonly authenticator: Authenticator
  readonly methods: Methods
  readonly runners: Runners
  readonly log: Log
}

interface Peer {
  readonly ws: WebSocket
  readonly tab: BrowserSocket
  readonly user: string
  /** When it last said anything whole. */
  seenAt: number
}

/** All sockets of all tabs: lets them in, watches that they live, and ends them with the login they rest on. */
export class Hub {
  readonly #parts: Parts
  readonly #peers = new Set<Peer>()
  readonly #heartbeat: NodeJS.Timeout
  readonly #wss = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    maxFragments: MAX_FRAGMENTS,
    clientTracking: false,
  })

  constructor(server: Server, parts: Parts) {
    this.#parts = parts
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy())
      this.#upgrade(request, socket, head).catch((error: unknown) => refuse(socket, error))
    })
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref()
  }

  get size(): number {
    return this.#peers.size
  }

  /** Ends the sockets that rest on logins which have ended. */
  endOf(grants: ReadonlySet<string>): void {
    for (const { tab } of this.#peers) if (grants.has(tab.grant)) tab.close(CloseCode.loggedOut, 'logged out')
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const { ws } of this.#peers) ws.terminate()
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { addresses, authenticator } = this.#parts
    const credentials = admit({ method: 'GET', headers: request.headers, upgrade: true }, addresses)
    if (new URL(request.url ?? '/', 'http://octo').pathname !== PATH) {
      throw new OctoError('not_found', 'There is no WebSocket here.')
    }
    const caller = await authenticator.authenticate(credentials, request.headers.cookie)
    const open = Array.from(this.#peers).filter(({ user }) => user === caller.user.id).length
    if (open >= MAX_SOCKETS_PER_USER) throw new OctoError('overloaded', 'Too many tabs are open. Close some.')
    this.#wss.handleUpgrade(request, socket, head, (ws) => this.#serve(ws, socket, caller))
  }

  #serve(ws: WebSocket, socket: Duplex, caller: Caller): void {
    const { methods, runners, log } = this.#parts
    // Keys and small answers must not wait for more to come.
    ;(socket as Socket).setNoDelay(true)
    const tab = new BrowserSocket({ socket: ws, caller, methods, runners, log })
    const peer: Peer = { ws, tab, user: caller.user.id, seenAt: performance.now() }
    this.#peers.add(peer)
    const seen = (): void => {
      peer.seenAt = performance.now()
    }
    ws.on('pong', seen)
    ws.on('message', seen)
    ws.on('error', (error) => log.debug('mux.socket_error', { error }))
    ws.once('close', () => this.#peers.delete(peer))
    setTimeout(() => {
      if (!tab.greeted) tab.close(CloseCode.silent, 'no hello')
    }, HELLO_MS).unref()
  }

  #beat(): void {
    const now = performance.now()
    for (const { ws, seenAt } of this.#peers) {
      if (now - seenAt > SILENCE_MS) ws.terminate()
      else ws.ping()
    }
  }
}

/** Answers an upgrade that is not made, as the HTTP response it still is. */
function refuse(socket: Duplex, error: unknown): void {
  const status = error instanceof OctoError ? error.status : 500
  const body = JSON.stringify({ error: toErrorBody(error) })
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
