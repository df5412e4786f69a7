/**
 * An escape sequence that did not end yet may be this long and still be repeated whole to a new viewer. What is longer
 * carries data such as an image; a viewer gets its beginning, which is enough to swallow the rest.
 */
const MAX_BYTES = 65_536

const ESC = 0x1b
/** First byte of the two-byte form of C1 controls (U+0080 to U+009F), and of other characters. */
const C1_LEAD = 0xc2
const FIRST_UTF8_LEAD = 0xc0

/**
 * Remembers the bytes of a character or escape sequence that output broke off in the middle of: a screen taken at that
 * moment does not show them, but what follows makes sense only after them.
 */
export class UnfinishedSequence {
  #bytes: Uint8Array = new Uint8Array(0)

  get bytes(): Uint8Array {
    return this.#bytes
  }

  /**
   * Notes a piece of output that was parsed.
   * @param complete whether the parser is between two characters after it
   */
  note(piece: Uint8Array, complete: boolean): void {
    if (complete) {
      if (this.#bytes.byteLength > 0) this.#bytes = new Uint8Array(0)
      return
    }
    const start = findStart(piece)
    if (start !== -1) this.#bytes = piece.slice(start, start + MAX_BYTES)
    else this.#bytes = join(this.#bytes, piece.subarray(0, MAX_BYTES - this.#bytes.byteLength))
  }
}

/** Where the last escape sequence begins or, without one, the last character of several bytes; -1 if in an earlier piece. */
function findStart(piece: Uint8Array): number {
  const escape = piece.lastIndexOf(ESC)
  const control = lastC1(piece)
  if (escape !== -1 || control !== -1) return Math.max(escape, control)
  for (let index = piece.byteLength - 1; index >= Math.max(0, piece.byteLength - 3); index -= 1) {
    if ((piece[index] ?? 0) >= FIRST_UTF8_LEAD) return index
  }
  return -1
}

function lastC1(piece: Uint8Array): number {
  for (let index = piece.lastIndexOf(C1_LEAD); index !== -1; index = piece.lastIndexOf(C1_LEAD, index - 1)) {
    const next = piece[index + 1] ?? 0
    if (next >= 0x80 && next <= 0x9f) return index
    if (index === 0) return -1
  }
  return -1
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.byteLength + second.byteLength)
  bytes.set(first)
  bytes.set(second, first.byteLength)
  return bytes
}
