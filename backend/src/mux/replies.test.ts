import * as fc from 'fast-check'
import { OctoError } from '@octo/protocol'
import { describe, expect, test } from 'vitest'
import { errorFrame, glanceAt, noticeFrame, resultFrame } from './replies.ts'

const id = fc.oneof(
  fc.maxSafeInteger(),
  fc.string({ minLength: 1, maxLength: 64 }),
  fc.stringMatching(/^[\w.:-]{1,64}$/u),
)

describe('a frame is told apart', () => {
  test('as the reply it is, whatever its id and result', () => {
    fc.assert(
      fc.property(id, fc.jsonValue(), (given, result) => {
        expect(glanceAt(Buffer.from(resultFrame(given, result)))).toEqual({ kind: 'reply', id: given })
      }),
    )
  })

  test('the same however it is written', () => {
    fc.assert(
      fc.property(id, fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (given, result, indent) => {
        const text = JSON.stringify({ result, id: given, jsonrpc: '2.0' }, null, indent)
        expect(glanceAt(Buffer.from(text))).toEqual({ kind: 'reply', id: given })
      }),
    )
  })

  test('as a notice by its method, even if it looks like a reply further on', () => {
    const params = { text: '"id":7,"result":{}' }
    expect(glanceAt(Buffer.from(noticeFrame('sessions.tail', params)))).toEqual({
      kind: 'notice',
      method: 'sessions.tail',
    })
  })

  test('as an error', () => {
    const frame = Buffer.from(errorFrame(7, new OctoError('not_found', 'There is no such file.')))
    expect(glanceAt(frame)).toEqual({ kind: 'reply', id: 7 })
  })

  test.each([
    '',
    'x',
    '[]',
    'null',
    '{"jsonrpc":"2.0","id":',
    '{"jsonrpc":"2.0","id":null,"result":1}',
    '{"jsonrpc":"2.0"}',
  ])('or as unknown: %s', (text) => {
    expect(glanceAt(Buffer.from(text))).toEqual({ kind: 'unknown' })
  })

  test('an id that is doubled counts as a parser would count it, or not at all', () => {
    const text = '{"jsonrpc":"2.0","id":1,"id":2,"result":{}}'
    expect(glanceAt(Buffer.from(text))).toEqual({ kind: 'reply', id: 2 })
  })
})
