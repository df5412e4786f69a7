import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropic, type Dialect, openai } from './dialect.ts'
import { playScene, type Reply } from './scenario.ts'

/** The model this server offers under every API. */
export const TEST_MODEL = 'test-model'

/** Requests kept for looking at; a test makes a handful, a benchmark looks at none. */
const MAX_KEPT_REQUESTS = 1_000

export interface ModelRequest {
  readonly api: 'openai' | 'anthropic'
  readonly key: string | null
  readonly prompt: string
  readonly body: unknown
}

export interface ModelServer {
  /** For OpenAI clients, ending in /v1. */
  readonly url: string
  /** For Anthropic clients, without a path. */
  readonly anthropicUrl: string
  readonly port: number
  /** What it was asked, in order. */
  readonly requests: readonly ModelRequest[]
  /** Resolves when a `#hold` stream waits. */
  held(): Promise<void>
  /** Lets held streams send so many pieces; without a number, all there are. */
  release(pieces?: number): void
  /** Resolves when so many streams were closed by the client before their end. */
  aborted(count: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the scripted model server on loopback.
 * @param options.port a free one if left out
 */
export async function startModelServer(options: { readonly port?: number } = {}): Promise<ModelServer> {
  const server = new Scripted()
  const http = createServer((request, response) => {
    server.handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  http.listen(options.port ?? 0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    anthropicUrl: `http://127.0.0.1:${port}`,
    port,
    requests: server.requests,
    held: () => server.until(() => server.waiting > 0),
    release: (pieces) => server.release(pieces ?? Number.POSITIVE_INFINITY),
    aborted: (count) => server.until(() => server.aborted >= count),
    async close() {
      server.release(Number.POSITIVE_INFINITY)
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}

class Scripted {
  readonly requests: ModelRequest[] = []
  waiting = 0
  aborted = 0
  readonly #attempts = new Map<string, number>()
  readonly #watchers = new Set<() => void>()
  #released = 0
  #overflowed = false

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/v1/models') {
      sendJson(response, 200, { object: 'list', data: [{ id: TEST_MODEL, object: 'model', owned_by: 'octo' }] })
      return
    }
    const dialect = { '/v1/chat/completions': openai, '/v1/messages': anthropic }[path]
    if (dialect === undefined) {
      sendJson(response, 404, { error: { message: `No such path: ${path}` } })
      return
    }
    const body = JSON.parse(await readText(request)) as object
    const reply = this.#play(dialect, body, keyOf(request))
    switch (reply.type) {
      case 'silence':
        this.#watch(response)
        return
      case 'error':
        sendJson(response, reply.status, dialect.error(reply.status, reply.message))
        return
      case 'answer':
        await this.#stream(response, reply, dialect.events(reply, { model: TEST_MODEL, ...body }))
    }
  }

  release(pieces: number): void {
    this.#released += pieces
    this.#wake()
  }

  /** Resolves as soon as `condition` holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.add(resolve))
  }

  #play(dialect: Dialect, body: unknown, key: string | null): Reply {
    const scene = dialect.readScene(body)
    const id = JSON.stringify([scene.prompt, scene.round])
    const attempt = this.#attempts.get(id) ?? 0
    this.#attempts.set(id, attempt + 1)
    this.requests.push({ api: dialect.name, key, prompt: scene.prompt, body })
    if (this.requests.length > MAX_KEPT_REQUESTS) this.requests.shift()
    this.#wake()
    const reply = playScene({ ...scene, key, attempt, overflowed: this.#overflowed })
    if (reply.type === 'error' && reply.status === 400) this.#overflowed = true
    return reply
  }

  async #stream(
    response: ServerResponse,
    reply: Extract<Reply, { type: 'answer' }>,
    events: ReturnType<Dialect['events']>,
  ): Promise<void> {
    this.#watch(response)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(events.before.join(''))
    for (const [index, piece] of events.text.entries()) {
      if (reply.held) await this.#turn(response)
      if (reply.dropped && index >= events.text.length / 2) {
        // Ended, not destroyed: what was sent arrives, and then the answer breaks off.
        response.socket?.end()
        return
      }
      if (response.destroyed) return
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')])
    }
    response.end(events.after.join(''))
  }

  /** Waits for a piece to be released. */
  async #turn(response: ServerResponse): Promise<void> {
    this.waiting += 1
    this.#wake()
    await this.until(() => this.#released > 0 || response.destroyed)
    this.waiting -= 1
    this.#released -= 1
  }

  #watch(response: ServerResponse): void {
    response.on('close', () => {
      if (!response.writableFinished) this.aborted += 1
      this.#wake()
    })
  }

  #wake(): void {
    for (const resolve of this.#watchers) resolve()
    this.#watchers.clear()
  }
}

function keyOf(request: IncomingMessage): string | null {
  const own = request.headers['x-api-key']
  if (typeof own === 'string') return own
  return request.headers.authorization?.replace(/^Bearer /u, '') ?? null
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
  response.end(JSON.stringify(body))
}
