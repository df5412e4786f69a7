import type { ClientId } from '@octo/protocol'

/** Input of one client that may wait for the program to read it: several times what a client may leave unacknowledged. */
export const MAX_WAITING_BYTES = 1_048_576

/** Input of all clients together that may wait. */
const MAX_QUEUE_BYTES = 4 * MAX_WAITING_BYTES

/** Answers of the screen to a program that asks and does not read; real programs ask a few at a time. */
const MAX_REPLY_BYTES = 65_536

/** Clients whose offsets are remembered; past this, the one silent for longest starts anew. */
const MAX_WRITERS = 64

/** Waiting between tries while the program reads nothing: short at first, then rarely, since nobody is waiting for it. */
const FIRST_RETRY_MS = 2
const MAX_RETRY_MS = 100

/** Ctrl-C, Ctrl-\ and Ctrl-Z alone: what a person presses to get out, so it must not wait behind a paste. */
const URGENT_BYTES: readonly number[] = [0x03, 0x1c, 0x1a]

interface Writer {
  /** Offset up to which input is in the queue or was written. */
  accepted: number
  /** Offset up to which the terminal took it. */
  written: number
}

interface Piece {
  /** `null` for an answer of the screen, which has no offset. */
  readonly client: ClientId | null
  bytes: Uint8Array
}

export interface InputDeskOptions {
  /** Gives bytes to the terminal. @returns how many it took */
  readonly write: (bytes: Uint8Array) => number
  /** Called when the terminal took input of a client. */
  readonly onWritten: (client: ClientId, offset: number) => void
}

/**
 * Takes input from several clients and writes it in the order it came, each byte once: every client counts its bytes
 * from its first on, so what comes twice after a reconnect is recognised.
 */
export class InputDesk {
  readonly #options: InputDeskOptions
  /** The client heard last at the end. */
  readonly #writers = new Map<ClientId, Writer>()
  #queue: Piece[] = []
  #queuedBytes = 0
  #replyBytes = 0
  #retry: NodeJS.Timeout | null = null
  #retryMs = FIRST_RETRY_MS
  #ended = false

  constructor(options: InputDeskOptions) {
    this.#options = options
  }

  /** The offset up to which this client's input was written; it becomes known as a writer. */
  writtenBy(client: ClientId): number {
    return this.#writer(client).written
  }

  /**
   * Takes input that begins at `offset` of what this client has ever sent. A part that came before is left out.
   * @returns whether it was taken; if not, because bytes before it are missing or too much waits, nothing of it was
   */
  take(client: ClientId, offset: number, payload: Uint8Array): boolean {
    const writer = this.#writer(client)
    if (offset > writer.accepted) return false
    const fresh = payload.subarray(writer.accepted - offset)
    if (fresh.byteLength === 0) return true
    if (fresh.byteLength === 1 && URGENT_BYTES.includes(fresh[0] ?? 0)) this.#dropWaiting(client)
    if (writer.accepted - writer.written + fresh.byteLength > MAX_WAITING_BYTES) return false
    if (this.#queuedBytes + fresh.byteLength > MAX_QUEUE_BYTES) return false
    writer.accepted += fresh.byteLength
    this.#push({ client, bytes: fresh })
    return true
  }

  /** Takes an answer of the screen to a query; dropped when the program does not read its answers. */
  reply(bytes: Uint8Array): void {
    if (this.#replyBytes + bytes.byteLength > MAX_REPLY_BYTES) return
    this.#replyBytes += bytes.byteLength
    this.#push({ client: null, bytes })
  }

  /** Forgets what waits: nobody reads it any more. Input that comes later counts as written. */
  end(): void {
    this.#ended = true
    this.#stopRetrying()
    this.#queue = []
    this.#queuedBytes = 0
    for (const writer of this.#writers.values()) writer.written = writer.accepted
  }

  #writer(client: ClientId): Writer {
    const writer = this.#writers.get(client) ?? { accepted: 0, written: 0 }
    this.#writers.delete(client)
    this.#writers.set(client, writer)
    if (this.#writers.size > MAX_WRITERS) {
      for (const [known, state] of this.#writers) {
        if (state.accepted > state.written) continue
        this.#writers.delete(known)
        break
      }
    }
    return writer
  }

  /** A person who presses Ctrl-C in the middle of a paste wants the rest of it gone, as a terminal's driver does too. */
  #dropWaiting(client: ClientId): void {
    const kept = this.#queue.filter((piece) => piece.client !== client)
    if (kept.length === this.#queue.length) return
    this.#queue = kept
    this.#queuedBytes = kept.reduce((sum, piece) => sum + piece.bytes.byteLength, 0)
    const writer = this.#writer(client)
    writer.written = writer.accepted
    if (kept.length === 0) this.#stopRetrying()
  }

  #push(piece: Piece): void {
    if (this.#ended) {
      this.#account(piece, piece.bytes.byteLength)
      return
    }
    this.#queue.push(piece)
    this.#queuedBytes += piece.bytes.byteLength
    if (this.#queue.length === 1) this.#drain()
  }

  #drain(): void {
    this.#retry = null
    while (!this.#ended) {
      const [piece] = this.#queue
      if (piece === undefined) {
        this.#retryMs = FIRST_RETRY_MS
        return
      }
      const taken = this.#options.write(piece.bytes)
      if (taken === 0) {
        this.#retry = setTimeout(() => this.#drain(), this.#retryMs)
        this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2)
        return
      }
      this.#retryMs = FIRST_RETRY_MS
      piece.bytes = piece.bytes.subarray(taken)
      if (piece.bytes.byteLength === 0) this.#queue.shift()
      this.#queuedBytes -= taken
      this.#account(piece, taken)
    }
  }

  #stopRetrying(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    this.#retryMs = FIRST_RETRY_MS
  }

  #account(piece: Piece, taken: number): void {
    if (piece.client === null) {
      this.#replyBytes -= taken
      return
    }
    const writer = this.#writers.get(piece.client)
    if (writer === undefined) return
    writer.written += taken
    this.#options.onWritten(piece.client, writer.written)
  }
}
