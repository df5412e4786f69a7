import { expect, test } from 'vitest'
import { Outbox, type Sender } from './outbox.ts'

/** An outbox on a connection that writes only as the test wants it. */
function stuck() {
  const sent: string[] = []
  const waiting: (() => void)[] = []
  const happened: string[] = []
  const ws: Sender = {
    readyState: 1,
    OPEN: 1,
    send(data, { binary }, written) {
      sent.push(`${data.toString().slice(0, 12)}${binary ? ' (bytes)' : ''}`)
      waiting.push(written)
    },
  }
  const outbox = new Outbox({
    ws,
    socket: { cork: () => undefined, uncork: () => undefined },
    onFull: () => happened.push('full'),
    onDrained: () => happened.push('drained'),
    onOverflow: () => happened.push('overflow'),
  })
  /** Has the kernel take the next that were sent. */
  const take = (count = waiting.length): void => {
    for (const written of waiting.splice(0, count)) written()
  }
  return { outbox, sent, happened, take }
}

const KIB_64 = Buffer.alloc(65_536, 'x')

test('what fits goes out at once, in order', () => {
  const { outbox, sent } = stuck()
  outbox.sendText('one')
  outbox.sendFrame(1, Buffer.from('two'))
  outbox.sendText('three')
  expect(sent).toEqual(['one', 'two (bytes)', 'three'])
})

test('text overtakes the bytes that wait, and bytes keep their order', () => {
  const { outbox, sent, take } = stuck()
  outbox.sendFrame(1, KIB_64)
  outbox.sendFrame(1, KIB_64)
  outbox.sendFrame(1, Buffer.from('bytes 1'))
  outbox.sendFrame(2, Buffer.from('bytes 2'))
  outbox.sendText('text 1')
  outbox.sendText('text 2')
  expect(sent).toHaveLength(2)
  take()
  expect(sent.slice(2)).toEqual(['text 1', 'text 2', 'bytes 1 (bytes)', 'bytes 2 (bytes)'])
})

test('a reader that lags stops the reading for it, and goes on well before it has everything', () => {
  const { outbox, happened, take } = stuck()
  for (let count = 0; count < 16; count += 1) outbox.sendFrame(1, KIB_64)
  expect([happened, outbox.full]).toEqual([['full'], true])
  take(11)
  expect(happened).toEqual(['full'])
  for (let count = 0; count < 20 && outbox.full; count += 1) take(1)
  expect([happened, outbox.full]).toEqual([['full', 'drained'], false])
})

test('one who asks on without reading the answers is told of before they fill the memory', () => {
  const { outbox, happened } = stuck()
  const answer = 'x'.repeat(1_048_576)
  for (let count = 0; count < 9; count += 1) outbox.sendText(answer)
  expect(happened).toEqual(['full'])
  outbox.sendText(answer)
  expect(happened).toEqual(['full', 'overflow'])
})

test('bytes of a stream that was closed are forgotten, and make room', () => {
  const { outbox, sent, happened, take } = stuck()
  for (let count = 0; count < 20; count += 1) outbox.sendFrame(7, KIB_64)
  outbox.sendFrame(8, Buffer.from('other'))
  expect(outbox.full).toBe(true)
  outbox.dropFrames(7)
  expect(happened).toEqual(['full', 'drained'])
  take()
  expect(sent.at(-1)).toBe('other (bytes)')
  expect(sent).toHaveLength(3)
})

test('it is stalled for as long as nothing is taken', () => {
  const { outbox, take } = stuck()
  expect(outbox.stalledMs).toBe(0)
  outbox.sendText('one')
  expect(outbox.stalledMs).toBeGreaterThanOrEqual(0)
  take()
  expect(outbox.stalledMs).toBe(0)
})
