import { expect, test } from 'vitest'
import { InputQueue, MAX_QUEUED_BYTES } from './input-queue.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function takeAll(queue: InputQueue): string {
  let text = ''
  for (let piece = queue.take(); piece !== null; piece = queue.take()) text += new TextDecoder().decode(piece.payload)
  return text
}

test('what is typed goes out once and in order', () => {
  const queue = new InputQueue()
  queue.push(bytesOf('hello '))
  queue.push(bytesOf('world'))
  expect([queue.take(), queue.take(), queue.take()]).toEqual([
    { offset: 0, payload: bytesOf('hello ') },
    { offset: 6, payload: bytesOf('world') },
    null,
  ])
})

test('after a cut, exactly what was not written goes out again', () => {
  for (let written = 0; written <= 11; written += 1) {
    const queue = new InputQueue()
    for (const part of ['hel', 'lo ', 'world']) queue.push(bytesOf(part))
    takeAll(queue)
    queue.push(bytesOf('!'))
    queue.resume(written)
    expect(takeAll(queue)).toBe('hello world!'.slice(written))
  }
})

test('what may have been written already is not repeated when the runner forgot this client', () => {
  const queue = new InputQueue()
  queue.push(bytesOf('abc'))
  takeAll(queue)
  queue.acknowledge(3)
  queue.push(bytesOf('rm it'))
  takeAll(queue)
  queue.push(bytesOf('later'))
  queue.resume(0)
  expect([queue.take(), queue.take()]).toEqual([{ offset: 0, payload: bytesOf('later') }, null])
})

test('a paste goes out in pieces, a window ahead of what is acknowledged', () => {
  const queue = new InputQueue()
  queue.push(new Uint8Array(1_000_000))
  const offsets: number[] = []
  let acked = 0
  while (acked < 1_000_000) {
    for (let piece = queue.take(); piece !== null; piece = queue.take()) offsets.push(piece.offset)
    expect((offsets.at(-1) ?? 0) - acked).toBeLessThan(131_072)
    acked = Math.min(1_000_000, acked + 65_536)
    queue.acknowledge(acked)
  }
  expect(offsets).toEqual(Array.from({ length: 16 }, (_, n) => n * 65_536))
})

test('acknowledgements that are old or impossible change nothing', () => {
  const queue = new InputQueue()
  queue.push(bytesOf('abc'))
  queue.acknowledge(2)
  takeAll(queue)
  queue.acknowledge(2)
  queue.acknowledge(1)
  queue.acknowledge(99)
  queue.resume(2)
  expect(queue.take()).toEqual({ offset: 2, payload: bytesOf('c') })
})

test('dropping what was not sent keeps what was, and tells how it ended', () => {
  const queue = new InputQueue()
  queue.push(bytesOf('typed'))
  takeAll(queue)
  queue.push(new Uint8Array(500_000).fill(0x61))
  queue.take()
  queue.push(bytesOf('\u001B[201~'))
  const sent = 5 + 65_536
  expect([new TextDecoder().decode(queue.dropUnsent()), queue.unsentBytes]).toEqual(['\u001B[201~', 0])
  queue.push(bytesOf('x'))
  expect(queue.take()).toEqual({ offset: sent, payload: bytesOf('x') })
  queue.resume(sent - 1)
  expect(queue.take()).toEqual({ offset: sent - 1, payload: bytesOf('a') })
})

test('more than can be kept is refused whole', () => {
  const queue = new InputQueue()
  expect([
    queue.push(new Uint8Array(MAX_QUEUED_BYTES - 1)),
    queue.push(bytesOf('ab')),
    queue.push(bytesOf('a')),
  ]).toEqual([true, false, true])
})
