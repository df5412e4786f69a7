import { connect } from 'node:net'
import { ACTOR_HEADER, DEAD_LINK_MS, MAX_FRAME_BYTES, OctoError, type User } from '@octo/protocol'
import { type RawData, WebSocket } from 'ws'
import type { Log } from '../lib/log.ts'
import { encodeActor, type Runner } from '../runners/index.ts'

/** What may wait for a runner that starts, or does not read; a prompt with its largest text has a quarter of it. */
const MAX_WAITING_BYTES = 4 * 1_048_576

/** A runner that says nothing for this long hangs; it may be busy for a while without that. */
const SILENT_MS = 2.5 * DEAD_LINK_MS

export interface UpstreamEvents {
  readonly text: (frame: Buffer) => void
  readonly binary: (frame: Buffer) => void
  /** The connection ended, or could not be made; what was asked on it is not answered any more. */
  readonly lost: (error: OctoError) => void
  readonly opened: () => void
}

export interface UpstreamOptions {
  readonly runner: Runner
  readonly user: User
  readonly log: Log
  readonly events: UpstreamEvents
}

/**
 * The connection of one client to its runner, opened when it is first needed. It does not come back by itself: after
 * `lost`, whoever owns it decides.
 */
export class Upstream {
  readonly runner: Runner
  readonly #options: UpstreamOptions
  #ws: WebSocket | null = null
  #state: 'idle' | 'opening' | 'open' | 'closed' = 'idle'
  #waiting: (string | Buffer)[] = []
  #waitingBytes = 0
  #paused = false
  #heardAt = 0

  constructor(options: UpstreamOptions) {
    this.runner = options.runner
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** @throws OctoError `overloaded` if too much waits already */
  send(data: string | Buffer): void {
    const waiting = this.#waitingBytes + (this.#ws?.bufferedAmount ?? 0)
    if (waiting + data.length > MAX_WAITING_BYTES) {
      throw new OctoError('overloaded', 'Your runner does not take what is sent to it. Try again shortly.')
    }
    if (this.#state === 'open') this.#ws?.send(data)
    else {
      this.#waiting.push(data)
      this.#waitingBytes += data.length
      this.open()
    }
  }

  /** Opens the connection, waiting for the runner if need be. */
  open(): void {
    if (this.#state === 'opening' || this.#state === 'open') return
    this.#state = 'opening'
    void this.#connect()
  }

  /** Stops or goes on reading; the runner notices and holds back. */
  setPaused(paused: boolean): void {
    this.#paused = paused
    if (paused) this.#ws?.pause()
    else {
      this.#heardAt = performance.now()
      this.#ws?.resume()
    }
  }

  /** Says that we live, and notices when the runner does not. */
  beat(): void {
    if (this.#state !== 'open' || this.#ws === null) return
    // The runner's own pings go unread while we are paused, so its answer comes unasked.
    this.#ws.pong()
    this.#ws.ping()
    if (!this.#paused && performance.now() - this.#heardAt > SILENT_MS) this.#ws.terminate()
  }

  /** Ends the connection without calling `lost`. */
  close(): void {
    this.#drop()
    this.#state = 'closed'
  }

  /** Ends the connection as lost. */
  fail(error: OctoError): void {
    if (this.#state === 'closed' || this.#state === 'idle') return
    this.close()
    this.#options.events.lost(error)
  }

  async #connect(): Promise<void> {
    try {
      const { socket } = await this.runner.ready()
      if (this.#state === 'opening') this.#openSocket(socket)
    } catch (error) {
      if (!(error instanceof OctoError)) throw error
      if (this.#state === 'opening') this.fail(error)
    }
  }

  #openSocket(socket: string): void {
    const ws = new WebSocket('ws://runner/api/ws/mux', {
      // As a URL, a path with a space or a colon in it would be another path.
      createConnection: () => connect(socket),
      headers: { [ACTOR_HEADER]: encodeActor(this.#options.user) },
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: SILENT_MS,
    })
    this.#ws = ws
    const heard = (): void => {
      this.#heardAt = performance.now()
    }
    ws.on('open', () => this.#opened(ws))
    ws.on('pong', heard)
    ws.on('message', (data: RawData, isBinary: boolean) => {
      if (this.#ws !== ws) return
      heard()
      // The default binary type delivers a Buffer.
      if (isBinary) this.#options.events.binary(data as Buffer)
      else this.#options.events.text(data as Buffer)
    })
    ws.on('error', (error) => this.#options.log.info('mux.upstream_error', { error }))
    ws.on('close', () => {
      if (this.#ws !== ws) return
      void this.runner.suspect()
      this.fail(runnerLost())
    })
  }

  #opened(ws: WebSocket): void {
    if (this.#ws !== ws) return
    this.#state = 'open'
    this.#heardAt = performance.now()
    if (this.#paused) ws.pause()
    for (const data of this.#waiting.splice(0)) ws.send(data)
    this.#waitingBytes = 0
    this.#options.events.opened()
  }

  #drop(): void {
    const ws = this.#ws
    this.#ws = null
    this.#waiting = []
    this.#waitingBytes = 0
    if (ws === null) return
    // Paused, it would never read the goodbye.
    ws.resume()
    if (ws.readyState === WebSocket.OPEN) ws.close()
    else ws.terminate()
  }
}

export function runnerLost(): OctoError {
  return new OctoError('runner_lost', 'The connection to your runner was lost. It is opened again; try again then.')
}
