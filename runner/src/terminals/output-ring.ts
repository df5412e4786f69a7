/**
 * Bytes of recent output kept per terminal. A viewer that was cut off for a moment gets exactly what it missed; one
 * that missed more is better served by a screen, which is seldom larger than this and needs no scrolling through.
 */
export const RING_BYTES = 1_048_576

/** The first segment is small, because most terminals never print more. */
const FIRST_SEGMENT_BYTES = 4_096
const MAX_SEGMENT_BYTES = 65_536

interface Segment {
  /** Offset of its first byte since the terminal began. */
  readonly offset: number
  readonly bytes: Uint8Array
  filled: number
}

/** The last bytes a terminal printed, addressed by their offset since it began. */
export class OutputRing {
  readonly #capacity: number
  readonly #segments: Segment[] = []
  #end = 0

  constructor(capacity: number = RING_BYTES) {
    this.#capacity = capacity
  }

  /** Offset of the oldest byte that is still here. */
  get start(): number {
    return this.#segments[0]?.offset ?? this.#end
  }

  /** Offset after the newest byte. */
  get end(): number {
    return this.#end
  }

  /** Whether the bytes from `offset` on can be read without a gap. */
  covers(offset: number): boolean {
    return offset >= this.start && offset <= this.#end
  }

  /** Appends a copy of `bytes`, and forgets the oldest segments that are not needed to keep the capacity. */
  append(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.byteLength > 0) {
      const segment = this.#openSegment()
      const taken = rest.subarray(0, segment.bytes.byteLength - segment.filled)
      segment.bytes.set(taken, segment.filled)
      segment.filled += taken.byteLength
      this.#end += taken.byteLength
      rest = rest.subarray(taken.byteLength)
    }
    this.#forget()
  }

  /**
   * Reads from `offset` on: at least one byte if there is any, at most `max`, and no further than one segment.
   * The result shares memory with the ring; its bytes never change, but it keeps its segment alive.
   * @throws Error if `offset` is not covered, which a caller must have asked
   */
  read(offset: number, max: number): Uint8Array {
    if (!this.covers(offset)) throw new Error(`offset ${offset} is outside ${this.start}..${this.#end}`)
    const segment = this.#segments.findLast((candidate) => candidate.offset <= offset)
    if (segment === undefined) return new Uint8Array(0)
    const from = offset - segment.offset
    return segment.bytes.subarray(from, Math.min(segment.filled, from + max))
  }

  #openSegment(): Segment {
    const last = this.#segments.at(-1)
    if (last !== undefined && last.filled < last.bytes.byteLength) return last
    const size = last === undefined ? FIRST_SEGMENT_BYTES : Math.min(MAX_SEGMENT_BYTES, last.bytes.byteLength * 2)
    const segment: Segment = { offset: this.#end, bytes: new Uint8Array(Math.min(size, this.#capacity)), filled: 0 }
    this.#segments.push(segment)
    return segment
  }

  #forget(): void {
    for (;;) {
      const second = this.#segments[1]
      if (second === undefined || this.#end - second.offset < this.#capacity) return
      this.#segments.shift()
    }
  }
}
