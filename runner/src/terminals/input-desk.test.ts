import type { ClientId } from '@octo/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { InputDesk, MAX_WAITING_BYTES } from './input-desk.ts'

const ada = 'client-ada' as ClientId
const bob = 'client-bob' as ClientId
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A program that reads as much as `room` says. */
function openDesk(room = Number.POSITIVE_INFINITY): {
  desk: InputDesk
  program: { text: string; room: number; tries: number }
  acks: [ClientId, number][]
} {
  const program = { text: '', room, tries: 0 }
  const acks: [ClientId, number][] = []
  const desk = new InputDesk({
    write(bytes) {
      program.tries += 1
      const taken = bytes.subarray(0, program.room)
      program.room -= taken.byteLength
      program.text += new TextDecoder().decode(taken)
      return taken.byteLength
    },
    onWritten: (client, offset) => acks.push([client, offset]),
  })
  return { desk, program, acks }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what comes twice after a reconnect is written once', () => {
  const { desk, program, acks } = openDesk()
  expect([
    desk.take(ada, 0, bytesOf('hello')),
    desk.take(ada, 0, bytesOf('hello')),
    desk.take(ada, 3, bytesOf('lo world')),
    desk.take(ada, 11, bytesOf('!')),
  ]).toEqual([true, true, true, true])
  expect([program.text, acks, desk.writtenBy(ada)]).toEqual([
    'hello world!',
    [
      [ada, 5],
      [ada, 11],
      [ada, 12],
    ],
    12,
  ])
})

test('input after a gap is refused until what is missing came', () => {
  const { desk, program } = openDesk()
  expect([desk.take(ada, 0, bytesOf('a')), desk.take(ada, 2, bytesOf('c')), desk.take(ada, 1, bytesOf('bc'))]).toEqual([
    true,
    false,
    true,
  ])
  expect(program.text).toBe('abc')
})

test('each client counts for itself', () => {
  const { desk, program } = openDesk()
  desk.take(ada, 0, bytesOf('ada '))
  desk.take(bob, 0, bytesOf('bob '))
  desk.take(ada, 4, bytesOf('again'))
  expect([program.text, desk.writtenBy(ada), desk.writtenBy(bob)]).toEqual(['ada bob again', 9, 4])
})

test('input waits in order while the program does not read, and only what it took is acknowledged', () => {
  const { desk, program, acks } = openDesk(3)
  desk.take(ada, 0, bytesOf('hello'))
  desk.take(bob, 0, bytesOf('BOB'))
  expect([program.text, acks]).toEqual(['hel', [[ada, 3]]])
  program.room = 100
  vi.advanceTimersByTime(1_000)
  expect([program.text, acks]).toEqual([
    'helloBOB',
    [
      [ada, 3],
      [ada, 5],
      [bob, 3],
    ],
  ])
})

test('a program that never reads is asked less and less often', () => {
  const { desk, program } = openDesk(0)
  desk.take(ada, 0, bytesOf('x'))
  vi.advanceTimersByTime(10_000)
  expect(program.tries).toBeLessThan(120)
  expect(program.tries).toBeGreaterThan(90)
})

test('what a client may have waiting is limited, and nothing of what is refused is taken', () => {
  const { desk, program } = openDesk(0)
  const piece = new Uint8Array(65_536).fill(0x61)
  let offset = 0
  while (desk.take(ada, offset, piece)) offset += piece.byteLength
  expect(offset).toBe(MAX_WAITING_BYTES)
  program.room = Number.POSITIVE_INFINITY
  vi.advanceTimersByTime(1_000)
  expect([program.text.length, desk.take(ada, offset, bytesOf('b')), program.text.at(-1)]).toEqual([
    MAX_WAITING_BYTES,
    true,
    'b',
  ])
})

test('ctrl-c does not wait behind a paste the program does not read: the rest of the paste is dropped', () => {
  const { desk, program } = openDesk(4)
  desk.take(ada, 0, bytesOf('a long paste'))
  desk.take(bob, 0, bytesOf('bob'))
  program.room = 0
  desk.take(ada, 12, bytesOf('\x03'))
  program.room = 100
  vi.advanceTimersByTime(1_000)
  expect([program.text, desk.writtenBy(ada), desk.writtenBy(bob)]).toEqual(['a lobob\x03', 13, 3])
})

test('answers of the screen go in between and are dropped when nobody reads them', () => {
  const { desk, program, acks } = openDesk(2)
  desk.take(ada, 0, bytesOf('abc'))
  for (let round = 0; round < 20_000; round += 1) desk.reply(bytesOf('\x1b[1;1R'))
  program.room = Number.POSITIVE_INFINITY
  vi.advanceTimersByTime(1_000)
  expect(program.text.length).toBeLessThanOrEqual(65_536 + 3)
  expect([program.text.startsWith('abc\x1b[1;1R'), acks.at(-1)]).toEqual([true, [ada, 3]])
})

test('sixty-four writers are remembered, the silent ones are forgotten first', () => {
  const { desk } = openDesk()
  for (let n = 0; n < 64; n += 1) desk.take(`client-${n}` as ClientId, 0, bytesOf('x'))
  desk.take('client-0' as ClientId, 1, bytesOf('y'))
  desk.take('client-new' as ClientId, 0, bytesOf('z'))
  expect([desk.writtenBy('client-0' as ClientId), desk.writtenBy('client-1' as ClientId)]).toEqual([2, 0])
})

test('after the end, input counts as written and nothing is', () => {
  const { desk, program, acks } = openDesk(1)
  desk.take(ada, 0, bytesOf('abc'))
  desk.end()
  program.room = 100
  desk.take(ada, 3, bytesOf('def'))
  vi.advanceTimersByTime(1_000)
  expect([program.text, desk.writtenBy(ada), acks.at(-1)]).toEqual(['a', 6, [ada, 6]])
})
