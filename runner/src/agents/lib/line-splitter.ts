const LF = 10
const CR = 13

/** What a splitter finds. */
export interface LineListener {
  line(text: string): void
  /** A line grew past the cap; the splitter takes nothing more. `head` is its beginning. */
  tooLong(head: string): void
}

export interface LineSplitterOptions {
  readonly maxBytes: number
  /**
   * Says of a line past the cap, by its beginning, that it may be thrown away unread instead of ending everything: for
   * events that only repeat what was told before.
   */
  readonly skippable?: (head: string) => boolean
}

/** How much of an over-long line is shown to whoever decides about it. */
const HEAD_BYTES = 256

/**
 * Cuts a stream of bytes into lines at LF alone. Lines are decoded whole, so characters split between two chunks come out
 * right, and U+2028 in a JSON string does not end a line as it would with Node's readline.
 */
export class LineSplitter {
  readonly #options: LineSplitterOptions
  readonly #listener: LineListener
  #pieces: Uint8Array[] = []
  #bytes = 0
  #state: 'reading' | 'skipping' | 'ended' = 'reading'

  constructor(options: LineSplitterOptions, listener: LineListener) {
    this.#options = options
    this.#listener = listener
  }

  push(chunk: Uint8Array): void {
    let from = 0
    while (this.#state !== 'ended') {
      const end = chunk.indexOf(LF, from)
      if (end === -1) break
      this.#add(chunk.subarray(from, end))
      this.#finishLine()
      from = end + 1
    }
    if (from < chunk.length) this.#add(chunk.subarray(from))
  }

  /** What stands after the last LF: half a line, if the sender died within it. */
  get rest(): string {
    return decode(this.#pieces)
  }

  #add(piece: Uint8Array): void {
    if (piece.length === 0 || this.#state !== 'reading') return
    this.#bytes += piece.length
    this.#pieces.push(piece)
    if (this.#bytes > this.#options.maxBytes) this.#overflow()
  }

  #finishLine(): void {
    if (this.#state === 'skipping') {
      this.#state = 'reading'
      return
    }
    if (this.#state === 'ended') return
    const line = decode(this.#pieces)
    this.#clear()
    this.#listener.line(line)
  }

  #overflow(): void {
    const head = decode(this.#pieces.map((piece) => piece.subarray(0, HEAD_BYTES))).slice(0, HEAD_BYTES)
    this.#clear()
    if (this.#options.skippable?.(head) === true) {
      this.#state = 'skipping'
      return
    }
    this.#state = 'ended'
    this.#listener.tooLong(head)
  }

  #clear(): void {
    this.#pieces = []
    this.#bytes = 0
  }
}

function decode(pieces: readonly Uint8Array[]): string {
  const [only, ...others] = pieces
  if (only === undefined) return ''
  const bytes = others.length === 0 ? only : Buffer.concat(pieces)
  const end = bytes.at(-1) === CR ? bytes.length - 1 : bytes.length
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8')
}
