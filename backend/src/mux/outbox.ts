/** Bytes given to the socket at a time: what is behind them can still be overtaken by text. */
const IN_FLIGHT_BYTES = 131_072
/** From here on nothing more is read for this client. */
const FULL_BYTES = 1_048_576
/** From here on reading goes on. */
const DRAINED_BYTES = 262_144
/** What still comes once reading has stopped is a frame or two, and answers; only who asks without reading gets here. */
const OVERFLOW_BYTES = 8 * 1_048_576

/** Bytes and their stream, as they came from a runner. */
interface QueuedFrame {
  readonly stream: number
  readonly bytes: Buffer
}

/** The least an outbox needs of a WebSocket. */
export interface Sender {
  readonly readyState: number
  readonly OPEN: number
  send(data: Buffer | string, options: { readonly binary: boolean }, written: () => void): void
}

export interface OutboxOptions {
  readonly ws: Sender
  /** The connection below it, which can be told to wait for more. */
  readonly socket: { cork(): void; uncork(): void }
  readonly onFull: () => void
  readonly onDrained: () => void
  /** More waits than any honest client lets wait; whoever owns the connection ends it. */
  readonly onOverflow: () => void
}

/**
 * What waits to be sent to one client. Text overtakes terminal bytes, so that an agent's words do not wait behind a flood.
 * What is sent in one turn of the event loop goes out as one write.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #text: (Buffer | string)[] = []
  #frames: QueuedFrame[] = []
  #queuedBytes = 0
  #inFlightBytes = 0
  #full = false
  #corked = false
  #progressAt = performance.now()

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Whether so much waits that nothing more should be read for this client. */
  get full(): boolean {
    return this.#full
  }

  /** For how long nothing could be sent although something waits. */
  get stalledMs(): number {
    return this.#inFlightBytes === 0 ? 0 : performance.now() - this.#progressAt
  }

  sendText(text: Buffer | string): void {
    if (this.#canSend()) this.#write(text, false)
    else {
      this.#text.push(text)
      this.#queued(text.length)
    }
  }

  sendFrame(stream: number, bytes: Buffer): void {
    if (this.#canSend()) this.#write(bytes, true)
    else {
      this.#frames.push({ stream, bytes })
      this.#queued(bytes.length)
    }
  }

  /** Forgets the frames of a stream that was closed: its number may soon mean another. */
  dropFrames(stream: number): void {
    const kept = this.#frames.filter((frame) => frame.stream !== stream)
    for (const frame of this.#frames) if (frame.stream === stream) this.#queuedBytes -= frame.bytes.length
    this.#frames = kept
    this.#drain()
  }

  clear(): void {
    this.#text.length = 0
    this.#frames = []
    this.#queuedBytes = 0
  }

  #canSend(): boolean {
    return this.#inFlightBytes < IN_FLIGHT_BYTES && this.#text.length === 0 && this.#frames.length === 0
  }

  #queued(bytes: number): void {
    this.#queuedBytes += bytes
    if (this.#queuedBytes > OVERFLOW_BYTES) {
      this.#options.onOverflow()
      return
    }
    if (this.#full || this.#queuedBytes + this.#inFlightBytes < FULL_BYTES) return
    this.#full = true
    this.#options.onFull()
  }

  #write(data: Buffer | string, binary: boolean): void {
    const { ws } = this.#options
    if (ws.readyState !== ws.OPEN) return
    const bytes = data.length
    if (this.#inFlightBytes === 0) this.#progressAt = performance.now()
    this.#inFlightBytes += bytes
    this.#cork()
    ws.send(data, { binary }, () => this.#written(bytes))
  }

  #cork(): void {
    if (this.#corked) return
    this.#corked = true
    this.#options.socket.cork()
    process.nextTick(() => {
      this.#corked = false
      this.#options.socket.uncork()
    })
  }

  #written(bytes: number): void {
    this.#inFlightBytes -= bytes
    this.#progressAt = performance.now()
    this.#pump()
  }

  #pump(): void {
    while (this.#inFlightBytes < IN_FLIGHT_BYTES) {
      const text = this.#text.shift()
      const frame = text === undefined ? this.#frames.shift() : undefined
      const next = text ?? frame?.bytes
      if (next === undefined) break
      this.#queuedBytes -= next.length
      this.#write(next, text === undefined)
    }
    this.#drain()
  }

  #drain(): void {
    if (!this.#full || this.#queuedBytes + this.#inFlightBytes > DRAINED_BYTES) return
    this.#full = false
    this.#options.onDrained()
  }
}
