import { createHash, type Hash } from 'node:crypto'
import { OctoError } from '@octo/protocol'

/**
 * After a refusal this much of a body is still taken, unread: a browser whose upload is cut learns that it was, but not why.
 */
const MAX_DISCARDED_BYTES = 64 * 1_048_576

/** The body of a save, read once, with its digest. */
export class Upload {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | null
  readonly #hash: Hash = createHash('sha256')
  #broken = false

  constructor(body: ReadableStream<Uint8Array> | null) {
    this.#reader = body?.getReader() ?? null
  }

  /** The bytes. Whoever stops in the middle leaves the rest where it is. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for (let piece = await this.#read(); piece !== null; piece = await this.#read()) {
      this.#hash.update(piece)
      yield piece
    }
  }

  /** Reads what has not been read, for the digest alone. @returns the SHA-256 of the whole, in hex */
  async digest(): Promise<string> {
    for await (const _ of this.bytes());
    return this.#hash.digest('hex')
  }

  /** Takes what is left without looking at it, so that the answer arrives; too much of it is cut off. */
  async discard(): Promise<void> {
    let bytes = 0
    while (!this.#broken && bytes <= MAX_DISCARDED_BYTES) {
      const piece = await this.#read().catch(ignoreCancelled)
      if (piece === null) return
      bytes += piece.byteLength
    }
    if (!this.#broken) await this.#reader?.cancel()
  }

  /** @throws OctoError `cancelled` if whoever sent it left in the middle */
  async #read(): Promise<Uint8Array | null> {
    try {
      const step = await this.#reader?.read()
      return step === undefined || step.done ? null : step.value
    } catch (error) {
      this.#broken = true
      throw new OctoError('cancelled', 'The upload was broken off; nothing was changed.', { cause: error })
    }
  }
}

function ignoreCancelled(error: unknown): null {
  if (error instanceof OctoError && error.code === 'cancelled') return null
  throw error
}
