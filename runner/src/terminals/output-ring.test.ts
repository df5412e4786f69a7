import { expect, test } from 'vitest'
import { OutputRing } from './output-ring.ts'

/** Byte `n` of the stream is `n` modulo a prime, so a shift by any segment size shows. */
function streamBytes(from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (from + index) % 251)
}

function readAll(ring: OutputRing, offset: number): Uint8Array {
  const parts: number[] = []
  for (let at = offset; at < ring.end;) {
    const part = ring.read(at, 1_000)
    parts.push(...part)
    at += part.byteLength
  }
  return Uint8Array.from(parts)
}

test('every offset inside the ring gives exactly the bytes that followed it', () => {
  const ring = new OutputRing(10_000)
  for (const size of [1, 7, 4_095, 1, 3_000, 9_999, 2, 20_000, 513]) {
    ring.append(streamBytes(ring.end, size))
    for (const offset of [ring.start, ring.start + 1, Math.floor((ring.start + ring.end) / 2), ring.end]) {
      expect(readAll(ring, offset)).toEqual(streamBytes(offset, ring.end - offset))
    }
  }
})

test('the ring keeps its capacity and at most one segment more', () => {
  const ring = new OutputRing(200_000)
  for (let round = 0; round < 400; round += 1) ring.append(streamBytes(ring.end, 1_777))
  const kept = ring.end - ring.start
  expect(kept).toBeGreaterThanOrEqual(200_000)
  expect(kept).toBeLessThanOrEqual(200_000 + 65_536)
})

test('an offset before the kept bytes or after the last one is not covered', () => {
  const ring = new OutputRing(1_000)
  ring.append(streamBytes(0, 12_000))
  expect([
    ring.covers(ring.start - 1),
    ring.covers(ring.start),
    ring.covers(ring.end),
    ring.covers(ring.end + 1),
  ]).toEqual([false, true, true, false])
  expect(() => ring.read(0, 1)).toThrow(/outside/u)
})

test('an empty ring covers its beginning and has nothing to read', () => {
  const ring = new OutputRing()
  expect([ring.start, ring.end, ring.covers(0), ring.read(0, 10).byteLength]).toEqual([0, 0, true, 0])
})

test('a flood uses the same memory again', () => {
  const ring = new OutputRing(200_000)
  const buffers = new Set<ArrayBufferLike>()
  for (let round = 0; round < 1_000; round += 1) {
    ring.append(streamBytes(ring.end, 5_000))
    buffers.add(ring.read(ring.end - 1, 1).buffer)
  }
  const bytes = [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0)
  expect(bytes).toBeLessThan(200_000 + 3 * 65_536)
})
