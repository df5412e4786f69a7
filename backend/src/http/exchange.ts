import type { IncomingMessage, ServerResponse } from 'node:http'
import { OctoError, parseJson, toErrorBody } from '@octo/protocol'
import type { Identity, Peer } from '../accounts/index.ts'
import { type Claim, dataHeaders, type SecurityHeaders } from '../gate/index.ts'

/** A JSON body that is not here by then is given up; honest ones come within one packet or a few. */
const BODY_DEADLINE_MS = 10_000

/** A refused upload is read to its end up to this size: three times the largest blob. */
const MAX_DISCARDED_BYTES = 64 * 1_048_576
const DISCARD_IDLE_MS = 5_000

/** One request that passed the gate, with its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The path as it was sent, without the query. */
  readonly path: string
  /** What the pattern of the route names, e.g. `{ id }`. */
  readonly params: Readonly<Record<string, string>>
  /** Who it says to come from; see the gate. */
  readonly claim: Claim
  readonly peer: Peer
  /** Whether the browser came over HTTPS, through a proxy in front of us. */
  readonly secure: boolean
}

/** An exchange whose user is proved. */
export interface UserExchange extends Exchange {
  readonly identity: Identity
}

export function setHeaders(response: ServerResponse, headers: SecurityHeaders): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

/** Answers with JSON that nobody may keep. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  const body = Buffer.from(JSON.stringify(value))
  setHeaders(response, dataHeaders)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
  })
  response.end(body)
}

/**
 * Answers with an error. What was not read of the body is read on and thrown away if it is not too much, because a
 * browser that is cut while it sends never sees the answer; otherwise the connection ends.
 * @returns whether an answer could still be given
 */
export function sendError({ request, response }: Pick<Exchange, 'request' | 'response'>, error: unknown): boolean {
  if (response.headersSent) {
    response.destroy()
    return false
  }
  const { status, details } = error instanceof OctoError ? error : { status: 500, details: undefined }
  if (!request.complete) limitRest(request, response)
  if (status === 429 && typeof details?.['seconds'] === 'number') response.setHeader('retry-after', details['seconds'])
  sendJson(response, { error: toErrorBody(error) }, status)
  return true
}

function limitRest(request: IncomingMessage, response: ServerResponse): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding !== undefined || Number(length ?? 0) > MAX_DISCARDED_BYTES) {
    response.setHeader('connection', 'close')
    return
  }
  // Node itself reads on and discards when the answer is out.
  request.setTimeout(DISCARD_IDLE_MS, () => request.destroy())
  request.once('end', () => request.setTimeout(0))
}

/**
 * Reads a JSON body.
 * @throws OctoError `bad_request` if it says to be something else, `too_large`, `timeout` or `malformed`
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  // Forms and plain text are what pages of others can send without being asked.
  if (type !== 'application/json') throw new OctoError('bad_request', 'Send JSON, as content-type application/json.')
  const text = await readText(request, maxBytes)
  return text === '' ? {} : parseJson(text)
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  let late = false
  const deadline = setTimeout(() => {
    late = true
    request.destroy()
  }, BODY_DEADLINE_MS)
  try {
    return await collect(request, maxBytes)
  } catch (error) {
    if (error instanceof OctoError) throw error
    const cause = { cause: error }
    if (late) throw new OctoError('timeout', 'The body of the request did not arrive in time.', cause)
    throw new OctoError('cancelled', 'The request ended before its body was here.', cause)
  } finally {
    clearTimeout(deadline)
  }
}

async function collect(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving early must not destroy the connection: the answer still has to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new OctoError('malformed', 'The body is not UTF-8.', { cause: error })
  }
}

function tooLarge(maxBytes: number): OctoError {
  return new OctoError('too_large', `This request may have a body of ${maxBytes} bytes at most.`)
}
