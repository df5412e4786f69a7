import { type BinaryFrame, type ClientId, FRAME_HEADER_BYTES, FrameKind, MAX_FRAME_BYTES } from '@octo/protocol'
import type { Connection } from '../wire/room.ts'
import { ViewerWindow } from './flow.ts'
import type { OutputRing } from './output-ring.ts'

/** Output in one frame: large enough that a flood costs few frames, small enough that a key's echo is not far behind. */
const MAX_OUTPUT_BYTES = 65_536

/** Terminal bytes wait when more than this waits in the socket, so that what agents say overtakes them. */
const SOCKET_FULL_BYTES = 262_144

export interface ViewerOptions {
  readonly connection: Connection
  readonly stream: number
  readonly client: ClientId
  readonly ring: OutputRing
  /** Asks for a screen, which comes through {@link Viewer.showScreen}. */
  readonly needScreen: (viewer: Viewer) => void
  /** What the terminal must know: whether this viewer lags may have changed. */
  readonly changed: () => void
  /** It acknowledged nothing for too long. */
  readonly stalled: (viewer: Viewer) => void
}

/** One stream of a terminal to one client: sends from the ring what the client may be sent. */
export class Viewer {
  readonly connection: Connection
  readonly stream: number
  readonly client: ClientId
  readonly #options: ViewerOptions
  #window: ViewerWindow
  #awaitsScreen = false
  #socketFull = false
  #closed = false
  #stallTimer: NodeJS.Timeout | null = null

  /** @param from offset of the first byte to send, or `null` to begin with a screen */
  constructor(options: ViewerOptions, from: number | null) {
    this.connection = options.connection
    this.stream = options.stream
    this.client = options.client
    this.#options = options
    this.#window = new ViewerWindow(from ?? options.ring.end, performance.now())
    if (from === null) this.#askScreen()
  }

  /** Whether it counts for the flow: one that waits for a screen holds nothing up. */
  get counts(): boolean {
    return !this.#awaitsScreen
  }

  /** Whether there is something to send that it cannot take now. */
  get lagging(): boolean {
    return (this.#window.full || this.#socketFull) && this.#window.sent < this.#options.ring.end
  }

  /** Sends what is there and may be sent. */
  pump(): void {
    const { ring } = this.#options
    while (!this.#closed && !this.#awaitsScreen && this.#window.sent < ring.end) {
      if (this.#window.allowance === 0 || this.#isSocketFull()) break
      if (!ring.covers(this.#window.sent)) {
        this.#askScreen()
        break
      }
      const offset = this.#window.sent
      const payload = ring.read(offset, Math.min(MAX_OUTPUT_BYTES, this.#window.allowance))
      this.#send({ kind: FrameKind.output, stream: this.stream, offset, payload })
      this.#window.advance(payload.byteLength, performance.now())
    }
    this.#watchStall()
  }

  /** Shows the screen as it was at `offset`, in as many frames as it takes; output goes on from there. */
  showScreen(offset: number, bytes: Uint8Array): void {
    if (this.#closed) return
    const step = MAX_FRAME_BYTES - FRAME_HEADER_BYTES
    for (let at = 0; at < bytes.byteLength; at += step) {
      this.#send({ kind: FrameKind.screen, stream: this.stream, offset, payload: bytes.subarray(at, at + step) })
    }
    this.#awaitsScreen = false
    this.#window.showScreen(offset, performance.now())
    this.pump()
  }

  acknowledge(offset: number): void {
    this.#window.acknowledge(offset, performance.now())
    this.pump()
    this.#options.changed()
  }

  inputWritten(offset: number): void {
    if (this.#closed) return
    this.#send({ kind: FrameKind.inputAck, stream: this.stream, offset, payload: new Uint8Array(0) })
  }

  /** Sends nothing more. */
  close(): void {
    this.#closed = true
    if (this.#stallTimer !== null) clearTimeout(this.#stallTimer)
    this.#stallTimer = null
  }

  #send(frame: BinaryFrame): void {
    this.connection.sendFrame(frame)
  }

  #askScreen(): void {
    this.#awaitsScreen = true
    this.#options.needScreen(this)
  }

  #isSocketFull(): boolean {
    if (this.#socketFull) return true
    if (this.connection.bufferedBytes <= SOCKET_FULL_BYTES) return false
    this.#socketFull = true
    this.connection.onDrained(() => {
      this.#socketFull = false
      this.pump()
      this.#options.changed()
    })
    return true
  }

  #watchStall(): void {
    if (this.#closed || this.#stallTimer !== null) return
    const { stallsAt } = this.#window
    if (stallsAt === null) return
    this.#stallTimer = setTimeout(
      () => {
        this.#stallTimer = null
        const due = this.#window.stallsAt
        if (due !== null && due <= performance.now()) this.#options.stalled(this)
        else this.#watchStall()
      },
      Math.max(1, stallsAt - performance.now()),
    )
  }
}
