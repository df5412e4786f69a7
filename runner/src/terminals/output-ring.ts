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
  offset: number
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

  /** Appends a copy of `bytes`; the oldest that are not needed to keep the capacity are forgotten. */
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
  }

  /**
   * Reads from `offset` on: at least one byte if there is any, at most `max`, and no further than one segment.
   * The result shares memory with the ring, which uses it again: it is good until the next append.
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
    const segment = this.#takeOldest() ?? newSegment(last === undefined ? 0 : last.bytes.byteLength, this.#capacity)
    segment.offset = this.#end
    segment.filled = 0
    this.#segments.push(segment)
    return segment
  }

  /** The oldest segment, to be filled anew, if what comes after it is enough; so a flood leaves no garbage behind. */
  #takeOldest(): Segment | undefined {
    const second = this.#segments[1]
    const enough = second !== undefined && this.#end - second.offset >= this.#capacity
    return enough ? this.#segments.shift() : undefined
  }
}

function newSegment(lastSize: number, capacity: number): Segment {
  const size = lastSize === 0 ? FIRST_SEGMENT_BYTES : Math.min(MAX_SEGMENT_BYTES, lastSize * 2)
  return { offset: 0, bytes: new Uint8Array(Math.min(size, capacity)), filled: 0 }
}
