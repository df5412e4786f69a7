import { ACTOR_HEADER, MAX_FRAME_BYTES, type User } from '@octo/protocol'
import { WebSocket } from 'ws'
import { encodeActor } from '../runners/actor.ts'
import type { FoundRunner } from '../runners/launcher.ts'

export interface UpstreamEvents {
  onText(text: string): void
  onBinary(bytes: Buffer): void
  /** It is over; called once, also if it never opened. */
  onEnd(): void
}

/** One connection to a runner, on behalf of one browser socket. What is sent before it is open waits for it. */
export class Upstream {
  readonly runner: FoundRunner
  readonly #socket: WebSocket
  #waiting: (string | Buffer)[] | null = []

  constructor(runner: FoundRunner, user: User, events: UpstreamEvents) {
    this.runner = runner
    this.#socket = new WebSocket(`ws+unix://${runner.socketPath}:/api/ws/mux`, {
      headers: { [ACTOR_HEADER]: encodeActor(user) },
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    })
    this.#socket.on('open', () => {
      for (const frame of this.#waiting ?? []) this.#socket.send(frame)
      this.#waiting = null
    })
    this.#socket.on('message', (data: Buffer, binary) => {
      if (binary) events.onBinary(data)
      else events.onText(data.toString('utf8'))
    })
    // The end follows every error; there is nothing else to do about one.
    this.#socket.on('error', () => undefined)
    this.#socket.once('close', () => events.onEnd())
  }

  send(frame: string | Buffer): void {
    if (this.#waiting === null) this.#socket.send(frame)
    else this.#waiting.push(frame)
  }

  /** Stops reading; the runner notices by its own full buffers. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.terminate()
  }
}
