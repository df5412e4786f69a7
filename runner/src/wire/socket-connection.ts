import type { Socket } from 'node:net'
import { type Actor, type BinaryFrame, encodeFrame, type Notice, type NotificationName } from '@octo/protocol'
import { WebSocket } from 'ws'
import type { Log } from '../lib/log.ts'
import { notificationFrame } from './replies.ts'
import type { Connection } from './room.ts'

/** A reader this far behind is cut: it can come back and ask for what it lacks. */
const MAX_BUFFERED_BYTES = 16 * 1_048_576

/** The close code that says: connect again and go on where you are. */
const CLOSE_RESUMABLE = 4008

/** What such a reader gets to take the close frame, before its socket is dropped. */
const LAST_WORD_MS = 5_000

/**
 * A connection over a WebSocket.
 *
 * Replies are written at once, notifications and binary frames at the end of the event loop's turn. So the answer to a
 * call that subscribes always stands before the first change that follows it, and what a turn produced goes out as one
 * write. That a reply overtakes an older change does no harm: it tells a later state.
 */
export class SocketConnection implements Connection {
  readonly actor: Actor
  /** Aborted when the connection has ended. */
  readonly signal: AbortSignal
  readonly #ws: WebSocket
  readonly #socket: Socket
  readonly #log: Log
  readonly #ended = new AbortController()
  readonly #closers = new Set<() => void>()
  readonly #outbox: (string | Uint8Array)[] = []
  #outboxBytes = 0
  #drainers: (() => void)[] = []

  constructor({ ws, socket, actor, log }: { ws: WebSocket; socket: Socket; actor: Actor; log: Log }) {
    this.#ws = ws
    this.#socket = socket
    this.#log = log
    this.actor = actor
    this.signal = this.#ended.signal
    ws.on('close', () => this.#end())
  }

  notify<Name extends NotificationName>(name: Name, params: Notice<Name>): void {
    const frame = notificationFrame(name, params)
    if (frame !== null) {
      this.#post(frame)
      return
    }
    // Whoever comes back asks for the state, and gets it in pages.
    this.#log.error('wire.notification_too_large', { name })
    this.#cut('A change was larger than a frame. Connect again and ask for the state.')
  }

  sendFrame(frame: BinaryFrame): void {
    this.#post(encodeFrame(frame))
  }

  /** Sends an answer, ahead of notifications. */
  reply(frame: string): void {
    this.#write(frame)
    this.#cutIfTooSlow()
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount + this.#outboxBytes
  }

  onDrained(listener: () => void): void {
    if (this.bufferedBytes === 0) listener()
    else this.#drainers.push(listener)
  }

  onClose(listener: () => void): () => void {
    if (this.signal.aborted) {
      listener()
      return () => {}
    }
    this.#closers.add(listener)
    return () => this.#closers.delete(listener)
  }

  #post(frame: string | Uint8Array): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    if (this.#outbox.length === 0) setImmediate(() => this.#flush())
    this.#outbox.push(frame)
    this.#outboxBytes += frame.length
    this.#cutIfTooSlow()
  }

  #flush(): void {
    this.#socket.cork()
    for (const frame of this.#outbox.splice(0)) this.#write(frame)
    this.#outboxBytes = 0
    this.#socket.uncork()
  }

  #write(frame: string | Uint8Array): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(frame, this.#written)
  }

  readonly #written = (): void => {
    if (this.#drainers.length === 0 || this.bufferedBytes > 0) return
    for (const listener of this.#drainers.splice(0)) listener()
  }

  #cutIfTooSlow(): void {
    if (this.bufferedBytes > MAX_BUFFERED_BYTES) {
      this.#cut('You read too slowly. Connect again and go on where you are.')
    }
  }

  #cut(reason: string): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    this.#discard()
    this.#ws.close(CLOSE_RESUMABLE, reason)
    setTimeout(() => this.#ws.terminate(), LAST_WORD_MS).unref()
  }

  #discard(): void {
    this.#outbox.length = 0
    this.#outboxBytes = 0
  }

  #end(): void {
    this.#discard()
    this.#drainers = []
    this.#ended.abort()
    for (const listener of this.#closers) listener()
    this.#closers.clear()
  }
}
