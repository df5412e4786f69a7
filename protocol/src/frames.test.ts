import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFrame, encodeFrame, FRAME_HEADER_BYTES, FrameKind, isStreamNumber } from './frames.ts'

const frame = fc.record({
  kind: fc.constantFrom(...Object.values(FrameKind)),
  stream: fc.nat({ max: 0xffff_ffff }),
  offset: fc.maxSafeNat(),
  payload: fc.uint8Array({ maxLength: 100 }),
})

test('what is written is read back', () => {
  fc.assert(
    fc.property(frame, (written) => {
      expect(decodeFrame(encodeFrame(written))).toEqual(written)
    }),
  )
})

test('a frame is read from the middle of other bytes', () => {
  const written = { kind: FrameKind.output, stream: 7, offset: 5_000_000_000, payload: Uint8Array.of(1, 2, 3) }
  const around = new Uint8Array([9, 9, ...encodeFrame(written), 9])
  expect(decodeFrame(around.subarray(2, -1))).toEqual(written)
})

test('numbers stand big-endian where the documentation says', () => {
  const bytes = encodeFrame({
    kind: FrameKind.input,
    stream: 0x0102_0304,
    offset: 0x05_0607_0809,
    payload: Uint8Array.of(255),
  })
  expect([...bytes]).toEqual([3, 1, 2, 3, 4, 0, 0, 0, 5, 6, 7, 8, 9, 255])
})

test('bytes that are no frame are refused: too short, of unknown kind, or beyond exact offsets', () => {
  const whole = encodeFrame({ kind: FrameKind.screen, stream: 1, offset: 1, payload: new Uint8Array() })
  expect(decodeFrame(whole.subarray(0, FRAME_HEADER_BYTES - 1))).toBe(null)
  expect([0, 6, 255].map((kind) => decodeFrame(whole.with(0, kind)))).toEqual([null, null, null])
  expect(decodeFrame(whole.with(5, 255))).toBe(null)
})

test('no bytes make reading fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const read = decodeFrame(bytes)
      expect(read === null || isStreamNumber(read.stream)).toBe(true)
    }),
  )
})
