import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { rm } from 'node:fs/promises'
import { Actor, ACTOR_HEADER, PROTOCOL_VERSION, randomId, type RunnerHealth } from '@octo/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import { openInbox, type Inbox } from './inbox.ts'

/** One connection of the backend, as the runner sees it. */
export interface RunnerConnection {
  readonly actor: Actor
  readonly headers: IncomingHttpHeaders
  readonly ws: WebSocket
  /** Text frames as they came. */
  readonly texts: Inbox<string>
  readonly frames: Inbox<Buffer>
  send(text: string): void
  sendFrame(bytes: Uint8Array): void
}

/** A small server on a Unix socket that speaks as a runner does, and answers what a test tells it to. */
export interface FakeRunner extends AsyncDisposable {
  readonly socket: string
  readonly health: RunnerHealth
  readonly connections: Inbox<RunnerConnection>
  /** Answers HTTP requests beside health; 404 if it is not set. */
  onRequest: ((request: IncomingMessage, response: ServerResponse) => void) | null
  /** Ends like a process that is killed. */
  kill(): Promise<void>
}

export async function startFakeRunner(socket: string): Promise<FakeRunner> {
  const connections = openInbox<RunnerConnection>()
  const health: RunnerHealth = {
    ok: true,
    version: '0.1.0',
    protocol: PROTOCOL_VERSION,
    epoch: randomId('epo'),
    pid: process.pid,
    startedAt: Date.now(),
    memoryBytes: 1_000_000,
    counts: { sessions: 1, working: 0, terminals: 2, workspaces: 3 },
  }
  const server = createServer((request, response) => {
    if (request.url === '/api/health') response.end(JSON.stringify(health))
    else if (runner.onRequest === null) response.writeHead(404).end()
    else runner.onRequest(request, response)
  })
  const sockets = new WebSocketServer({ server, path: '/api/ws/mux', perMessageDeflate: false })
  sockets.on('connection', (ws, request) => {
    // A paused connection that is cut reports it; the test looks at the other end.
    ws.on('error', () => undefined)
    connections.put(toConnection(ws, request))
  })
  await rm(socket, { force: true })
  server.listen(socket)
  await once(server, 'listening')
  const kill = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    for (const ws of sockets.clients) ws.terminate()
    await closed
  }
  const runner: FakeRunner = {
    socket,
    health,
    connections,
    onRequest: null,
    kill,
    [Symbol.asyncDispose]: kill,
  }
  return runner
}

function toConnection(ws: WebSocket, request: IncomingMessage): RunnerConnection {
  const texts = openInbox<string>()
  const frames = openInbox<Buffer>()
  ws.on('message', (data: Buffer, isBinary: boolean) => (isBinary ? frames.put(data) : texts.put(data.toString())))
  return {
    actor: readActor(request),
    headers: request.headers,
    ws,
    texts,
    frames,
    send: (text) => ws.send(text),
    sendFrame: (bytes) => ws.send(bytes, { binary: true }),
  }
}

export function readActor(request: IncomingMessage): Actor {
  const header = request.headers[ACTOR_HEADER]
  return Actor.parse(JSON.parse(Buffer.from(String(header), 'base64url').toString()))
}
