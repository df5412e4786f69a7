import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { ACTOR_HEADER, OctoError, toErrorBody, type User } from '@octo/protocol'
import { SECURITY_HEADERS } from '../gate/headers.ts'
import { encodeActor } from './actor.ts'
import type { FoundRunner } from './launcher.ts'

/** Headers that belong to one hop (RFC 9110, 7.6.1), and those that are the backend's business alone. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'cookie',
  'authorization',
  'host',
  ACTOR_HEADER,
])

/**
 * Passes a request on to a runner and its answer back, both as streams: whoever is slower sets the pace. When either side
 * goes away, so does the other.
 */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  to: { readonly runner: FoundRunner; readonly user: User; readonly onLost: () => void },
): void {
  const headers: Record<string, string | string[]> = { [ACTOR_HEADER]: encodeActor(to.user) }
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !NOT_FORWARDED.has(name)) headers[name] = value
  }
  // A body of unknown length keeps being one of unknown length.
  if (incoming.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked'
  const asked = request(
    { socketPath: to.runner.socketPath, method: incoming.method, path: incoming.url, headers },
    (answer) => {
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined && !NOT_FORWARDED.has(name)) outgoing.setHeader(name, value)
      }
      outgoing.writeHead(answer.statusCode ?? 502)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    },
  )
  asked.on('error', (error) => {
    if (outgoing.headersSent) {
      outgoing.destroy()
      return
    }
    to.onLost()
    const failure = new OctoError('runner_lost', 'Your runner went away. Try again.', { cause: error })
    outgoing.writeHead(failure.status, { ...SECURITY_HEADERS, 'content-type': 'application/json' })
    outgoing.end(JSON.stringify({ error: toErrorBody(failure) }))
  })
  outgoing.on('close', () => asked.destroy())
  incoming.pipe(asked)
}
