/**
 * Binary frames: `u8 kind | u32 stream | u64 offset | payload`, big-endian.
 *
 * A stream is opened by a call that carries its number (`terminals.attach`); the client chooses the number. Offsets
 * count bytes since the beginning of what flows in that direction.
 */
export const FrameKind = {
  /** Runner to client: terminal output that begins at `offset`. */
  output: 1,
  /** Client to runner: everything before `offset` has been drawn. */
  outputAck: 2,
  /** Client to runner: terminal input that begins at `offset`. */
  input: 3,
  /** Runner to client: all input before `offset` was written to the terminal. */
  inputAck: 4,
  /**
   * Runner to client: the screen as it was at `offset`, as escape sequences that begin with its size
   * (`CSI 8 ; rows ; cols t`): clear yours, then write it. One that is larger than a frame comes in several with the
   * same offset, one right after the other.
   */
  screen: 5,
} as const

export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind]

export interface BinaryFrame {
  readonly kind: FrameKind
  readonly stream: number
  readonly offset: number
  readonly payload: Uint8Array
}

export const FRAME_HEADER_BYTES = 13

const MAX_STREAM = 0xffff_ffff
const HIGH = 0x1_0000_0000

export function isStreamNumber(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_STREAM
}

/** Writes a frame. Offsets are exact up to 2^53, which a terminal reaches after centuries. */
export function encodeFrame(frame: BinaryFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + frame.payload.byteLength)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, frame.kind)
  view.setUint32(1, frame.stream)
  view.setUint32(5, Math.floor(frame.offset / HIGH))
  view.setUint32(9, frame.offset % HIGH)
  bytes.set(frame.payload, FRAME_HEADER_BYTES)
  return bytes
}

/**
 * Reads a frame; its payload shares memory with `bytes`.
 * @returns the frame, or `null` if the bytes are none: too short, of unknown kind, or with an offset above 2^53
 */
export function decodeFrame(bytes: Uint8Array): BinaryFrame | null {
  if (bytes.byteLength < FRAME_HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = view.getUint8(0)
  if (!isFrameKind(kind)) return null
  const offset = view.getUint32(5) * HIGH + view.getUint32(9)
  if (!Number.isSafeInteger(offset)) return null
  return { kind, stream: view.getUint32(1), offset, payload: bytes.subarray(FRAME_HEADER_BYTES) }
}

function isFrameKind(value: number): value is FrameKind {
  return value >= FrameKind.output && value <= FrameKind.screen
}
