import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_FRAME_BYTES, OctoError, parseJson, randomId } from '@octo/protocol'
import type { Identity } from './accounts/index.ts'
import { listening, readJson, sendError, sendJson } from './http/index.ts'
import { errorCode } from './lib/error-code.ts'
import type { Log } from './lib/log.ts'
import type { Dispatcher } from './mux/index.ts'

const CALL = /^\/api\/call\/(admin\.\w+)$/u

/** Whoever may open the control socket has this process's own user id, and so everything already. */
const identity: Identity = {
  user: { id: randomId('usr'), name: 'local', role: 'admin', createdAt: Date.now() },
  credential: { kind: 'control', id: 'control' },
}

/** Where `octoctl` reaches the server of a home. */
export function controlSocket(socketFolder: string): string {
  return join(socketFolder, 'control.sock')
}

/**
 * Answers the methods of the room `admin` on a Unix socket that only this process's user can open.
 * @returns a function that ends it
 */
export async function openControl(path: string, dispatcher: Dispatcher, log: Log): Promise<() => Promise<void>> {
  const server = createServer((asked, response) => void answer({ asked, response, dispatcher, log }))
  // The lock of the home is held, so what lies there is of a server that was killed.
  rmSync(path, { force: true })
  await listening(server, { path })
  chmodSync(path, 0o600)
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
}

interface Asked {
  readonly asked: IncomingMessage
  readonly response: ServerResponse
  readonly dispatcher: Dispatcher
  readonly log: Log
}

async function answer({ asked, response, dispatcher, log }: Asked): Promise<void> {
  try {
    const method = CALL.exec(asked.url ?? '')?.[1]
    if (method === undefined || asked.method !== 'POST') throw new OctoError('not_found', 'There is nothing here.')
    const facts = dispatcher.allow(method, { identity })
    const params = await readJson(asked, MAX_FRAME_BYTES)
    sendJson(response, { result: await dispatcher.call(facts, params, { identity, address: 'local' }) })
  } catch (error) {
    if (!(error instanceof OctoError)) log.error('control.failed', { error })
    sendError({ request: asked, response }, error)
  }
}

/** How long a server may take to say how it is; it asks its runners. */
const ASK_MS = 10_000

/**
 * Asks the server of a home.
 * @returns the answer; `null` if no server runs
 * @throws OctoError what the server answers, or `timeout`
 */
export function askControl(path: string, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'octo', 'content-type': 'application/json' }
    const asked = request({ socketPath: path, method: 'POST', path: `/api/call/${method}`, headers, timeout: ASK_MS })
    asked.on('timeout', () => asked.destroy(new OctoError('timeout', 'octo runs, but does not answer.')))
    asked.on('error', (error) => {
      const code = errorCode(error)
      if (code === 'ENOENT' || code === 'ECONNREFUSED') resolve(null)
      else reject(error)
    })
    asked.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => {
        const { result, error } = parseJson(text) as { result?: unknown; error?: { message: string } }
        if (error === undefined) resolve(result)
        else reject(new OctoError('internal', error.message))
      })
      response.on('error', reject)
    })
    asked.end('{}')
  })
}
