import { randomBytes, createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { SignJWT, UnsecuredJWT } from 'jose'
import { randomId } from '@octo/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Answer,
  type Browser,
  hello,
  openSocket,
  PASSWORD,
  startTestServer,
  type TestServer,
} from '../lib/testing/test-server.ts'
import { openKeys } from './keys.ts'

let server: TestServer
let ada: Browser

beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server[Symbol.asyncDispose]())

const codeOf = (answer: Answer): unknown => [answer.status, answer.json.error?.data.code]

function audited(): unknown[] {
  const database = new Sqlite(join(server.home, 'backend/octo.db'), { readonly: true })
  try {
    return database.prepare('SELECT action, user_name, address FROM audit ORDER BY at, rowid').raw().all()
  } finally {
    database.close()
  }
}

describe('the first admin', () => {
  const claim = (username: string, secret = server.setupSecret) =>
    server.browser().ask('/api/accounts/setup', { method: 'POST', body: { secret, username, password: PASSWORD } })

  test('is made with the secret, and is logged in', async () => {
    const browser = server.browser()
    const body = { secret: server.setupSecret, username: 'ada', password: PASSWORD }
    const answer = await browser.ask('/api/accounts/setup', { method: 'POST', body })
    expect(answer.json).toMatchObject({ name: 'ada', role: 'admin' })
    expect((await browser.ask('/api/accounts/me')).json).toEqual(answer.json)
    expect((await server.ask('/api/health')).json['setup']).toBe(false)
  })

  test('is exactly one, however many claim it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => claim(`claimer${index}`)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(49)
    expect((await server.ask('/api/health')).json['setup']).toBe(false)
    expect(audited().filter((row) => Array.isArray(row) && row[0] === 'setup.claimed')).toHaveLength(1)
  })

  test('is not made with another secret, and who keeps trying is turned away', async () => {
    const codes = []
    for (let attempt = 0; attempt < 12; attempt += 1) codes.push(codeOf(await claim('mallory', 'x'.repeat(43))))
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => [401, 'invalid_credentials']))
    expect(codes.slice(10)).toEqual(Array.from({ length: 2 }, () => [429, 'rate_limited']))
    expect(codeOf(await claim('ada'))).toEqual([200, undefined])
  })

  test('keeps the secret valid when the name or password will not do', async () => {
    const body = { secret: server.setupSecret, username: 'Ada!', password: PASSWORD }
    expect(codeOf(await server.ask('/api/accounts/setup', { method: 'POST', body }))).toEqual([400, 'bad_request'])
    expect(codeOf(await claim('ada'))).toEqual([200, undefined])
    expect(codeOf(await claim('bob'))).toEqual([409, 'setup_done'])
  })

  test('needs at least 128 bits of secret', () => {
    expect(Buffer.from(server.setupSecret, 'base64url').length * 8).toBeGreaterThanOrEqual(128)
  })
})

describe('logging in', () => {
  beforeEach(async () => {
    ada = await server.setUp()
  })

  test('sets cookies that no script and no other site can use', async () => {
    const answer = await server.browser().logIn('ada')
    expect(answer.headers['set-cookie']?.map((cookie) => cookie.replace(/=[^;]+;/u, '=…;'))).toEqual([
      'octo_access=…; Path=/; Max-Age=600; HttpOnly; SameSite=Strict',
      'octo_refresh=…; Path=/api/accounts; Max-Age=2592000; HttpOnly; SameSite=Strict',
    ])
  })

  test('tells nobody whether a user exists', async () => {
    const wrong = await server.browser().logIn('ada', 'wrong password')
    const absent = await server.browser().logIn('nobody', 'wrong password')
    expect([absent.status, absent.json]).toEqual([wrong.status, wrong.json])
    expect(codeOf(absent)).toEqual([401, 'invalid_credentials'])
  })

  test('costs a hash whether the user exists or not', async () => {
    const argon2 = await import('@node-rs/argon2')
    // The plain cost of what a login must do, to compare with: a skipped hash is a hundred times faster.
    const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
    const hashesMs: number[] = []
    for (let run = 0; run < 5; run += 1) hashesMs.push(await timed(() => argon2.hash(PASSWORD, cost)))
    const hashMs = Math.min(...hashesMs)
    for (const name of ['nobody', 'ada', 'Not A Name']) {
      expect(await timed(() => server.browser().logIn(name, 'wrong password'))).toBeGreaterThan(hashMs / 2)
    }
  })

  test('is limited for each account and address, and a right password then waits as well', async () => {
    const guesses = await Promise.all(Array.from({ length: 30 }, () => server.browser().logIn('ada', 'wrong password')))
    const codes = guesses.map((answer) => answer.json.error?.data.code)
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(10)
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(20)
    const limited = await server.browser().logIn('ada')
    expect([limited.status, Number(limited.headers['retry-after']) > 0]).toEqual([429, true])
    expect(audited().filter((row) => Array.isArray(row) && row[0] === 'login.limited')).toHaveLength(1)
  })

  test('believes no proxy header about the address', async () => {
    const guess = (index: number) =>
      server.ask('/api/accounts/login', {
        method: 'POST',
        headers: { 'x-forwarded-for': `10.0.0.${index}`, forwarded: `for=10.0.0.${index}` },
        body: { username: `user${index}`, password: 'wrong password' },
      })
    const answers = []
    for (let index = 0; index < 12; index += 1) answers.push((await guess(index)).status)
    expect(answers.filter((status) => status === 429)).toHaveLength(2)
  })

  test('gives right guesses back', async () => {
    for (let index = 0; index < 15; index += 1) expect((await server.browser().logIn('ada')).status).toBe(200)
  })

  test('takes no forms, no plain text and no huge bodies', async () => {
    const login = (type: string, body: string) =>
      server.ask('/api/accounts/login', { method: 'POST', headers: { 'content-type': type }, body })
    const json = JSON.stringify({ username: 'ada', password: PASSWORD })
    expect(codeOf(await login('text/plain', json))).toEqual([400, 'bad_request'])
    expect(codeOf(await login('application/x-www-form-urlencoded', 'username=ada'))).toEqual([400, 'bad_request'])
    expect(codeOf(await login('application/json', `${' '.repeat(5_000)}${json}`))).toEqual([413, 'too_large'])
    expect(codeOf(await login('application/json', '{"username":'))).toEqual([400, 'malformed'])
    expect(codeOf(await login('application/json', Buffer.from([0x22, 0xff, 0x22]).toString('latin1')))).toEqual([
      400,
      'bad_request',
    ])
  })

  test('is not possible for another site with the cookies of its visitor', async () => {
    const foreign = { headers: { origin: 'https://evil.example' }, method: 'POST' }
    expect(codeOf(await ada.ask('/api/accounts/logout', foreign))).toEqual([403, 'origin_refused'])
    const planted = { ...foreign, body: { username: 'ada', password: PASSWORD } }
    expect(codeOf(await ada.ask('/api/accounts/login', planted))).toEqual([403, 'origin_refused'])
    expect((await ada.ask('/api/accounts/me')).status).toBe(200)
  })
})

describe('renewing a login', () => {
  const refresh = (token: string) =>
    server.ask('/api/accounts/refresh', {
      method: 'POST',
      headers: { origin: server.url, cookie: `octo_refresh=${token}` },
    })
  const tokenOf = (answer: Answer): string | undefined =>
    /octo_refresh=([^;]+)/u.exec(answer.headers['set-cookie']?.join() ?? '')?.[1]

  beforeEach(async () => {
    ada = await server.setUp()
  })
  afterEach(() => vi.useRealTimers())

  const later = (ms: number): void => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
  }

  test('gives the same successor again for 30 s, so that a lost reply logs nobody out', async () => {
    const first = ada.cookies.get('octo_refresh') ?? ''
    const successor = tokenOf(await refresh(first))
    expect(successor).not.toBe(first)
    later(29_000)
    expect(tokenOf(await refresh(first))).toBe(successor)
    expect((await refresh(successor ?? '')).status).toBe(200)
  })

  test('ends the login when an old token is used after that, and writes it down', async () => {
    const socket = await ada.connect()
    const first = ada.cookies.get('octo_refresh') ?? ''
    const successor = tokenOf(await refresh(first)) ?? ''
    later(31_000)
    expect(codeOf(await refresh(first))).toEqual([401, 'unauthenticated'])
    expect(codeOf(await refresh(successor))).toEqual([401, 'unauthenticated'])
    expect((await socket.closed).code).toBe(4001)
    expect(audited()).toContainEqual(['login.reused', 'ada', '127.0.0.1'])
  })

  test('many times at once leaves one family that works', async () => {
    const first = ada.cookies.get('octo_refresh') ?? ''
    const tokens = await Promise.all(Array.from({ length: 50 }, async () => tokenOf(await refresh(first))))
    expect(new Set(tokens).size).toBe(1)
    expect((await refresh(tokens[0] ?? '')).status).toBe(200)
  })

  test('needs the origin of a page of ours, and a token', async () => {
    const cookie = `octo_refresh=${ada.cookies.get('octo_refresh') ?? ''}`
    const answer = await server.ask('/api/accounts/refresh', { method: 'POST', headers: { cookie } })
    expect(codeOf(answer)).toEqual([401, 'unauthenticated'])
    expect(codeOf(await refresh('made-up'))).toEqual([401, 'unauthenticated'])
  })

  test('is over after the days without use that are configured', async () => {
    later(31 * 86_400_000)
    expect(codeOf(await refresh(ada.cookies.get('octo_refresh') ?? ''))).toEqual([401, 'unauthenticated'])
  })

  test('is needed when the short-lived token is too old', async () => {
    later(606_000)
    expect(codeOf(await ada.ask('/api/accounts/me'))).toEqual([401, 'unauthenticated'])
    await ada.ask('/api/accounts/refresh', { method: 'POST' })
    expect((await ada.ask('/api/accounts/me')).status).toBe(200)
  })
})

describe('ending logins', () => {
  beforeEach(async () => {
    ada = await server.setUp()
  })

  test('logging out ends the login at once, its sockets included', async () => {
    const socket = await ada.connect()
    const stolen = new Map(ada.cookies)
    const since = performance.now()
    await ada.ask('/api/accounts/logout', { method: 'POST' })
    expect(await socket.closed).toEqual({ code: 4001, reason: 'Your login has ended. Log in again.' })
    expect(performance.now() - since).toBeLessThan(2_000)
    expect(ada.cookies.size).toBe(0)
    for (const [name, value] of stolen) ada.cookies.set(name, value)
    expect(codeOf(await ada.ask('/api/accounts/me'))).toEqual([401, 'unauthenticated'])
    expect(codeOf(await ada.ask('/api/accounts/refresh', { method: 'POST' }))).toEqual([401, 'unauthenticated'])
  })

  test('logging out everywhere ends every browser, and answers first', async () => {
    const other = server.browser()
    await other.logIn('ada')
    const sockets = [await ada.connect(), await other.connect()] as const
    const answer = await sockets[0].call('accounts.logoutEverywhere', {}, { command: randomId('cmd') })
    expect(answer.result).toEqual({ ended: 2 })
    expect((await Promise.all(sockets.map(({ closed }) => closed))).map(({ code }) => code)).toEqual([4001, 4001])
    expect((await other.ask('/api/accounts/me')).status).toBe(401)
  })

  test('a new password ends the other logins alone, and the old one is refused', async () => {
    const other = server.browser()
    await other.logIn('ada')
    const [mine, theirs] = [await ada.connect(), await other.connect()]
    const change = { current: PASSWORD, next: 'another good one' }
    expect((await ada.call('accounts.changePassword', change, randomId('cmd'))).status).toBe(200)
    expect((await theirs.closed).code).toBe(4001)
    expect((await mine.call('accounts.me')).result).toMatchObject({ name: 'ada' })
    expect(codeOf(await server.browser().logIn('ada'))).toEqual([401, 'invalid_credentials'])
    expect((await server.browser().logIn('ada', 'another good one')).status).toBe(200)
  })

  test('a command that is repeated runs once, and its id is no other’s', async () => {
    const command = randomId('cmd')
    const change = { current: PASSWORD, next: 'another good one' }
    expect((await ada.call('accounts.changePassword', change, command)).json).toEqual({ result: {} })
    expect((await ada.call('accounts.changePassword', change, command)).json).toEqual({ result: {} })
    const other = await ada.call('accounts.changePassword', { ...change, next: 'yet another one' }, command)
    expect(codeOf(other)).toEqual([409, 'command_conflict'])
    expect(codeOf(await ada.call('accounts.changePassword', change))).toEqual([400, 'bad_request'])
  })

  test('the wrong current password changes nothing, and guesses are limited', async () => {
    const change = { current: 'a guess at it', next: 'another good one' }
    const codes = []
    for (let attempt = 0; attempt < 11; attempt += 1) {
      codes.push((await ada.call('accounts.changePassword', change, randomId('cmd'))).json.error?.data.code)
    }
    expect([codes[0], codes[9], codes[10]]).toEqual(['invalid_credentials', 'invalid_credentials', 'rate_limited'])
  })

  test('lists where the user is logged in, and which of it is here', async () => {
    const other = server.browser()
    await other.ask('/api/accounts/login', {
      method: 'POST',
      headers: { 'user-agent': 'Phone' },
      body: { username: 'ada', password: PASSWORD },
    })
    const { json } = await ada.call('accounts.logins')
    const { logins } = json['result'] as { logins: { userAgent: string; current: boolean; address: string }[] }
    const found = logins.map(({ userAgent, current, address }) => `${userAgent} ${current} ${address}`)
    expect(new Set(found)).toEqual(new Set([' true 127.0.0.1', 'Phone false 127.0.0.1']))
  })

  test('a restart of the server keeps logins, and keeps ended ones ended', async () => {
    const other = server.browser()
    await other.logIn('ada')
    const ended = new Map(other.cookies)
    await other.ask('/api/accounts/logout', { method: 'POST' })
    server = await server.restart()
    expect((await ada.ask('/api/accounts/me')).json).toMatchObject({ name: 'ada' })
    for (const [name, value] of ended) other.cookies.set(name, value)
    expect((await other.ask('/api/accounts/me')).status).toBe(401)
    expect((await other.ask('/api/accounts/refresh', { method: 'POST' })).status).toBe(401)
  })
})

describe('tokens for scripts', () => {
  beforeEach(async () => {
    ada = await server.setUp()
  })
  const me = (token: string) => server.ask('/api/accounts/me', { headers: { authorization: `Bearer ${token}` } })

  test('work without origin and cookies, until another process revokes them', async () => {
    const { token, id } = await server.addToken('ada')
    expect((await me(token)).json).toMatchObject({ name: 'ada' })
    const socket = await openSocket(server.url, { authorization: `Bearer ${token}` })
    expect((await hello(socket)).result).toMatchObject({ user: { name: 'ada' } })
    const since = performance.now()
    const database = new Sqlite(join(server.home, 'backend/octo.db'))
    database.prepare('DELETE FROM access_tokens WHERE id = ?').run(id)
    database.close()
    expect((await socket.closed).code).toBe(4001)
    expect(performance.now() - since).toBeLessThan(2_000)
    expect((await me(token)).status).toBe(401)
  })

  test('a changed role closes what was opened with the old one', async () => {
    const socket = await ada.connect()
    const database = new Sqlite(join(server.home, 'backend/octo.db'))
    database.prepare(`UPDATE users SET role = 'viewer'`).run()
    database.close()
    expect((await socket.closed).code).toBe(4001)
    expect(codeOf(await ada.call('admin.status'))).toEqual([403, 'forbidden'])
  })

  test.each(['octo_', 'octo_x', 'x', 'octo_..%00'])('%s is none', async (token) => {
    expect((await me(token)).status).toBe(401)
  })
})

describe('forged short-lived tokens', () => {
  let victim: TestServer
  let browser: Browser
  let key: Uint8Array
  let claims: { sub: string; sid: string }

  beforeAll(async () => {
    victim = await startTestServer()
    browser = await victim.setUp()
    key = openKeys(join(victim.home, 'backend/server.key')).accessKey
    const payload = (browser.cookies.get('octo_access') ?? '').split('.')[1] ?? ''
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as typeof claims
  })
  afterAll(() => victim[Symbol.asyncDispose]())

  interface Forgery {
    readonly header?: object
    readonly payload?: object
    readonly key?: Uint8Array
  }

  async function forged({ header = {}, payload = {}, key: signedWith = key }: Forgery): Promise<string> {
    const now = Math.floor(Date.now() / 1_000)
    const usual = { ...claims, iss: 'octo', aud: 'octo-browser', jti: 'j', iat: now, exp: now + 600 }
    const all = Object.fromEntries(Object.entries({ ...usual, ...payload }).filter(([, value]) => value !== null))
    return new SignJWT(all).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header }).sign(signedWith)
  }

  const status = (token: string) =>
    victim.ask('/api/accounts/me', { headers: { cookie: `octo_access=${token}` } }).then((answer) => answer.status)

  test('the same made rightly would be taken', async () => {
    expect(await status(await forged({}))).toBe(200)
  })

  const now = Math.floor(Date.now() / 1_000)
  test.each<readonly [string, Forgery]>([
    ['another key', { key: randomBytes(32) }],
    ['another algorithm', { header: { alg: 'HS512' } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['a critical header', { header: { crit: ['b64'], b64: true } }],
    ['the name of a key', { header: { kid: '../../server.key' } }],
    ['no end', { payload: { exp: null } }],
    ['an end in the past', { payload: { exp: now - 60 } }],
    ['an end at the end of time', { payload: { exp: 1e15, iat: now - 100_000 } }],
    ['a beginning in the future', { payload: { iat: now + 3_600 } }],
    ['no beginning', { payload: { iat: null } }],
    ['another issuer', { payload: { iss: 'other' } }],
    ['another audience', { payload: { aud: 'other' } }],
    ['no audience', { payload: { aud: null } }],
    ['no id of its own', { payload: { jti: null } }],
    ['no user', { payload: { sub: null } }],
    ['another user', { payload: { sub: randomId('usr') } }],
    ['another login', { payload: { sid: randomId('lgn') } }],
    ['a login that is none', { payload: { sid: 'admin' } }],
  ])('%s is refused', async (_what, forgery) => {
    expect(await status(await forged(forgery))).toBe(401)
  })

  test('no signature is refused', async () => {
    const unsigned = new UnsecuredJWT({ ...claims })
      .setIssuer('octo')
      .setAudience('octo-browser')
      .setExpirationTime('1h')
    expect(await status(unsigned.encode())).toBe(401)
    const [head = '', payload = ''] = (await forged({})).split('.')
    expect(await status(`${head}.${payload}.`)).toBe(401)
  })

  test('a key named in the token itself is refused', async () => {
    const mine = randomBytes(32)
    const jwk = { kty: 'oct', k: mine.toString('base64url') }
    expect(await status(await forged({ header: { jwk }, key: mine }))).toBe(401)
  })

  test('a changed payload is refused', async () => {
    const [head = '', , signature = ''] = (await forged({})).split('.')
    const payload = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url')
    expect(await status(`${head}.${payload}.${signature}`)).toBe(401)
  })

  test('a signature with the master key itself is refused', async () => {
    const master = await readFile(join(victim.home, 'backend/server.key'))
    expect(await status(await forged({ key: master }))).toBe(401)
    expect(createHmac('sha256', master).digest()).not.toEqual(Buffer.from(key))
  })
})

describe('what is kept', () => {
  beforeEach(async () => {
    ada = await server.setUp()
  })

  test('holds no secret in clear', async () => {
    const { token } = await server.addToken('ada')
    await ada.ask('/api/accounts/refresh', { method: 'POST' })
    const secrets = [PASSWORD, token, token.slice(5), server.setupSecret, ada.cookies.get('octo_refresh') ?? 'none']
    const files = ['octo.db', 'octo.db-wal'].map((name) => readFile(join(server.home, 'backend', name)))
    const kept = Buffer.concat(await Promise.all(files))
    expect(secrets.filter((secret) => kept.includes(secret))).toEqual([])
  })

  test('of security matters cannot be changed or taken back', async () => {
    await server.browser().logIn('ada', 'wrong password')
    await server.browser().logIn('ada', 'wrong\npassword')
    expect(audited()).toEqual([
      ['setup.claimed', 'ada', '127.0.0.1'],
      ['login.created', 'ada', '127.0.0.1'],
      ['login.refused', 'ada', '127.0.0.1'],
      ['login.refused', 'ada', '127.0.0.1'],
    ])
    const database = new Sqlite(join(server.home, 'backend/octo.db'))
    expect(() => database.exec('DELETE FROM audit')).toThrow('append-only')
    expect(() => database.exec(`UPDATE audit SET action = 'nothing'`)).toThrow('append-only')
    database.close()
  })
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await work()
  return performance.now() - since
}
