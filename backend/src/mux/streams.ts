import { FRAME_HEADER_BYTES, FrameKind, OctoError } from '@octo/protocol'

/** More terminals than anybody looks at in one tab; bounds what a client can have us keep. */
const MAX_STREAMS = 256

/** Where the number stands in a binary frame. */
const STREAM_AT = 1

/** Which streams of a connection are open, and with which runner. */
export class Streams<Upstream> {
  readonly #open = new Map<number, Upstream>()

  /** @throws OctoError `stream_in_use` if the number is taken, `overloaded` if there are too many */
  open(stream: number, upstream: Upstream): void {
    if (this.#open.has(stream)) {
      throw new OctoError('stream_in_use', `Stream ${stream} is open on this connection: choose another number.`)
    }
    if (this.#open.size >= MAX_STREAMS) {
      throw new OctoError('overloaded', `A connection may have ${MAX_STREAMS} streams open: detach from one first.`)
    }
    this.#open.set(stream, upstream)
  }

  close(stream: number): void {
    this.#open.delete(stream)
  }

  /** Closes all streams of a runner that was lost. @returns their numbers */
  closeAll(upstream: Upstream): number[] {
    const closed = [...this.#open].filter(([, owner]) => owner === upstream).map(([stream]) => stream)
    for (const stream of closed) this.#open.delete(stream)
    return closed
  }

  of(stream: number): Upstream | undefined {
    return this.#open.get(stream)
  }
}

/** The stream of a binary frame; `null` if it is too short to be one. */
export function streamOf(frame: Buffer): number | null {
  return frame.length < FRAME_HEADER_BYTES ? null : frame.readUInt32BE(STREAM_AT)
}

/** Whether a client may send a binary frame of this kind. */
export function isFromClient(frame: Buffer): boolean {
  return frame[0] === FrameKind.input || frame[0] === FrameKind.outputAck
}
