import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { issueText, parseJson, parseRequest, Request, requestIdOf } from './envelope.ts'
import { MAX_NESTING } from './limits.ts'

const request = { jsonrpc: '2.0', id: 1, method: 'agents.list', params: {} } as const
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

test('a request keeps its id, method, params, command and runner, and nothing else', () => {
  const full = { ...request, command: 'cmd_0123456789abcdef', runner: 'big-box' }
  expect(parseRequest(JSON.stringify({ ...full, actor: { role: 'admin' } }))).toEqual(full)
})

test.each([
  ['no JSON', '{', 'malformed'],
  ['an empty frame', '', 'malformed'],
  ['one level too deep', nested(MAX_NESTING + 1), 'malformed'],
  ['an array', '[]', 'bad_request'],
  ['no id', '{"jsonrpc":"2.0","method":"a.b"}', 'bad_request'],
  ['a fractional id', '{"jsonrpc":"2.0","id":1.5,"method":"a.b"}', 'bad_request'],
  ['a null id', '{"jsonrpc":"2.0","id":null,"method":"a.b"}', 'bad_request'],
  ['a short command id', JSON.stringify({ ...request, command: 'short' }), 'bad_request'],
  ['a runner outside its name', JSON.stringify({ ...request, runner: '../other' }), 'bad_request'],
  ['a method without end', JSON.stringify({ ...request, method: 'm'.repeat(65) }), 'bad_request'],
])('%s is refused', (_, text, code) => {
  expect(() => parseRequest(text)).toThrow(expect.objectContaining({ code }))
})

test('nesting up to the limit is taken, and brackets in strings do not count', () => {
  expect(parseJson(nested(MAX_NESTING))).toBeInstanceOf(Array)
  const text = JSON.stringify('\\"[[['.repeat(200))
  expect(parseJson(text)).toBe('\\"[[['.repeat(200))
})

test('a million levels are refused before they are parsed', () => {
  expect(() => parseJson(nested(1_000_000))).toThrow('at most 64 levels')
})

test('what JSON can say comes through as it is, unless it nests too deeply', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
      const text = JSON.stringify(value)
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('the id of a frame that is no request is found if there is one', () => {
  expect(requestIdOf('{"id":7}')).toBe(7)
  expect(requestIdOf('{"id":"seven","method":3}')).toBe('seven')
  expect([requestIdOf('{"id":{}}'), requestIdOf('{"id":'), requestIdOf('[]'), requestIdOf('{}')]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('what a schema refuses is said with its place', () => {
  const { error } = Request.safeParse({ ...request, id: [], method: 7 })
  expect(error && issueText(error)).toMatch(/^id: .+; method: .+$/u)
})
