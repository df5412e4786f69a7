import { createServer, type IncomingMessage, type Server, STATUS_CODES, type ServerResponse } from 'node:http'
import type { AddressInfo, ListenOptions, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { OctoError } from '@octo/protocol'
import type { Accounts, Identity, Peer } from '../accounts/index.ts'
import { admit, type AllowedAddresses, asking, type Claim, PendingConnections } from '../gate/index.ts'
import { errorCode } from '../lib/error-code.ts'
import type { Log } from '../lib/log.ts'
import { requireRole } from '../lib/roles.ts'
import { type Exchange, sendError } from './exchange.ts'
import type { Matched } from './routes.ts'
import type { StaticFiles } from './static-files.ts'

/** Every browser's headers fit, cookies included; Node's own limit is as large. */
const MAX_HEADER_BYTES = 16_384
const MAX_HEADERS = 100
/** Headers that are not here by then belong to somebody who only wants to hold the connection. */
const HEADERS_MS = 7_000
/** An upload through a slow line; each step of it has a deadline of its own. */
const REQUEST_MS = 1_800_000
const KEEP_ALIVE_MS = 30_000
/** How often the deadlines are looked at; with it a silent connection ends within ten seconds. */
const DEADLINE_CHECK_MS = 2_000
/** What a request that is under way gets to end when the server does. */
const FINISH_MS = 1_500
/** More than this is no load but an attack; it also leaves files and sockets to the rest of the process. */
const MAX_CONNECTIONS = 4_096

const MUX_PATH = '/api/ws/mux'

/** What stands behind the gate. */
export interface Inside {
  readonly allowed: AllowedAddresses
  readonly accounts: Accounts
  readonly findRoute: (method: string, path: string) => Matched | undefined
  readonly files: StaticFiles
  readonly upgrade: (request: IncomingMessage, at: { socket: Duplex; head: Buffer }, admitted: Admitted) => void
  readonly log: Log
}

interface Admitted {
  readonly identity: Identity
  readonly address: string
}

/** The public HTTP server. Every request and every upgrade goes through the same gate first. */
export class HttpServer {
  readonly #server: Server
  readonly #pending: PendingConnections
  #closed: Promise<void> | undefined
  readonly #inside = Promise.withResolvers<Inside>()

  constructor() {
    this.#server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: DEADLINE_CHECK_MS,
    })
    this.#server.maxHeadersCount = MAX_HEADERS
    this.#server.maxConnections = MAX_CONNECTIONS
    this.#pending = new PendingConnections(this.#server)
    this.#server.on('request', (request, response) => void this.#answer(request, response))
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.#upgrade(request, { socket, head })
    })
    this.#server.on('clientError', (error, socket) => refuseBroken(error, socket))
  }

  /**
   * Begins to listen. Requests wait until {@link open} says what answers them.
   * @returns the port
   * @throws OctoError that says why this address cannot be listened on
   */
  async listen(host: string, port: number): Promise<number> {
    await listening(this.#server, { host, port })
    return (this.#server.address() as AddressInfo).port
  }

  /** Begins to answer. */
  open(inside: Inside): void {
    this.#inside.resolve(inside)
  }

  /** Takes no new connection, gives answers that are under way a moment, and ends what is still open. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const late = setTimeout(() => this.#server.closeAllConnections(), FINISH_MS)
    await closed
    clearTimeout(late)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const inside = await this.#inside.promise
    const startedAt = performance.now()
    const path = pathOf(request)
    try {
      await this.#route(inside, { path, request, response })
    } catch (error) {
      if (!(error instanceof OctoError)) inside.log.error('http.request_failed', { path, error })
      sendError({ request, response }, error)
    }
    const ms = Math.round(performance.now() - startedAt)
    inside.log.debug('http.answered', { method: request.method, path, status: response.statusCode, ms })
  }

  async #route(inside: Inside, { path, request, response }: Pick<Exchange, 'path' | 'request' | 'response'>) {
    const isApi = path === '/api' || path.startsWith('/api/')
    const claim = admit(asking(request, { upgrade: false, api: isApi }), inside.allowed)
    const secure = request.headers.origin?.startsWith('https:') ?? false
    const exchange: Exchange = { request, response, path, params: {}, claim, peer: peerOf(request), secure }
    if (!isApi) return inside.files.serve(exchange)
    const matched = inside.findRoute(request.method ?? '', path)
    if (matched?.kind === 'open') return matched.handler({ ...exchange, params: matched.params })
    const identity = await this.#identify(inside, claim, request.socket)
    if (matched === undefined) throw new OctoError('not_found', 'There is nothing at this address.')
    requireRole(identity.user, matched.role, 'This')
    return matched.handler({ ...exchange, params: matched.params, identity })
  }

  async #upgrade(request: IncomingMessage, at: { socket: Duplex; head: Buffer }): Promise<void> {
    // Until the WebSocket takes over, a reset by the peer would be an unhandled error.
    at.socket.on('error', () => at.socket.destroy())
    const inside = await this.#inside.promise
    try {
      const claim = admit(asking(request, { upgrade: true, api: true }), inside.allowed)
      const identity = await this.#identify(inside, claim, request.socket)
      if (pathOf(request) !== MUX_PATH) throw new OctoError('not_found', 'There is no WebSocket at this address.')
      inside.upgrade(request, at, { identity, address: peerOf(request).address })
    } catch (error) {
      if (!(error instanceof OctoError)) inside.log.error('http.upgrade_failed', { error })
      refuseUpgrade(at.socket, error)
    }
  }

  /** @throws OctoError `unauthenticated` if the request does not prove who it is */
  async #identify({ accounts }: Inside, claim: Claim, socket: Socket): Promise<Identity> {
    const identity = await identify(accounts, claim)
    this.#pending.admit(socket)
    return identity
  }
}

function identify(accounts: Accounts, claim: Claim): Promise<Identity> {
  switch (claim.kind) {
    case 'bearer':
      return accounts.byPersonalToken(claim.token)
    case 'cookies':
      if (claim.cookies.access !== undefined) return accounts.byAccessToken(claim.cookies.access)
      throw new OctoError('unauthenticated', 'Your login has to be renewed.')
    case 'nobody':
      throw new OctoError('unauthenticated', 'Log in first.')
  }
}

/**
 * Listens, and says in one sentence why it cannot.
 * @throws OctoError `exists` if the address is taken, `permission_denied`, or `bad_request` if it is none of this machine
 */
export function listening(server: Server, where: ListenOptions): Promise<void> {
  const place = where.path ?? `${where.host ?? ''}:${where.port ?? ''}`
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, place)))
    server.listen(where, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function listenError(error: Error, place: string): Error {
  const options = { cause: error }
  switch (errorCode(error) ?? '') {
    case 'EADDRINUSE':
      return new OctoError('exists', `${place} is in use by another program: choose another port with --port.`, options)
    case 'EACCES':
      return new OctoError('permission_denied', `${place} may not be listened on: choose a port above 1023.`, options)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new OctoError('bad_request', `${place} is no address of this machine: choose another --host.`, options)
    default:
      return error
  }
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

function peerOf(request: IncomingMessage): Peer {
  return { address: request.socket.remoteAddress ?? '', userAgent: request.headers['user-agent'] ?? '' }
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const status = error instanceof OctoError ? error.status : 500
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`
  // A peer that does not hang up would keep half a connection.
  socket.end(answer, () => socket.destroy())
}

/** What is no HTTP, or too much of it, or too late. */
function refuseBroken(error: Error, socket: Duplex): void {
  const code = errorCode(error)
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  if (socket.writable && code !== 'ECONNRESET') {
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  }
  socket.destroy()
}
