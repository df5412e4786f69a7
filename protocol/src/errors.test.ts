import { expect, test } from 'vitest'
import { errorCodes, fromErrorBody, OctoError, toErrorBody } from './errors.ts'

function facts({ code, message, retryable, details, status }: OctoError): unknown {
  return { code, message, retryable, details, status }
}

test('an error survives the wire with its code, message, details and whether to retry', () => {
  for (const code of errorCodes) {
    const sent = new OctoError(code, 'What, which, what next.', { details: { etag: '"1"' } })
    const received = fromErrorBody(toErrorBody(sent))
    expect(facts(received)).toEqual(facts(sent))
  }
})

test('a single failure may be retryable where its kind is not', () => {
  const error = new OctoError('conflict', 'Not now.', { retryable: true })
  expect([fromErrorBody(toErrorBody(error)).retryable, new OctoError('conflict', 'No.').retryable]).toEqual([
    true,
    false,
  ])
})

test('a plain exception tells nothing of itself', () => {
  const body = toErrorBody(new TypeError('the password is hunter2'))
  expect(body.data).toEqual({ code: 'internal', retryable: false })
  expect(JSON.stringify(body)).not.toContain('hunter2')
})

test('a code this version does not know reads as internal and keeps its message', () => {
  const known = toErrorBody(new OctoError('busy', 'From the future.'))
  const body = JSON.parse(JSON.stringify(known).replace('"busy"', '"toString"')) as typeof known
  expect({ code: fromErrorBody(body).code, message: fromErrorBody(body).message }).toEqual({
    code: 'internal',
    message: 'From the future.',
  })
})

test('the numbers of JSON-RPC are used where it reserves them', () => {
  const number = (code: OctoError['code']): number => toErrorBody(new OctoError(code, '')).code
  expect([
    number('malformed'),
    number('unknown_method'),
    number('bad_request'),
    number('internal'),
    number('busy'),
  ]).toEqual([-32_700, -32_601, -32_602, -32_603, -32_000])
})
