import type { RequestId } from '@octo/protocol'

const REPLY = /^\{"jsonrpc":"2\.0","id":(?:(-?\d+)|("(?:[^"\\]|\\.)*")|null)[,}]/u

/**
 * The id a runner's frame answers: `undefined` for a notification, `null` for an answer to nobody. Runners write the id
 * right behind the version, so the frame itself need not be parsed.
 */
export function answeredId(frame: string): RequestId | null | undefined {
  const match = REPLY.exec(frame)
  if (match === null) return undefined
  if (match[1] !== undefined) return Number(match[1])
  return match[2] === undefined ? null : (JSON.parse(match[2]) as string)
}

const DETACHED = '{"jsonrpc":"2.0","method":"terminals.detached"'

/** Whether a frame tells that the runner closed a binary stream. */
export function isDetached(frame: string): boolean {
  return frame.startsWith(DETACHED)
}
