import { MAX_TERMINAL_INPUT_BYTES, TERMINAL_WINDOW_BYTES } from '@octo/protocol/client'

/** Input that may wait in the browser. A larger paste is a file, and better uploaded as one. */
export const MAX_QUEUED_BYTES = 128 * 1_048_576

/** Half of what may be unacknowledged, so that Ctrl-C in the middle of a paste finds little before it. */
const WINDOW_BYTES = TERMINAL_WINDOW_BYTES / 2

export interface InputPiece {
  readonly offset: number
  readonly payload: Uint8Array
}

/**
 * What was typed and is not yet known to be written, by offset: everything goes out in order, a window ahead of what is
 * acknowledged, and again after a cut from where the runner says it stopped. Pure.
 */
export class InputQueue {
  /** What is not acknowledged, the oldest first. */
  #chunks: Uint8Array[] = []
  /** Offset of the first byte of {@link InputQueue.#chunks}. */
  #acked = 0
  /** Offset of the next byte to send. */
  #sent = 0
  /** Offset after the last byte. */
  #end = 0

  /** Bytes that were not sent yet. */
  get unsentBytes(): number {
    return this.#end - this.#sent
  }

  /** @returns false if it is too much to keep; nothing of it is taken then */
  push(bytes: Uint8Array): boolean {
    if (this.#end - this.#acked + bytes.byteLength > MAX_QUEUED_BYTES) return false
    if (bytes.byteLength > 0) this.#chunks.push(bytes)
    this.#end += bytes.byteLength
    return true
  }

  /**
   * The next piece to send, or `null` while the window is full or nothing waits.
   * @param urgent goes out although the window is full
   */
  take(urgent = false): InputPiece | null {
    const window = urgent ? Number.POSITIVE_INFINITY : WINDOW_BYTES - (this.#sent - this.#acked)
    const room = Math.min(MAX_TERMINAL_INPUT_BYTES, window, this.unsentBytes)
    if (room <= 0) return null
    const piece = { offset: this.#sent, payload: this.#read(this.#sent, room) }
    this.#sent += piece.payload.byteLength
    return piece
  }

  /** Notes that everything before `offset` was written. */
  acknowledge(offset: number): void {
    if (offset <= this.#acked || offset > this.#sent) return
    this.#dropBefore(offset)
  }

  /**
   * Notes, after attaching again, that everything before `written` was; what comes after it is sent again. If the runner
   * does not remember this client, what was under way may have been written, so it is not repeated.
   */
  resume(written: number): void {
    if (written >= this.#acked && written <= this.#sent) {
      this.#dropBefore(written)
      this.#sent = written
      return
    }
    const unsent = this.unsentBytes
    this.#dropBefore(this.#sent)
    this.#acked = written
    this.#sent = written
    this.#end = written + unsent
  }

  /**
   * Forgets what was not sent yet.
   * @returns the last few bytes of it
   */
  dropUnsent(): Uint8Array {
    const rest = this.unsentBytes
    if (rest === 0) return new Uint8Array(0)
    const last = this.#chunks.at(-1) ?? new Uint8Array(0)
    const tail = last.slice(-Math.min(rest, TAIL_BYTES))
    this.#end = this.#sent
    const kept: Uint8Array[] = []
    let offset = this.#acked
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(0, Math.max(0, this.#end - offset))
      if (part.byteLength > 0) kept.push(part)
      offset += chunk.byteLength
    }
    this.#chunks = kept
    return tail
  }

  #read(offset: number, max: number): Uint8Array {
    let at = this.#acked
    for (const chunk of this.#chunks) {
      if (offset < at + chunk.byteLength) return chunk.subarray(offset - at, offset - at + max)
      at += chunk.byteLength
    }
    return new Uint8Array(0)
  }

  #dropBefore(offset: number): void {
    let first = this.#chunks[0]
    while (first !== undefined && this.#acked + first.byteLength <= offset) {
      this.#acked += first.byteLength
      this.#chunks.shift()
      first = this.#chunks[0]
    }
    if (first !== undefined && offset > this.#acked) this.#chunks[0] = first.subarray(offset - this.#acked)
    this.#acked = offset
  }
}

/** Enough to see how a paste ends. */
const TAIL_BYTES = 16
