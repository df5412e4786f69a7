import type { BinaryFrame, ClientId, OctoError, Result, TerminalId } from '@octo/protocol'
import { FRAME_HEADER_BYTES, FrameKind, MAX_FRAME_BYTES } from '@octo/protocol/client'
import { toOctoError } from '../mux/index.ts'
import type { Mux, Stream } from '../mux/index.ts'
import { InputQueue } from './input-queue.ts'

export interface Size {
  readonly cols: number
  readonly rows: number
}

/** What output is drawn on. */
export interface Surface {
  /** Draws output; `onDrawn` is called once it is parsed. */
  draw(bytes: Uint8Array, onDrawn: () => void): void
  /** Empties itself, takes the size, and draws a screen. */
  restore(bytes: Uint8Array, size: Size, onDrawn: () => void): void
  /** The terminal has this size now. */
  resize(size: Size): void
}

export type AttachmentState =
  /** Not attached yet, or not any more: what is typed waits. */
  | { readonly phase: 'waiting' }
  | { readonly phase: 'live' }
  /** Detached on purpose, because nobody looks. */
  | { readonly phase: 'asleep' }
  | { readonly phase: 'gone' }
  | { readonly phase: 'failed'; readonly error: OctoError }

export interface AttachmentOptions {
  readonly mux: Pick<Mux, 'query' | 'on' | 'onReady' | 'openStream'>
  readonly terminal: TerminalId
  /** Names this view: its input is counted, and its size wished, under this name. */
  readonly client: ClientId
  readonly surface: Surface
  readonly onState: (state: AttachmentState) => void
}

/** Ctrl-C, Ctrl-\ and Ctrl-Z: they do not wait behind a paste. */
const URGENT: ReadonlySet<string> = new Set(['\u0003', '\u001C', '\u001A'])
const PASTE_END = '\u001B[201~'

/** A piece of a screen that is smaller is the last one. */
const FULL_PIECE_BYTES = MAX_FRAME_BYTES - FRAME_HEADER_BYTES

/** The size a screen begins with: `CSI 8 ; rows ; cols t`. */
// oxlint-disable-next-line no-control-regex -- it is an escape sequence
const SCREEN_SIZE = /^\u001B\[8;(\d+);(\d+)t/
const SCREEN_SIZE_BYTES = 20

/**
 * One view's hold on a terminal, over every cut: it draws each byte of output once, tells the runner what was drawn,
 * and keeps what is typed until it is written.
 */
export class Attachment {
  readonly #options: AttachmentOptions
  readonly #stream: Stream
  readonly #input = new InputQueue()
  readonly #encoder = new TextEncoder()
  readonly #ends: (() => void)[]
  #state: AttachmentState = { phase: 'waiting' }
  /** Offset of the next byte of output; `null` before the first screen. */
  #received: number | null = null
  #drawn = 0
  /** Whether the next screen frame is another piece of the same screen. */
  #inScreen = false
  /** It fell too far behind and comes back when it has drawn what it has. */
  #catchingUp = false
  #size: Size | null = null
  #attempt = new AbortController()

  constructor(options: AttachmentOptions) {
    this.#options = options
    const { mux } = options
    this.#stream = mux.openStream((frame) => this.#onFrame(frame))
    this.#ends = [
      mux.on('terminals.detached', ({ stream, reason }) => {
        if (stream === this.#stream.number) this.#onDetached(reason)
      }),
      mux.onReady(() => void this.#attach()),
    ]
  }

  get state(): AttachmentState {
    return this.#state
  }

  /**
   * Sends what was typed or pasted, now or as soon as it can be.
   * @returns false if too much waits already; nothing of it is sent then
   */
  type(text: string): boolean {
    const urgent = URGENT.has(text)
    const interrupted = urgent ? new TextDecoder().decode(this.#input.dropUnsent()) : ''
    const taken = this.#input.push(this.#encoder.encode(text))
    this.#sendInput(urgent)
    // A program that was told of a paste waits for its end, whatever is pressed meanwhile.
    if (interrupted.endsWith(PASTE_END)) return this.type(PASTE_END + text)
    return taken
  }

  /** Sends bytes that are no text, such as a mouse report of the old kind: one character for each byte. */
  typeBinary(bytes: string): void {
    this.#input.push(Uint8Array.from(bytes, (character) => character.charCodeAt(0) & 0xff))
    this.#sendInput()
  }

  /** Wishes a size. */
  wish(size: Size): void {
    if (size.cols === this.#size?.cols && size.rows === this.#size.rows) return
    this.#size = size
    void this.#sendSize()
  }

  /** Lets go of the stream while nobody looks; {@link wake} takes it up where it was. */
  async sleep(): Promise<void> {
    if (this.#state.phase !== 'live' && this.#state.phase !== 'waiting') return
    this.#attempt.abort()
    this.#show({ phase: 'asleep' })
    await this.#detach()
  }

  wake(): void {
    if (this.#state.phase !== 'asleep') return
    this.#show({ phase: 'waiting' })
    void this.#attach()
  }

  /** Tries again after a failure. */
  retry(): void {
    if (this.#state.phase !== 'failed') return
    this.#show({ phase: 'waiting' })
    void this.#attach()
  }

  /** Ends it; the terminal goes on. */
  close(): void {
    this.#attempt.abort()
    for (const end of this.#ends) end()
    if (this.#state.phase === 'live' || this.#state.phase === 'waiting') void this.#detach()
    this.#stream.close()
  }

  async #attach(): Promise<void> {
    if (this.#state.phase === 'asleep' || this.#state.phase === 'gone') return
    this.#attempt.abort()
    const attempt = new AbortController()
    this.#attempt = attempt
    this.#catchingUp = false
    this.#show({ phase: 'waiting' })
    try {
      const attached = await this.#askForStream(attempt.signal)
      if (attempt.signal.aborted) return
      this.#inScreen = false
      this.#input.resume(attached.input)
      if (!attached.screen) this.#options.surface.resize(attached.terminal)
      this.#show({ phase: 'live' })
      this.#sendInput()
      await this.#sendSize()
    } catch (thrown) {
      const error = toOctoError(thrown)
      if (attempt.signal.aborted || error.code === 'cancelled') return
      this.#show(error.code === 'not_found' ? { phase: 'gone' } : { phase: 'failed', error })
    }
  }

  async #askForStream(signal: AbortSignal): Promise<Result<'terminals.attach'>> {
    const { mux, terminal, client } = this.#options
    const ask = (): Promise<Result<'terminals.attach'>> => {
      const after = this.#received === null ? {} : { after: this.#received }
      return mux.query('terminals.attach', { terminal, client, stream: this.#stream.number, ...after }, { signal })
    }
    try {
      return await ask()
    } catch (error) {
      // An attempt that was given up has come through after all, or output was missing: begin anew.
      if (toOctoError(error).code !== 'stream_in_use') throw error
      await this.#detach()
      return ask()
    }
  }

  async #detach(): Promise<void> {
    try {
      await this.#options.mux.query('terminals.detach', { stream: this.#stream.number })
    } catch (error) {
      // The stream ends with the connection at the latest; a link that fails now changes nothing for anybody.
      if (toOctoError(error).code === 'internal') throw error
    }
  }

  #onDetached(reason: 'removed' | 'stalled'): void {
    if (reason === 'removed') return this.#show({ phase: 'gone' })
    this.#catchingUp = true
    this.#show({ phase: 'waiting' })
    this.#attachWhenDrawn()
  }

  #attachWhenDrawn(): void {
    if (this.#catchingUp && this.#drawn >= (this.#received ?? 0)) void this.#attach()
  }

  #onFrame({ kind, offset, payload }: BinaryFrame): void {
    if (kind === FrameKind.inputAck) {
      this.#input.acknowledge(offset)
      this.#sendInput()
    } else if (kind === FrameKind.screen) this.#onScreen(offset, payload)
    else if (kind === FrameKind.output) this.#onOutput(offset, payload)
  }

  #onScreen(offset: number, piece: Uint8Array): void {
    const onDrawn = (): void => this.#onDrawn(offset)
    if (this.#inScreen) this.#options.surface.draw(piece, onDrawn)
    else this.#options.surface.restore(piece, screenSize(piece), onDrawn)
    this.#received = offset
    this.#drawn = Math.min(this.#drawn, offset)
    this.#inScreen = piece.byteLength === FULL_PIECE_BYTES
  }

  #onOutput(offset: number, bytes: Uint8Array): void {
    const received = this.#received ?? 0
    this.#inScreen = false
    // What is missing can only be had by attaching again; what is there already is not drawn twice.
    if (offset > received) return void this.#attach()
    const fresh = bytes.subarray(received - offset)
    if (fresh.byteLength === 0) return
    const end = received + fresh.byteLength
    this.#received = end
    this.#options.surface.draw(fresh, () => this.#onDrawn(end))
  }

  #onDrawn(offset: number): void {
    this.#drawn = Math.max(this.#drawn, offset)
    if (this.#state.phase === 'live') this.#stream.send(FrameKind.outputAck, offset, new Uint8Array(0))
    else this.#attachWhenDrawn()
  }

  #sendInput(urgent = false): void {
    if (this.#state.phase !== 'live') return
    for (let piece = this.#input.take(urgent); piece !== null; piece = this.#input.take(urgent)) {
      this.#stream.send(FrameKind.input, piece.offset, piece.payload)
    }
  }

  async #sendSize(): Promise<void> {
    if (this.#size === null || this.#state.phase !== 'live') return
    const { mux, terminal, client, surface } = this.#options
    const wished = this.#size
    try {
      const size = await mux.query('terminals.resize', { terminal, client, ...wished })
      if (wished === this.#size) surface.resize(size)
    } catch (error) {
      // A terminal that is gone says so by its stream; the size is asked for again after every attaching.
      if (toOctoError(error).code === 'internal') throw error
    }
  }

  #show(state: AttachmentState): void {
    if (state.phase === this.#state.phase) return
    this.#state = state
    this.#options.onState(state)
  }
}

function screenSize(bytes: Uint8Array): Size {
  const match = SCREEN_SIZE.exec(new TextDecoder('latin1').decode(bytes.subarray(0, SCREEN_SIZE_BYTES)))
  if (match === null) throw new Error('A screen does not begin with its size')
  return { rows: Number(match[1]), cols: Number(match[2]) }
}
