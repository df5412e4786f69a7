import { TERMINAL_WINDOW_BYTES } from '@octo/protocol'
import { expect, test } from 'vitest'
import { mustPause, STALL_MS, ViewerWindow } from './flow.ts'

const WINDOW = TERMINAL_WINDOW_BYTES

test('a viewer gets a window of bytes, and more when it has acknowledged half of it', () => {
  const window = new ViewerWindow(100, 0)
  window.advance(WINDOW - 1, 0)
  expect([window.allowance, window.full]).toEqual([1, false])
  window.advance(1, 0)
  expect([window.allowance, window.full]).toEqual([0, true])
  window.acknowledge(100 + WINDOW / 2 - 1, 1)
  expect(window.allowance).toBe(0)
  window.acknowledge(100 + WINDOW / 2, 2)
  expect([window.allowance, window.full]).toEqual([WINDOW / 2, false])
})

test('a repeated, older or impossible acknowledgement counts for nothing', () => {
  const window = new ViewerWindow(0, 0)
  window.advance(1_000, 0)
  window.acknowledge(600, 10)
  for (const offset of [600, 599, 0, -1, 1_001, Number.NaN]) window.acknowledge(offset, 9_000)
  expect([window.allowance, window.stallsAt]).toEqual([WINDOW - 400, 10 + STALL_MS])
})

test('a viewer stalls five seconds after its last progress, and never while it owes nothing', () => {
  const window = new ViewerWindow(0, 0)
  expect(window.stallsAt).toBeNull()
  window.advance(10, 60_000)
  expect(window.stallsAt).toBe(60_000 + STALL_MS)
  window.advance(10, 63_000)
  expect(window.stallsAt).toBe(60_000 + STALL_MS)
  window.acknowledge(10, 64_000)
  expect(window.stallsAt).toBe(64_000 + STALL_MS)
  window.acknowledge(20, 65_000)
  expect(window.stallsAt).toBeNull()
})

test('a screen must be acknowledged too, and opens the window anew', () => {
  const window = new ViewerWindow(0, 0)
  window.advance(WINDOW, 0)
  window.showScreen(9_000_000, 1_000)
  expect([window.sent, window.allowance, window.stallsAt]).toEqual([9_000_000, WINDOW, 1_000 + STALL_MS])
  window.acknowledge(9_000_000, 1_500)
  expect(window.stallsAt).toBeNull()
})

/** A viewer that draws so fast, so far away, under a flood. @returns most that was under way in the second half */
function flood(viewer: { readonly bytesPerMs: number; readonly wayMs: number }): { underWay: number; perMs: number } {
  const window = new ViewerWindow(0, 0)
  const acks: { readonly offset: number; readonly at: number }[] = []
  let [drawnAt, underWay, acked] = [0, 0, 0]
  for (let now = 0; now < 4_000; now += 1) {
    for (let ack = acks[0]; ack !== undefined && ack.at <= now; ack = acks[0]) {
      acks.shift()
      acked = ack.offset
      window.acknowledge(ack.offset, now)
    }
    while (window.allowance > 0) {
      const bytes = Math.min(16_384, window.allowance)
      window.advance(bytes, now)
      drawnAt = Math.max(drawnAt, now + viewer.wayMs / 2) + bytes / viewer.bytesPerMs
      acks.push({ offset: window.sent, at: drawnAt + viewer.wayMs / 2 })
    }
    if (now > 2_000) underWay = Math.max(underWay, window.sent - acked)
  }
  return { underWay, perMs: acked / 4_000 }
}

test('a viewer that draws slowly has little under way, so that Ctrl-C is seen soon', () => {
  const { underWay, perMs } = flood({ bytesPerMs: 1_000, wayMs: 2 })
  expect(underWay / 1_000).toBeLessThan(90)
  expect(perMs).toBeGreaterThan(900)
})

test('a fast viewer keeps its whole window, near or far away', () => {
  for (const wayMs of [1, 200]) {
    expect(flood({ bytesPerMs: 50_000, wayMs }).underWay).toBeGreaterThan(WINDOW * 0.9)
  }
})

test.each([
  { lagging: [], screenLag: 0, pause: false },
  { lagging: [true], screenLag: 0, pause: true },
  { lagging: [true, false], screenLag: 0, pause: false },
  { lagging: [true, true], screenLag: 0, pause: true },
  { lagging: [], screenLag: 100, pause: false },
  { lagging: [], screenLag: 101, pause: true },
  { lagging: [false], screenLag: 101, pause: true },
])('with lagging viewers $lagging and a screen $screenLag behind, pausing is $pause', ({ pause, ...facts }) => {
  expect(mustPause({ ...facts, screenLagLimit: 100 })).toBe(pause)
})
