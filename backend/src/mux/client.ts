import type { Socket } from 'node:net'
import {
  DEAD_LINK_MS,
  type MethodFacts,
  OctoError,
  parseRequest,
  type Request,
  requestIdOf,
  type RequestId,
  type Result,
  type RunnerStatus,
} from '@octo/protocol'
import type { RawData, WebSocket } from 'ws'
import type { Identity } from '../accounts/index.ts'
import type { Log } from '../lib/log.ts'
import { type Runners, USUAL_RUNNER } from '../runners/index.ts'
import { Calls, type StreamEffect } from './calls.ts'
import { CloseCode } from './close-codes.ts'
import type { Dispatcher } from './dispatcher.ts'
import { Outbox } from './outbox.ts'
import { errorFrame, glanceAt, noticeFrame, parse, resultFrame } from './replies.ts'
import { isFromClient, streamOf, Streams } from './streams.ts'
import { runnerLost, Upstream } from './upstream.ts'

/** A client that has not said hello by then is none. */
const HELLO_MS = 10_000
/** A client to which nothing could be sent for this long is cut: it comes back and asks for what it lacks. */
const STALLED_MS = 20_000
/** What a client that is closed gets to take the reason. */
const LAST_WORD_MS = 1_000
/** Clients of one runner that was lost do not all come back in the same millisecond. */
const RECONNECT_MS = { least: 20, spread: 200 }

export interface ClientOptions {
  readonly ws: WebSocket
  readonly socket: Socket
  readonly identity: Identity
  readonly address: string
  readonly dispatcher: Dispatcher
  readonly runners: Runners
  readonly log: Log
}

/** One WebSocket of a browser or script, from its first byte to its last. */
export class Client {
  readonly identity: Identity
  readonly #options: ClientOptions
  readonly #ws: WebSocket
  readonly #outbox: Outbox
  readonly #calls = new Calls<Upstream>()
  readonly #streams = new Streams<Upstream>()
  readonly #ended = new AbortController()
  #upstream: Upstream | null = null
  #announced: RunnerStatus | null = null
  #greeted = false
  #seenAt = performance.now()
  readonly #impatience: NodeJS.Timeout

  constructor(options: ClientOptions) {
    const { ws, socket, identity, runners, log } = options
    this.#options = options
    this.identity = identity
    this.#ws = ws
    this.#outbox = new Outbox({
      ws,
      socket,
      onFull: () => this.#upstream?.setPaused(true),
      onDrained: () => this.#upstream?.setPaused(false),
      onOverflow: () => this.#cutSlow(),
    })
    ws.on('pong', () => this.#seen())
    ws.on('message', (data: RawData, isBinary: boolean) => {
      if (this.#ended.signal.aborted) return
      this.#seen()
      // The default binary type delivers a Buffer.
      const bytes = data as Buffer
      if (isBinary) this.#takeFrame(bytes)
      else this.#takeText(bytes.toString())
    })
    ws.on('error', (error) => log.info('mux.socket_error', { error }))
    ws.on('close', () => this.#end())
    this.#impatience = setTimeout(() => this.close(CloseCode.noHello, 'Say system.hello first.'), HELLO_MS)
    this.onEnd(() => clearTimeout(this.#impatience))
    this.onEnd(runners.onChange(identity.user.id, ({ status }) => this.#runnerChanged(status)))
  }

  /** Calls `listener` once, when the connection has ended. */
  onEnd(listener: () => void): void {
    this.#ended.signal.addEventListener('abort', listener, { once: true })
  }

  /** Closes the connection, saying why. */
  close(code: (typeof CloseCode)[keyof typeof CloseCode], reason: string): void {
    this.#outbox.clear()
    this.#ws.close(code, reason)
    // Whoever is cut may not be reading at all.
    setTimeout(() => this.#ws.terminate(), LAST_WORD_MS).unref()
    this.#end()
  }

  /** Called every heartbeat: says that we live, and cuts a client that does not, or is too slow. */
  beat(): void {
    const now = performance.now()
    if (now - this.#seenAt > DEAD_LINK_MS) this.#ws.terminate()
    else if (this.#outbox.full && this.#outbox.stalledMs > STALLED_MS) this.#cutSlow()
    else {
      this.#ws.ping()
      this.#upstream?.beat()
    }
  }

  /** Takes it that the client lives, when this process itself was away. */
  forgive(): void {
    this.#seen()
  }

  #cutSlow(): void {
    this.#options.log.info('mux.client_too_slow', { user: this.identity.user.id })
    this.close(CloseCode.tooSlow, 'You read too slowly. Connect again and go on where you are.')
  }

  #seen(): void {
    this.#seenAt = performance.now()
  }

  #end(): void {
    this.#outbox.clear()
    this.#upstream?.close()
    this.#upstream = null
    this.#ended.abort()
  }

  #takeText(text: string): void {
    let request: Request
    try {
      request = parseRequest(text)
    } catch (error) {
      this.#refuse(requestIdOf(text), error)
      return
    }
    try {
      this.#begin(request, text)
    } catch (error) {
      if (!(error instanceof OctoError)) this.#options.log.error('mux.request_failed', { error })
      this.#refuse(request.id, error)
    }
  }

  #begin(request: Request, text: string): void {
    const facts = this.#options.dispatcher.allow(request.method, this)
    if (!this.#greeted && facts.name !== 'system.hello') {
      throw new OctoError('bad_request', 'The first request on a connection is system.hello.')
    }
    if (facts.side === 'runner') this.#forward(facts, request, text)
    else void this.#answer(facts, request)
  }

  async #answer(facts: MethodFacts, request: Request): Promise<void> {
    const { identity, address, dispatcher } = this.#options
    try {
      this.#calls.add({ id: request.id, upstream: null, effect: null })
    } catch (error) {
      this.#refuse(request.id, error)
      return
    }
    try {
      const caller = { identity, address, command: request.command }
      const result = await dispatcher.call(facts, request.params, caller)
      this.#calls.take(request.id, null)
      if (facts.name === 'system.hello') this.#greet(result as Result<'system.hello'>)
      this.#outbox.sendText(resultFrame(request.id, result))
    } catch (error) {
      this.#calls.take(request.id, null)
      this.#outbox.sendText(errorFrame(request.id, error))
      if (error instanceof OctoError && error.code === 'version_mismatch') {
        this.close(CloseCode.versionMismatch, 'Load the client anew.')
      }
    }
  }

  #greet({ runners }: Result<'system.hello'>): void {
    this.#greeted = true
    clearTimeout(this.#impatience)
    this.#announced = runners[0] ?? null
  }

  #forward(facts: MethodFacts, request: Request, text: string): void {
    if (request.runner !== undefined && request.runner !== USUAL_RUNNER) {
      throw new OctoError('not_found', `You have no runner called ${request.runner}.`)
    }
    const upstream = this.#upstreamTo()
    const effect = streamEffect(facts, request.params)
    this.#calls.add({ id: request.id, upstream, effect })
    try {
      if (effect?.kind === 'attach') this.#streams.open(effect.stream, upstream)
    } catch (error) {
      this.#calls.take(request.id, upstream)
      throw error
    }
    try {
      upstream.send(text)
    } catch (error) {
      this.#settle(request.id, upstream, false)
      throw error
    }
  }

  /** Takes a call out, and does what its outcome means for streams. @returns whether it was open */
  #settle(id: RequestId, upstream: Upstream, succeeded: boolean): boolean {
    const call = this.#calls.take(id, upstream)
    if (call === undefined) return false
    const { effect } = call
    if (effect === null) return true
    const isClosed = effect.kind === 'attach' ? !succeeded : succeeded
    if (isClosed) this.#closeStream(effect.stream)
    return true
  }

  #closeStream(stream: number): void {
    this.#streams.close(stream)
    this.#outbox.dropFrames(stream)
  }

  /** Answers under a request's id, unless that belongs to another call that is under way. */
  #refuse(id: RequestId | null, error: unknown): void {
    this.#outbox.sendText(errorFrame(id !== null && this.#calls.has(id) ? null : id, error))
  }

  #takeFrame(frame: Buffer): void {
    const stream = streamOf(frame)
    if (stream === null || !isFromClient(frame)) {
      this.#refuse(null, new OctoError('malformed', 'This is no binary frame a client sends.'))
      return
    }
    // A frame may cross the notice that its stream was closed: it means nothing any more.
    const upstream = this.#streams.of(stream)
    if (upstream?.isOpen !== true) return
    try {
      upstream.send(frame)
    } catch (error) {
      this.#refuse(null, error)
    }
  }

  #upstreamTo(): Upstream {
    this.#upstream ??= this.#newUpstream()
    return this.#upstream
  }

  #newUpstream(): Upstream {
    const { runners, identity, log } = this.#options
    const upstream: Upstream = new Upstream({
      runner: runners.of(identity.user),
      user: identity.user,
      log,
      events: {
        text: (frame) => this.#passText(upstream, frame),
        binary: (frame) => this.#passFrame(upstream, frame),
        lost: (error) => this.#upstreamLost(upstream, error),
        opened: () => this.#announce(upstream.runner.status),
      },
    })
    upstream.setPaused(this.#outbox.full)
    return upstream
  }

  #passText(upstream: Upstream, frame: Buffer): void {
    const glance = glanceAt(frame)
    switch (glance.kind) {
      case 'reply':
        this.#passReply(upstream, glance.id, frame)
        return
      case 'notice':
        if (glance.method === 'terminals.detached') this.#detached(upstream, frame)
        this.#outbox.sendText(frame)
        return
      case 'unknown':
        this.#options.log.warn('mux.runner_frame_unknown', { user: this.identity.user.id, bytes: frame.length })
    }
  }

  #passReply(upstream: Upstream, id: RequestId, frame: Buffer): void {
    const effect = this.#calls.effectOf(id)
    const succeeded = effect === null || parse(frame)?.['error'] === undefined
    if (this.#settle(id, upstream, succeeded)) this.#outbox.sendText(frame)
  }

  #detached(upstream: Upstream, frame: Buffer): void {
    const params = parse(frame)?.['params'] as { stream?: unknown } | undefined
    const stream = params?.stream
    if (typeof stream === 'number' && this.#streams.of(stream) === upstream) this.#closeStream(stream)
  }

  #passFrame(upstream: Upstream, frame: Buffer): void {
    const stream = streamOf(frame)
    if (stream !== null && this.#streams.of(stream) === upstream) this.#outbox.sendFrame(stream, frame)
  }

  #upstreamLost(upstream: Upstream, error: OctoError): void {
    if (this.#upstream === upstream) this.#upstream = null
    for (const stream of this.#streams.closeAll(upstream)) this.#outbox.dropFrames(stream)
    for (const { id } of this.#calls.takeAll(upstream)) this.#outbox.sendText(errorFrame(id, error))
    this.#announce({ ...upstream.runner.status, state: 'lost', reason: error.message })
    const delayMs = RECONNECT_MS.least + Math.random() * RECONNECT_MS.spread
    const timer = setTimeout(() => this.#reconnect(), delayMs)
    this.onEnd(() => clearTimeout(timer))
  }

  /** What was open there is opened again by the client, which is told as soon as there is a connection. */
  #reconnect(): void {
    const { runners, identity } = this.#options
    if (runners.of(identity.user).status.state !== 'lost') this.#upstreamTo().open()
  }

  #runnerChanged(status: RunnerStatus): void {
    switch (status.state) {
      case 'ready':
        this.#announce(status)
        return
      case 'starting':
      case 'lost':
        this.#upstream?.fail(runnerLost())
        this.#announce(status)
    }
  }

  #announce(status: RunnerStatus): void {
    const before = this.#announced
    if (!this.#greeted || (before?.state === status.state && before.epoch === status.epoch)) return
    this.#announced = status
    this.#outbox.sendText(noticeFrame('system.runner', status))
  }
}

/** What a call means for streams: the one it opens, or closes. */
function streamEffect({ name, attaches }: MethodFacts, params: unknown): StreamEffect | null {
  const kind = attaches ? 'attach' : name === 'terminals.detach' ? 'detach' : null
  if (kind === null || typeof params !== 'object' || params === null || !('stream' in params)) return null
  const { stream } = params
  // What is no stream number is refused by the runner.
  return typeof stream === 'number' && Number.isInteger(stream) ? { kind, stream } : null
}
