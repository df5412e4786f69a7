import type { BinaryFrame } from '@octo/protocol'
import { decodeFrame, encodeFrame } from '@octo/protocol/client'
import type { Stream } from './mux.ts'

export interface Streams {
  open(listener: (frame: BinaryFrame) => void): Stream
  receive(bytes: Uint8Array): void
  connected(send: (bytes: Uint8Array<ArrayBuffer>) => void): void
  /** Numbers of an earlier connection or runner mean nothing on the next, so every stream gets a new one. */
  renumber(): void
  disconnected(): void
}

interface OpenStream {
  number: number
  readonly listener: (frame: BinaryFrame) => void
}

/** Numbers binary streams and hands each its frames. What is sent while there is no connection is dropped: offsets tell. */
export function createStreams(): Streams {
  const byNumber = new Map<number, OpenStream>()
  let send: ((bytes: Uint8Array<ArrayBuffer>) => void) | null = null
  let lastNumber = 0

  const number = (stream: OpenStream): void => {
    lastNumber += 1
    stream.number = lastNumber
    byNumber.set(lastNumber, stream)
  }

  const renumber = (): void => {
    const streams = [...byNumber.values()]
    byNumber.clear()
    for (const stream of streams) number(stream)
  }

  return {
    renumber,
    open(listener) {
      const stream: OpenStream = { number: 0, listener }
      number(stream)
      return {
        get number() {
          return stream.number
        },
        send: (kind, offset, payload) => send?.(encodeFrame({ kind, stream: stream.number, offset, payload })),
        close: () => {
          byNumber.delete(stream.number)
        },
      }
    },
    receive(bytes) {
      const frame = decodeFrame(bytes)
      if (frame !== null) byNumber.get(frame.stream)?.listener(frame)
    },
    connected(sendNow) {
      send = sendNow
      renumber()
    },
    disconnected() {
      send = null
    },
  }
}
