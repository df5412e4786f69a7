import { type RequestId, RequestId as RequestIdSchema, toErrorBody } from '@octo/protocol'

/** How the frames of a runner begin, by which most are told apart without being parsed. */
const REPLY = Buffer.from('{"jsonrpc":"2.0","id":')
const NOTICE = Buffer.from('{"jsonrpc":"2.0","method":"')
/** Longer than any id or method. */
const HEAD_BYTES = 160

export function resultFrame(id: RequestId, result: unknown): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result)}}`
}

/** @param id `null` where the request's own could not be read */
export function errorFrame(id: RequestId | null, error: unknown): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(toErrorBody(error))}}`
}

export function noticeFrame(method: string, params: unknown): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${JSON.stringify(params)}}`
}

/** What a frame of a runner is, as far as it has to be known to pass it on. */
export type Glance =
  | { readonly kind: 'reply'; readonly id: RequestId }
  | { readonly kind: 'notice'; readonly method: string }
  | { readonly kind: 'unknown' }

/** Tells what a frame is by its first bytes; only one that is written in another way is parsed. */
export function glanceAt(frame: Buffer): Glance {
  if (startsWith(frame, REPLY)) return replyHead(frame) ?? parsedGlance(frame)
  if (startsWith(frame, NOTICE)) return noticeHead(frame) ?? parsedGlance(frame)
  return parsedGlance(frame)
}

function startsWith(frame: Buffer, head: Buffer): boolean {
  return frame.length > head.length && frame.compare(head, 0, head.length, 0, head.length) === 0
}

function replyHead(frame: Buffer): Glance | null {
  const rest = frame.toString('latin1', REPLY.length, HEAD_BYTES)
  const found = /^(?:(-?\d{1,16})|"([\w.:-]{1,64})"),"(?:result|error)":/u.exec(rest)
  if (found === null) return null
  const [, number, text] = found
  return { kind: 'reply', id: number === undefined ? (text ?? '') : Number(number) }
}

function noticeHead(frame: Buffer): Glance | null {
  const rest = frame.toString('latin1', NOTICE.length, HEAD_BYTES)
  const method = /^([\w.]{1,64})"/u.exec(rest)?.[1]
  return method === undefined ? null : { kind: 'notice', method }
}

function parsedGlance(frame: Buffer): Glance {
  const parsed = parse(frame)
  const id = RequestIdSchema.safeParse(parsed?.['id'])
  if (id.success) return { kind: 'reply', id: id.data }
  const method = parsed?.['method']
  return typeof method === 'string' ? { kind: 'notice', method } : { kind: 'unknown' }
}

/** Parses a frame of a runner; `null` if it is no object of JSON. */
export function parse(frame: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(frame.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
