import { MAX_FRAME_BYTES, OctoError, type RequestId, toErrorBody } from '@octo/protocol'

/*
 * Frames are written with their members in a fixed order, `jsonrpc` first and then `id` or `method`: whoever forwards
 * them can tell them apart, and whose they are, by their first characters.
 */

export function resultFrame(id: RequestId, result: unknown): string {
  const frame = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result ?? null)}}`
  if (fits(frame)) return frame
  return errorFrame(id, new OctoError('too_large', 'The answer is larger than a frame. Ask for less at a time.'))
}

/** @param id `null` where the request's own could not be read */
export function errorFrame(id: RequestId | null, error: unknown): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(toErrorBody(error))}}`
}

/** @returns `null` if it would be larger than a frame */
export function notificationFrame(name: string, params: unknown): string | null {
  const frame = `{"jsonrpc":"2.0","method":${JSON.stringify(name)},"params":${JSON.stringify(params)}}`
  return fits(frame) ? frame : null
}

/** A character has at most three bytes (those with four count as two), so most frames need not be measured. */
function fits(frame: string): boolean {
  return frame.length * 3 <= MAX_FRAME_BYTES || Buffer.byteLength(frame) <= MAX_FRAME_BYTES
}
