import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import {
  ACTOR_HEADER,
  decodeFrame,
  DEAD_LINK_MS,
  FrameKind,
  HEARTBEAT_MS,
  MAX_FRAME_BYTES,
  OctoError,
  parseRequest,
  type Request,
  requestIdOf,
  type RequestId,
} from '@octo/protocol'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Log } from '../lib/log.ts'
import { readActor } from './actor.ts'
import type { AnyRoom, Dispatcher } from './dispatcher.ts'
import { errorFrame, resultFrame } from './replies.ts'
import { SocketConnection } from './socket-connection.ts'

const PATH = '/api/ws/mux'

/** A tab that starts asks some thirty things at once. */
const MAX_CALLS_PER_CONNECTION = 128

/** Our clients send each message whole; this leaves room for proxies that do not. */
const MAX_FRAGMENTS = 64

/** Pieces in which a frame may arrive: a full one has 16 of the size the kernel hands out. */
const MAX_CHUNKS = 1_024

/** How long a peer may take to answer a goodbye. */
const FAREWELL_MS = 1_000

interface MuxOptions {
  readonly dispatcher: Dispatcher
  readonly rooms: readonly AnyRoom[]
  readonly log: Log
}

interface Peer {
  readonly ws: WebSocket
  /** When it last said anything whole. */
  seenAt: number
}

/** The WebSocket side of the wire: upgrades, heartbeats, requests and binary frames. */
export class MuxServer {
  readonly #options: MuxOptions
  readonly #wss = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_CHUNKS,
    clientTracking: false,
  })
  readonly #peers = new Set<Peer>()
  readonly #heartbeat: NodeJS.Timeout
  #beatAt = performance.now()

  constructor(server: Server, options: MuxOptions) {
    this.#options = options
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head)
    })
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref()
  }

  /** Takes leave of every peer; those that do not answer are dropped. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    await Promise.all(Array.from(this.#peers, (peer) => farewell(peer.ws)))
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until the WebSocket takes over, a reset by the peer would be an unhandled error.
    socket.on('error', () => socket.destroy())
    try {
      const path = new URL(request.url ?? '/', 'http://runner').pathname
      if (path !== PATH) throw new OctoError('not_found', `There is no WebSocket at ${path}.`)
      const actor = readActor(request.headers[ACTOR_HEADER])
      this.#wss.handleUpgrade(request, socket, head, (ws) => {
        // An HTTP server hands out sockets of node:net, whatever the general type says.
        this.#serve(ws, new SocketConnection({ ws, socket: socket as Socket, actor, log: this.#options.log }))
      })
    } catch (error) {
      refuse(socket, error)
    }
  }

  #serve(ws: WebSocket, connection: SocketConnection): void {
    const peer: Peer = { ws, seenAt: performance.now() }
    const inFlight = new Set<RequestId>()
    this.#peers.add(peer)
    const seen = (): void => {
      peer.seenAt = performance.now()
    }
    ws.on('pong', seen)
    ws.on('message', (data: RawData, isBinary: boolean) => {
      seen()
      // The default binary type delivers a Buffer.
      const bytes = data as Buffer
      if (isBinary) this.#takeFrame(connection, bytes)
      else void this.#takeText(connection, bytes.toString(), inFlight)
    })
    ws.on('error', (error) => this.#options.log.info('wire.socket_error', { error }))
    ws.on('close', () => this.#peers.delete(peer))
  }

  async #takeText(connection: SocketConnection, text: string, inFlight: Set<RequestId>): Promise<void> {
    let request: Request
    try {
      request = parseRequest(text)
      refuseExcess(request, inFlight)
    } catch (error) {
      // An id in use belongs to the call that is under way: answering under it would end that one.
      const id = requestIdOf(text)
      connection.reply(errorFrame(id !== null && inFlight.has(id) ? null : id, error))
      return
    }
    inFlight.add(request.id)
    try {
      const { actor, signal } = connection
      const result = await this.#options.dispatcher.call(request, { actor, connection, signal })
      connection.reply(resultFrame(request.id, result))
    } catch (error) {
      connection.reply(errorFrame(request.id, error))
    } finally {
      inFlight.delete(request.id)
    }
  }

  #takeFrame(connection: SocketConnection, bytes: Uint8Array): void {
    try {
      const frame = decodeFrame(bytes)
      if (frame === null || (frame.kind !== FrameKind.input && frame.kind !== FrameKind.outputAck)) {
        throw new OctoError('malformed', 'This is no binary frame a client sends.')
      }
      for (const room of this.#options.rooms) room.frame?.(connection, frame)
    } catch (error) {
      if (!(error instanceof OctoError)) this.#options.log.error('wire.frame_failed', { error })
      connection.reply(errorFrame(null, error))
    }
  }

  #beat(): void {
    const now = performance.now()
    // A process that was stopped or starved has not read what its peers said meanwhile.
    const wasAway = now - this.#beatAt > 2 * HEARTBEAT_MS
    this.#beatAt = now
    for (const peer of this.#peers) {
      if (wasAway) peer.seenAt = now
      if (now - peer.seenAt > DEAD_LINK_MS) peer.ws.terminate()
      else peer.ws.ping()
    }
  }
}

function refuseExcess(request: Request, inFlight: ReadonlySet<RequestId>): void {
  if (inFlight.has(request.id)) {
    throw new OctoError('bad_request', `The request id ${JSON.stringify(request.id)} is in use. Wait for its answer.`)
  }
  if (inFlight.size >= MAX_CALLS_PER_CONNECTION) {
    throw new OctoError('overloaded', `${MAX_CALLS_PER_CONNECTION} calls wait on this connection already.`)
  }
}

async function farewell(ws: WebSocket): Promise<void> {
  const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()))
  ws.close(1001, 'The runner ends.')
  const timer = setTimeout(() => ws.terminate(), FAREWELL_MS)
  await closed
  clearTimeout(timer)
}

function refuse(socket: Duplex, error: unknown): void {
  const status = error instanceof OctoError ? error.status : 500
  const reason = status === 404 ? 'Not Found' : status === 403 ? 'Forbidden' : 'Error'
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
