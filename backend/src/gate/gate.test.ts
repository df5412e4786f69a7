import { OctoError } from '@octo/protocol'
import { describe, expect, test } from 'vitest'
import { allowedAddresses } from './addresses.ts'
import { admit, type Asking } from './gate.ts'

const allowed = allowedAddresses({
  host: '127.0.0.1',
  port: 7_700,
  hosts: ['box.lan'],
  origins: ['https://octo.example.org'],
})

/** Everything a browser, a rebound name or a careless proxy may send; `null` sends none. */
const ORIGINS: readonly (readonly [origin: string | null, right: boolean])[] = [
  ['http://127.0.0.1:7700', true],
  ['http://localhost:7700', true],
  ['https://octo.example.org', true],
  [null, false],
  ['null', false],
  ['https://evil.example', false],
  ['https://127.0.0.1:7700', false],
  ['http://127.0.0.1:7701', false],
  ['http://127.0.0.1', false],
  ['https://octo.example.org.evil.example', false],
  ['https://evilocto.example.org', false],
  ['https://octo.example.org@evil.example', false],
  ['https://preview.octo.example.org', false],
  ['http://octo.example.org', false],
]

const HOSTS: readonly (readonly [host: string, right: boolean])[] = [
  ['127.0.0.1:7700', true],
  ['LOCALHOST:7700', true],
  ['octo.example.org', true],
  ['evil.example:7700', false],
  ['127.0.0.1:7700.evil.example', false],
  ['127.0.0.1', false],
]

function asked(given: Partial<Asking>): Asking {
  return {
    method: 'GET',
    upgrade: false,
    api: true,
    host: ['127.0.0.1:7700'],
    origin: [],
    site: undefined,
    authorization: undefined,
    cookie: 'octo_access=a; octo_refresh=r',
    ...given,
  }
}

/** By what the gate lets it authenticate, or that it does not let it in. */
function verdict(given: Partial<Asking>): string {
  try {
    return admit(asked(given), allowed).kind
  } catch (error) {
    if (error instanceof OctoError) return error.code
    throw error
  }
}

const COMBINATIONS = ORIGINS.flatMap(([origin, rightOrigin]) =>
  HOSTS.map(([host, rightHost]) => ({ origin, host, rightOrigin, rightHost })),
)

describe.each(COMBINATIONS)('a page of $origin that asks $host', ({ origin, host, rightOrigin, rightHost }) => {
  const from = { host: [host], origin: origin === null ? [] : [origin] }
  const isForeign = !rightHost || (origin !== null && !rightOrigin)

  test.each([
    { kind: 'an upgrade', what: { upgrade: true } },
    { kind: 'a POST', what: { method: 'POST' } },
    { kind: 'a DELETE', what: { method: 'DELETE' } },
    { kind: 'an unknown method', what: { method: 'BREW' } },
  ])('opens $kind with its cookie only if both are ours', ({ what }) => {
    const expected = isForeign ? 'origin_refused' : origin === null ? 'nobody' : 'cookies'
    expect(verdict({ ...from, ...what })).toBe(expected)
  })

  test('reads with its cookie only if neither is foreign', () => {
    expect(verdict(from)).toBe(isForeign ? 'origin_refused' : 'cookies')
  })

  test('gets no further with a token than the host and origin allow', () => {
    expect(verdict({ ...from, upgrade: true, authorization: 'Bearer octo_abc' })).toBe(
      isForeign ? 'origin_refused' : 'bearer',
    )
  })
})

describe('what the browser says of the site that asks', () => {
  test.each([
    ['same-origin', 'cookies'],
    ['none', 'cookies'],
    ['same-site', 'origin_refused'],
    ['cross-site', 'origin_refused'],
    ['same-origin, cross-site', 'origin_refused'],
  ])('%s reads the API with a cookie: %s', (site, expected) => {
    expect(verdict({ site })).toBe(expected)
  })

  test('a link on another page still opens the interface', () => {
    expect(verdict({ site: 'cross-site', api: false })).toBe('cookies')
  })
})

describe('doubled headers are refused', () => {
  test('two hosts', () => {
    expect(verdict({ host: ['127.0.0.1:7700', 'evil.example'] })).toBe('origin_refused')
  })
  test('two origins', () => {
    expect(verdict({ origin: ['http://127.0.0.1:7700', 'https://evil.example'] })).toBe('origin_refused')
  })
  test('no host', () => {
    expect(verdict({ host: [] })).toBe('origin_refused')
  })
})

test('a refusal says what to configure, without letting a stranger write into the log', () => {
  expect(() => admit(asked({ host: ['evil\n.example'] }), allowed)).toThrow(
    'octo is not to be asked as "evil\\n.example": if it should be, add that to server.hosts in config.toml.',
  )
})

test('credentials in other forms are none', () => {
  const basic = { authorization: 'Basic b2N0bzpvY3Rv', cookie: undefined }
  expect(admit(asked(basic), allowed)).toEqual({ kind: 'nobody' })
  expect(admit(asked({ authorization: 'Bearer a b', cookie: undefined }), allowed)).toEqual({ kind: 'nobody' })
})
