import {
  decodeFrame,
  type ErrorBody,
  FrameKind,
  methodFacts,
  type MethodFacts,
  OctoError,
  parseRequest,
  type Request,
  type RequestId,
  type Role,
  type RunnerStatus,
  toErrorBody,
  type User,
} from '@octo/protocol'
import type { WebSocket } from 'ws'
import type { Caller } from '../accounts/authenticate.ts'
import type { Log } from '../lib/log.ts'
import { LOCAL, ready, type Runners } from '../runners/registry.ts'
import { answeredId, isDetached } from './calls.ts'
import { CloseCode } from './close-codes.ts'
import type { Methods } from './methods.ts'
import { Upstream } from './upstream.ts'

/** Calls a tab may have open: it starts with some thirty. */
const MAX_OPEN_CALLS = 256

/** Streams a tab may have open: more terminals than anybody looks at. */
const MAX_STREAMS = 256

/** Above this the runner is not read from any more, below half of it again. */
const PAUSE_BYTES = 1_048_576

/** A browser that leaves this much unread is cut; it comes back and goes on where it was. */
const CUT_BYTES = 16 * 1_048_576

/** First pause before a lost runner is looked for, doubled up to the second; each with up to half of it as jitter. */
const RETRY_MS = 100
const MAX_RETRY_MS = 5_000

const ROLES: Readonly<Record<Role, number>> = { anyone: 0, viewer: 1, member: 2, admin: 3 }

interface OpenCall {
  readonly runner: string | null
  /** The stream number it attaches or detaches. */
  readonly attaches?: number
  readonly detaches?: number
}

interface Parts {
  readonly socket: WebSocket
  readonly caller: Caller
  readonly methods: Methods
  readonly runners: Runners
  readonly log: Log
}

/** One tab's connection: answers what is the backend's, and passes everything else to and from the user's runner. */
export class BrowserSocket {
  readonly grant: string
  readonly #parts: Parts
  readonly #calls = new Map<RequestId, OpenCall>()
  readonly #streams = new Map<number, string>()
  #upstream: Upstream | null = null
  #opening: Promise<Upstream> | null = null
  #greeted = false
  #paused = false
  #attempts = 0
  #retry: NodeJS.Timeout | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.grant = parts.caller.grant
    parts.socket.on('message', (data: Buffer, binary) => {
      if (binary) this.#takeBinary(data)
      else void this.#takeText(data.toString('utf8'))
    })
    parts.socket.once('close', () => this.#end())
  }

  get greeted(): boolean {
    return this.#greeted
  }

  close(code: number, reason: string): void {
    this.#parts.socket.close(code, reason)
  }

  async #takeText(text: string): Promise<void> {
    let request: Request
    try {
      request = parseRequest(text)
    } catch (error) {
      this.#fail(requestIdIn(text), error)
      return
    }
    try {
      const facts = this.#admit(request)
      if (facts.side === 'backend') await this.#answer(request, facts)
      else await this.#forward(request, facts, text)
    } catch (error) {
      if (!(error instanceof OctoError)) this.#parts.log.error('mux.call_failed', { method: request.method, error })
      this.#fail(request.id, error)
    }
  }

  /** Decides whether a call may be made at all. */
  #admit(request: Request): MethodFacts {
    const facts = methodFacts(request.method)
    if (facts === undefined) throw new OctoError('unknown_method', `There is no method "${request.method}".`)
    if (!this.#greeted && request.method !== 'system.hello') {
      throw new OctoError('bad_request', 'The first request on a socket is system.hello.')
    }
    requireRole(this.#parts.caller.user, facts)
    if (this.#calls.has(request.id)) throw new OctoError('bad_request', `The request id ${request.id} is in use.`)
    if (this.#calls.size >= MAX_OPEN_CALLS) {
      throw new OctoError('overloaded', `More than ${MAX_OPEN_CALLS} calls are open. Wait for some to end.`)
    }
    return facts
  }

  async #answer(request: Request, facts: MethodFacts): Promise<void> {
    this.#calls.set(request.id, { runner: null })
    try {
      const result = await this.#parts.methods.call(facts.name, request.params, this.#parts.caller)
      if (request.method === 'system.hello') this.#greeted = true
      this.#send(`{"jsonrpc":"2.0","id":${JSON.stringify(request.id)},"result":${JSON.stringify(result)}}`)
      if (request.method === 'system.hello') this.#reconnect()
    } finally {
      this.#calls.delete(request.id)
    }
  }

  async #forward(request: Request, facts: MethodFacts, text: string): Promise<void> {
    const runner = request.runner ?? LOCAL
    const stream = streamIn(request.params)
    const call: OpenCall = {
      runner,
      ...(facts.attaches && stream !== null ? { attaches: stream } : {}),
      ...(request.method === 'terminals.detach' && stream !== null ? { detaches: stream } : {}),
    }
    if (call.attaches !== undefined) this.#claim(call.attaches, runner)
    this.#calls.set(request.id, call)
    try {
      const upstream = await this.#connect(runner)
      // It may have been lost, and the call failed with it, while the connection was made.
      if (this.#calls.has(request.id)) upstream.send(text)
    } catch (error) {
      if (this.#settle(request.id) !== undefined) throw error
    }
  }

  #claim(stream: number, runner: string): void {
    if (this.#streams.has(stream)) {
      throw new OctoError('stream_in_use', `Stream ${stream} is attached already. Choose another number.`)
    }
    if (this.#streams.size >= MAX_STREAMS) {
      throw new OctoError('overloaded', `More than ${MAX_STREAMS} streams are open. Detach some.`)
    }
    this.#streams.set(stream, runner)
  }

  #takeBinary(bytes: Buffer): void {
    const frame = decodeFrame(bytes)
    if (frame === null || (frame.kind !== FrameKind.input && frame.kind !== FrameKind.outputAck)) {
      this.#fail(null, new OctoError('malformed', 'This is no binary frame a client sends.'))
      return
    }
    if (this.#streams.has(frame.stream)) this.#upstream?.send(bytes)
  }

  /** The connection to the runner, made when it is first needed. */
  async #connect(runner: string): Promise<Upstream> {
    if (this.#upstream !== null) return this.#upstream
    this.#opening ??= this.#open(runner)
    try {
      return await this.#opening
    } finally {
      this.#opening = null
    }
  }

  async #open(runner: string): Promise<Upstream> {
    const { runners, caller, socket } = this.#parts
    const found = await runners.find(caller.user, runner)
    const upstream = new Upstream(found, caller.user, {
      onText: (text) => this.#passText(text),
      onBinary: (bytes) => this.#pass(bytes),
      onEnd: () => this.#lost(upstream),
    })
    if (socket.readyState !== socket.OPEN) {
      upstream.close()
      throw new OctoError('cancelled', 'The connection ended.')
    }
    this.#upstream = upstream
    this.#attempts = 0
    this.#tell(ready(found))
    return upstream
  }

  #passText(text: string): void {
    const id = answeredId(text)
    if (id !== undefined && id !== null) this.#settle(id, text)
    else if (id === undefined && isDetached(text)) this.#freeDetached(text)
    this.#pass(text)
  }

  /** Ends a call's bookkeeping. @returns the call, or `undefined` if it had ended before */
  #settle(id: RequestId, answer?: string): OpenCall | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    const attached = answer !== undefined && answer.includes('"result":')
    if (call?.attaches !== undefined && !attached) this.#streams.delete(call.attaches)
    if (call?.detaches !== undefined && attached) this.#streams.delete(call.detaches)
    return call
  }

  #freeDetached(text: string): void {
    const { params } = JSON.parse(text) as { readonly params?: { readonly stream?: number } }
    if (params?.stream !== undefined) this.#streams.delete(params.stream)
  }

  /** The runner's connection ended: its calls fail, the client is told, and it is looked for again. */
  #lost(upstream: Upstream): void {
    const { runners, caller, socket } = this.#parts
    if (this.#upstream !== upstream) return
    this.#upstream = null
    this.#paused = false
    runners.lost(caller.user, upstream.runner)
    if (socket.readyState !== socket.OPEN) return
    this.#streams.clear()
    const failure = new OctoError('runner_lost', 'Your runner went away. It is being looked for.')
    for (const [id, call] of this.#calls) {
      if (call.runner === null) continue
      this.#calls.delete(id)
      this.#fail(id, failure)
    }
    this.#tell({ runner: LOCAL, state: 'lost', capabilities: [], reason: failure.message })
    this.#reconnect()
  }

  #reconnect(): void {
    this.#connect(LOCAL).catch((error: unknown) => {
      if (this.#parts.socket.readyState !== this.#parts.socket.OPEN) return
      const reason = error instanceof OctoError ? error.message : 'Your runner cannot be reached.'
      this.#tell({ runner: LOCAL, state: 'lost', capabilities: [], reason })
      const pause = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** this.#attempts)
      this.#attempts += 1
      this.#retry = setTimeout(() => this.#reconnect(), pause * (0.5 + Math.random() / 2))
    })
  }

  #tell(status: RunnerStatus): void {
    this.#send(`{"jsonrpc":"2.0","method":"system.runner","params":${JSON.stringify(status)}}`)
  }

  #fail(id: RequestId | null, error: unknown): void {
    const body: ErrorBody = toErrorBody(error)
    this.#send(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(body)}}`)
  }

  /** Passes something of the runner on, and stops reading from it while the browser does not keep up. */
  #pass(frame: string | Buffer): void {
    this.#send(frame)
    const { socket } = this.#parts
    if (this.#paused || socket.bufferedAmount < PAUSE_BYTES) return
    this.#paused = true
    this.#upstream?.pause()
  }

  #send(frame: string | Buffer): void {
    const { socket } = this.#parts
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > CUT_BYTES) {
      socket.close(CloseCode.tooSlow, 'read too slowly')
      return
    }
    socket.send(frame, () => this.#drained())
  }

  #drained(): void {
    if (!this.#paused || this.#parts.socket.bufferedAmount > PAUSE_BYTES / 2) return
    this.#paused = false
    this.#upstream?.resume()
  }

  #end(): void {
    clearTimeout(this.#retry)
    this.#upstream?.close()
    this.#upstream = null
    this.#calls.clear()
  }
}

/** @throws OctoError `forbidden` */
export function requireRole(user: User, facts: MethodFacts): void {
  if (ROLES[user.role] >= ROLES[facts.role]) return
  throw new OctoError('forbidden', `${facts.name} is for ${facts.role}s; you are ${user.role}.`)
}

function streamIn(params: unknown): number | null {
  if (typeof params !== 'object' || params === null || !('stream' in params)) return null
  return typeof params.stream === 'number' ? params.stream : null
}

/** The id of a frame that is no proper request, so that whoever sent it learns which one it was. */
function requestIdIn(text: string): RequestId | null {
  return answeredId(text) ?? null
}
