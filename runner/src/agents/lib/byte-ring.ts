/** Pieces are joined when there are this many, so that a process that writes byte by byte costs no more than its bytes. */
const MAX_PIECES = 64

/** Keeps the last bytes of a stream, for telling afterwards what a process said before it died. */
export class ByteRing {
  readonly #maxBytes: number
  #pieces: Uint8Array[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece.slice(-this.#maxBytes))
    this.#bytes += piece.length
    if (this.#pieces.length > MAX_PIECES || this.#bytes > 2 * this.#maxBytes) this.#join()
  }

  /** The last `lines` lines of what is kept. */
  lastLines(lines: number): string {
    const text = this.#join().toString('utf8').trimEnd()
    return text.split('\n').slice(-lines).join('\n')
  }

  #join(): Buffer {
    const kept = Buffer.concat(this.#pieces).subarray(-this.#maxBytes)
    this.#pieces = [kept]
    this.#bytes = kept.length
    return kept
  }
}
