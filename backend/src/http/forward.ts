import { Agent, type IncomingMessage, request as openRequest, type RequestOptions } from 'node:http'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ACTOR_HEADER, COMMAND_HEADER, MAX_BLOB_BYTES, MAX_FRAME_BYTES, OctoError, type User } from '@octo/protocol'
import { dataHeaders, pdfHeaders } from '../gate/index.ts'
import { encodeActor } from '../runners/index.ts'
import { setHeaders, type UserExchange } from './exchange.ts'

/** Only these go to a runner: it has no business with cookies, tokens and what proxies add. */
const REQUEST_HEADERS = [
  'accept',
  'content-type',
  'content-length',
  COMMAND_HEADER,
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
] as const

/** Only these come back: a runner may not set cookies, or policies for a page of ours. */
const RESPONSE_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'accept-ranges',
  'cache-control',
  'etag',
  'last-modified',
  'retry-after',
] as const

/** A download of which nothing is taken for this long is given up: it would hold a place of its user's. */
const STALLED_DOWNLOAD_MS = 120_000
/** An upload from which nothing comes for this long is given up. */
const STALLED_UPLOAD_MS = 30_000

/** Requests to one runner at a time; more wait for their turn. */
const MAX_OPEN_REQUESTS = 256

// A connection costs less than 0.1 ms on a Unix socket; one that is kept might be closed by the runner as we use it.
const agent = new Agent({ keepAlive: false, maxSockets: MAX_OPEN_REQUESTS })

/** A file that is uploaded through the browser; what is larger is better fetched on the machine itself. */
const MAX_FILE_BYTES = 2 * 1_073_741_824

export interface ForwardTarget {
  readonly socket: string
  /** Ends the exchange when aborted: the login is over. */
  readonly signal: AbortSignal
}

/** What a client may send to a route of a runner at most. */
export function maxBodyBytes(path: string): number {
  if (path.startsWith('/api/call/')) return MAX_FRAME_BYTES
  return path.startsWith('/api/blobs') ? MAX_BLOB_BYTES : MAX_FILE_BYTES
}

/**
 * Passes a request on to a runner and its answer back, both streamed. When either side goes, so does the other.
 * @throws OctoError `too_large` for the body, `runner_lost` if the runner goes before it answers
 */
export async function forward(exchange: UserExchange, { socket, signal }: ForwardTarget): Promise<void> {
  const { request, response, identity, path } = exchange
  const maxBytes = maxBodyBytes(path)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const ends = AbortSignal.any([signal, gone.signal])
  const options: RequestOptions = {
    agent,
    socketPath: socket,
    method: request.method,
    path: request.url,
    headers: requestHeaders(request, identity.user),
    signal: ends,
  }
  try {
    const answer = await ask(options, request, maxBytes)
    sendHead(exchange, answer)
    await pipeline(answer, response)
  } catch (error) {
    if (error instanceof OctoError) throw error
    if (gone.signal.aborted) return
    if (signal.aborted) throw new OctoError('unauthenticated', 'Your login has ended. Log in again.')
    throw new OctoError('runner_lost', 'The runner went away before it answered. Try again shortly.', { cause: error })
  }
}

function ask(options: RequestOptions, request: IncomingMessage, maxBytes: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const upstream = openRequest(options)
    upstream.once('response', resolve)
    upstream.once('error', reject)
    request.setTimeout(STALLED_UPLOAD_MS, () => request.destroy())
    request.once('end', () => request.setTimeout(0))
    pipeline(request, bounded(maxBytes), upstream).catch((error: unknown) => {
      // An answer before the end of the body is the runner's refusal of it, and goes its way.
      if (error instanceof OctoError) reject(error)
    })
  })
}

function bounded(maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(tooLarge(maxBytes))
      else done(null, chunk)
    },
  })
}

function sendHead({ request, response }: UserExchange, answer: IncomingMessage): void {
  const headers = Object.fromEntries(
    RESPONSE_HEADERS.flatMap((name) => {
      const value = answer.headers[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const type = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  setHeaders(response, type === 'application/pdf' ? pdfHeaders : dataHeaders)
  if (answer.headers['cache-control'] === undefined) response.setHeader('cache-control', 'no-store')
  if (!request.complete) response.setHeader('connection', 'close')
  response.setTimeout(STALLED_DOWNLOAD_MS, () => response.destroy())
  response.once('finish', () => response.setTimeout(0))
  response.writeHead(answer.statusCode ?? 502, headers)
}

function requestHeaders(request: IncomingMessage, user: User): Record<string, string> {
  const headers: Record<string, string> = { host: 'runner', [ACTOR_HEADER]: encodeActor(user) }
  for (const name of REQUEST_HEADERS) {
    const value = request.headers[name]
    if (typeof value === 'string') headers[name] = value
  }
  return headers
}

function tooLarge(maxBytes: number): OctoError {
  return new OctoError('too_large', `This may have ${maxBytes} bytes at most.`)
}
