import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type Actor, ACTOR_HEADER, type ErrorBody } from '@octo/protocol'
import { WebSocket } from 'ws'
import { testActor } from './fake-connection.ts'

interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: ErrorBody
}

export function actorHeader(actor: Actor = testActor): string {
  return Buffer.from(JSON.stringify(actor)).toString('base64url')
}

/** The headers of somebody else's request. */
export function actorHeaders(actor: {
  readonly user: string
  readonly name: string
  readonly role: Actor['role']
}): Record<string, string> {
  return { [ACTOR_HEADER]: actorHeader({ ...actor, user: actor.user as Actor['user'] }) }
}

/** A WebSocket to a runner as its backend would open it. It keeps every frame; waiting is by event. */
export class TestClient {
  readonly ws: WebSocket
  readonly frames: string[] = []
  readonly #waiters = new Set<() => void>()

  private constructor(ws: WebSocket) {
    this.ws = ws
    ws.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.frames.push(data.toString())
      for (const wake of this.#waiters) wake()
      this.#waiters.clear()
    })
  }

  static async dial(
    socket: string,
    headers: Record<string, string> = { [ACTOR_HEADER]: actorHeader() },
  ): Promise<TestClient> {
    const client = new TestClient(new WebSocket(`ws+unix:${socket}:/api/ws/mux`, { headers }))
    await once(client.ws, 'open')
    return client
  }

  get messages(): Message[] {
    return this.frames.map((frame) => JSON.parse(frame) as Message)
  }

  send(message: object): void {
    this.ws.send(JSON.stringify({ jsonrpc: '2.0', ...message }))
  }

  /** The first message so far or from now on that is wanted. */
  async next(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(wanted)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => this.#waiters.add(resolve))
    }
  }

  async call(message: {
    readonly id: number
    readonly method: string
    params?: unknown
    command?: string
  }): Promise<Message> {
    this.send({ params: {}, ...message })
    return this.next((answer) => answer.id === message.id)
  }

  async close(): Promise<void> {
    this.ws.close()
    await once(this.ws, 'close')
  }
}

interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

interface HttpAsk {
  readonly method?: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
}

/** One HTTP request over a Unix socket, as the backend would send it. */
export async function ask(socket: string, { method = 'GET', path, headers, body }: HttpAsk): Promise<HttpAnswer> {
  const all = { [ACTOR_HEADER]: actorHeader(), ...headers }
  const sent = request({ socketPath: socket, method, path, headers: all, agent: false })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }
}
