import { encodeFrame, FrameKind } from '@octo/protocol'
import { expect, test } from 'vitest'
import { isFromClient, streamOf, Streams } from './streams.ts'

test('a number belongs to one runner until it is closed', () => {
  const streams = new Streams<string>()
  streams.open(4_294_967_295, 'first')
  expect(() => streams.open(4_294_967_295, 'second')).toThrow('Stream 4294967295 is open')
  streams.close(4_294_967_295)
  streams.open(4_294_967_295, 'second')
  expect(streams.of(4_294_967_295)).toBe('second')
})

test('a lost runner takes its own streams along', () => {
  const streams = new Streams<string>()
  streams.open(1, 'lost')
  streams.open(2, 'there')
  streams.open(3, 'lost')
  expect(streams.closeAll('lost')).toEqual([1, 3])
  expect([streams.of(1), streams.of(2)]).toEqual([undefined, 'there'])
})

test('there are only so many', () => {
  const streams = new Streams<string>()
  for (let stream = 0; stream < 256; stream += 1) streams.open(stream, 'runner')
  expect(() => streams.open(256, 'runner')).toThrow('256 streams')
})

test('a frame is read no further than where it belongs', () => {
  const frame = Buffer.from(
    encodeFrame({ kind: FrameKind.input, stream: 70_000, offset: 5, payload: Buffer.from('x') }),
  )
  expect([streamOf(frame), isFromClient(frame)]).toEqual([70_000, true])
  expect(streamOf(frame.subarray(0, 12))).toBeNull()
  const kinds = [0, FrameKind.output, FrameKind.outputAck, FrameKind.inputAck, FrameKind.screen, 255]
  expect(kinds.filter((kind) => isFromClient(Buffer.from([kind])))).toEqual([FrameKind.outputAck])
})
