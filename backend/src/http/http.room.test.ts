import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { request as openRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { MAX_BLOB_BYTES, MAX_FRAME_BYTES, methods, randomId, routes } from '@octo/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeRunner, readActor } from '../lib/testing/fake-runner.ts'
import { type Answer, type Browser, startTestServer, type TestServer } from '../lib/testing/test-server.ts'

let server: TestServer
let ada: Browser
let runner: FakeRunner

beforeEach(async () => {
  server = await startTestServer()
  ada = await server.setUp()
  runner = await server.launcher.launched.next()
})
afterEach(() => server[Symbol.asyncDispose]())

const codeOf = (answer: Answer): unknown => [answer.status, answer.json.error?.data.code]

describe('a stranger', () => {
  test.each(
    routes
      .filter(({ role, path }) => role !== 'anyone' && path !== '/api/ws/mux')
      .map(({ method, path }) => [method, path.replace(':id', 'a'.repeat(64)).replace(':method', 'agents.list')]),
  )('gets nothing from %s %s', async (method, path) => {
    expect(codeOf(await server.ask(path, { method, body: {} }))).toEqual([401, 'unauthenticated'])
  })

  test('may call no method at all', async () => {
    const answers = await Promise.all(
      Object.keys(methods).map(
        async (name) => (await server.ask(`/api/call/${name}`, { method: 'POST', body: {} })).status,
      ),
    )
    expect(new Set(answers)).toEqual(new Set([401]))
    expect(runner.connections.waiting).toEqual([])
  })

  test.each(['/api', '/api/', '/api/nothing', '/api/accounts/', '/api/call/'])('gets nothing from %s', async (path) => {
    expect([401, 404]).toContain((await server.ask(path)).status)
  })

  test('may know that the server lives, and its protocol', async () => {
    expect((await server.ask('/api/health')).json).toEqual({ ok: true, version: '0.1.0', setup: false })
    const described = await server.ask('/api/protocol')
    expect(described.text).toContain('/api/ws/mux')
    const again = await server.ask('/api/protocol', { headers: { 'if-none-match': described.headers.etag ?? '' } })
    expect([again.status, again.text]).toEqual([304, ''])
  })
})

describe('the gate over real sockets', () => {
  test.each([
    [{ host: 'evil.example' }, 403],
    [{ host: 'evil.example', origin: 'http://evil.example' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ host: `localhost`, origin: 'null' }, 403],
  ])('a request with %j is answered %d', async (headers, status) => {
    expect((await ada.ask('/api/accounts/me', { headers })).status).toBe(status)
  })

  test('a body does not get in where its request does not', async () => {
    const foreign = { method: 'POST', headers: { origin: 'https://evil.example' }, body: {} }
    expect(codeOf(await ada.ask('/api/call/sessions.create', foreign))).toEqual([403, 'origin_refused'])
    const silent = await server.ask('/api/call/accounts.logoutEverywhere', {
      method: 'POST',
      headers: { cookie: `octo_access=${ada.cookies.get('octo_access') ?? ''}` },
      body: {},
    })
    expect(codeOf(silent)).toEqual([401, 'unauthenticated'])
  })

  test('asking whether a foreign page may is answered with no', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const answer = await server.ask('/api/accounts/login', { method: 'OPTIONS', headers })
    expect(answer.status).toBe(403)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('what answers carry', () => {
  test('pages run their own scripts alone and stand in no frame', async () => {
    const { headers } = await server.ask('/')
    expect(headers['x-content-type-options']).toBe('nosniff')
    const data = await server.ask('/api/health')
    expect(data.headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/u) as string,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(Object.keys(data.headers)).not.toContain('server')
  })
})

describe('calls as single requests', () => {
  test('are answered by the backend for its own methods', async () => {
    expect((await ada.call('accounts.me')).json).toMatchObject({ result: { name: 'ada' } })
    expect(codeOf(await ada.call('nothing.there'))).toEqual([404, 'unknown_method'])
    expect(codeOf(await ada.call('accounts.changePassword', {}, randomId('cmd')))).toEqual([400, 'bad_request'])
  })

  test('go to the runner with what belongs to them, and nothing else', async () => {
    let seen: IncomingMessage | undefined
    runner.onRequest = (request, response) => {
      seen = request
      response.setHeader('content-type', 'application/json')
      response.setHeader('set-cookie', 'octo_access=planted')
      response.setHeader('x-runner', 'secret')
      request.pipe(response)
    }
    const answer = await ada.ask('/api/call/sessions.create?why=not', {
      method: 'POST',
      headers: {
        'idempotency-key': 'command-0000000001',
        'x-octo-actor': Buffer.from('{"user":"usr_x","name":"root","role":"admin"}').toString('base64url'),
        'x-forwarded-for': '10.0.0.1',
        connection: 'x-hop',
        'x-hop': 'hop',
      },
      body: { a: 1 },
    })
    expect([answer.status, answer.text]).toEqual([200, '{"a":1}'])
    expect([answer.headers['set-cookie'], answer.headers['x-runner']]).toEqual([undefined, undefined])
    expect(seen?.url).toBe('/api/call/sessions.create?why=not')
    expect(Object.keys(seen?.headers ?? {}).toSorted()).toEqual([
      'connection',
      'content-length',
      'content-type',
      'host',
      'idempotency-key',
      'x-octo-actor',
    ])
    expect(seen === undefined ? undefined : readActor(seen).name).toBe('ada')
  })

  test('may not be larger than a frame', async () => {
    const body = Buffer.alloc(MAX_FRAME_BYTES + 1, 'x')
    const headers = { 'content-type': 'application/json' }
    expect(codeOf(await ada.ask('/api/call/sessions.create', { method: 'POST', headers, body }))).toEqual([
      413,
      'too_large',
    ])
    expect(codeOf(await ada.ask('/api/call/accounts.me', { method: 'POST', headers, body }))).toEqual([
      413,
      'too_large',
    ])
  })
})

describe('files and blobs', () => {
  test('stream both ways without being collected in between', async () => {
    const firstByte = Promise.withResolvers<void>()
    runner.onRequest = (request, response) => {
      request.once('data', () => firstByte.resolve())
      request.on('end', () => response.end('done'))
      request.resume()
    }
    const upload = openRequest(`${server.url}/api/files/content?workspace=w&path=p`, {
      method: 'PUT',
      headers: { ...cookieHeaders(), 'content-type': 'text/plain', 'if-match': '"e"' },
    })
    upload.write('first')
    await firstByte.promise
    upload.end('last')
    const [response] = (await once(upload, 'response')) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(200)
  })

  test('wait for a reader that does not read', async () => {
    let written = 0
    runner.onRequest = (_request, response) => {
      const piece = Buffer.alloc(65_536)
      const more = (): void => {
        while (written < 200 * 1_048_576) {
          written += piece.length
          if (!response.write(piece)) {
            response.once('drain', more)
            return
          }
        }
      }
      more()
    }
    const download = openRequest(`${server.url}/api/blobs/${'a'.repeat(64)}`, { headers: cookieHeaders() })
    download.end()
    const [response] = (await once(download, 'response')) as [IncomingMessage]
    response.pause()
    let before = -1
    while (before !== written) {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(written).toBeLessThan(32 * 1_048_576)
    download.destroy()
  })

  test('end on the runner when the browser goes', async () => {
    const aborted = Promise.withResolvers<boolean>()
    const begun = Promise.withResolvers<void>()
    runner.onRequest = (_request, response) => {
      response.write('first')
      response.on('close', () => aborted.resolve(response.writableFinished))
      begun.resolve()
    }
    const download = openRequest(`${server.url}/api/blobs/${'a'.repeat(64)}`, { headers: cookieHeaders() })
    download.on('error', () => undefined)
    download.end()
    await begun.promise
    download.destroy()
    expect(await aborted.promise).toBe(false)
  })

  test('end when the login does', async () => {
    runner.onRequest = (_request, response) => response.write('first')
    const download = openRequest(`${server.url}/api/blobs/${'a'.repeat(64)}`, { headers: cookieHeaders() })
    download.end()
    const [response] = (await once(download, 'response')) as [IncomingMessage]
    const ended = once(response, 'error')
    response.resume()
    await ada.ask('/api/accounts/logout', { method: 'POST' })
    await ended
    expect(response.complete).toBe(false)
  })

  test('are refused by size before they are sent on', async () => {
    let asked = 0
    runner.onRequest = (request, response) => {
      asked += 1
      request.resume().on('end', () => response.end())
    }
    const body = Buffer.alloc(MAX_BLOB_BYTES + 1)
    expect(codeOf(await ada.ask('/api/blobs', { method: 'POST', body }))).toEqual([413, 'too_large'])
    expect(asked).toBe(0)
    const chunked = openRequest(`${server.url}/api/blobs`, { method: 'POST', headers: cookieHeaders() })
    chunked.on('error', () => undefined)
    chunked.write(body)
    const [response] = (await once(chunked, 'response')) as [IncomingMessage]
    chunked.destroy()
    expect(response.statusCode).toBe(413)
  })

  test('keep what belongs to them, under a policy of ours', async () => {
    runner.onRequest = (request, response) => {
      response.writeHead(206, {
        'content-type': request.url?.includes('pdf') === true ? 'application/pdf' : 'text/html',
        'content-range': 'bytes 0-3/10',
        etag: '"e"',
        'content-security-policy': "script-src 'unsafe-inline'",
      })
      response.end('<p>x')
    }
    const html = await ada.ask('/api/files/content?path=page.html', { headers: { range: 'bytes=0-3' } })
    expect([html.status, html.text, html.headers['content-range'], html.headers.etag]).toEqual([
      206,
      '<p>x',
      'bytes 0-3/10',
      '"e"',
    ])
    expect(html.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/u)
    const pdf = await ada.ask('/api/files/content?path=doc.pdf')
    expect(pdf.headers['content-security-policy']).toMatch(/^default-src 'none'/u)
  })

  test('of a runner that goes away in the middle are cut, and before it an error', async () => {
    runner.onRequest = (_request, response) => response.destroy()
    expect(codeOf(await ada.ask('/api/files/content?path=x'))).toEqual([502, 'runner_lost'])
    runner.onRequest = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('half', () => response.destroy())
    }
    await expect(ada.ask('/api/files/content?path=x')).rejects.toThrow('aborted')
  })

  test.each(['/api/blobs/..', '/api/blobs/%2e%2e', '/api/blobs/a/../b', '/api/files/../call/x', '//evil/api/blobs/a'])(
    'nothing is forwarded for %s',
    async (path) => {
      let asked = 0
      runner.onRequest = (_request, response) => {
        asked += 1
        response.end()
      }
      expect((await ada.ask(path)).status).toBeGreaterThanOrEqual(200)
      expect(asked).toBe(0)
    },
  )
})

describe('broken and greedy requests', () => {
  async function send(text: string): Promise<string> {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(text)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    await once(socket, 'close')
    return Buffer.concat(chunks).toString().split('\r\n')[0] ?? ''
  }

  test.each([
    ['no HTTP', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
    ],
    [
      'two lengths',
      'POST /api/accounts/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'a length and chunks',
      'POST /api/accounts/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
    ],
  ])('%s', async (_what, text, line) => {
    expect(await send(text)).toBe(line)
  })

  test('a flood of connections pushes out its own oldest, and an honest login gets in', async () => {
    const idle = Array.from({ length: 400 }, () => connect(server.port, '127.0.0.1').on('error', () => undefined))
    const oldest = idle[0]
    if (oldest === undefined) throw new Error('no connection')
    await once(oldest, 'close')
    expect((await server.browser().logIn('ada')).status).toBe(200)
    expect(idle.filter((socket) => !socket.destroyed).length).toBeLessThanOrEqual(256)
    for (const socket of idle) socket.destroy()
  })
})

describe('the interface', () => {
  let folder: string

  beforeEach(async () => {
    folder = join(server.home, 'app')
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'index.html'), '<!doctype html>octo')
    await writeFile(join(folder, 'icon.svg'), '<svg/>')
    await writeFile(join(folder, 'assets/index-DVKjNlMN.js'), 'plain')
    await writeFile(join(folder, 'assets/index-DVKjNlMN.js.br'), 'as brotli')
    await writeFile(join(folder, 'assets/index-DVKjNlMN.js.gz'), 'as gzip')
    await writeFile(join(server.home, 'secret.txt'), 'secret')
    server = await server.restart({ files: folder })
  })

  test('is the page, under every path of a page, and asked for anew each time', async () => {
    for (const path of ['/', '/index.html', '/sessions/ses_abc', '/settings?tab=models', '/file/wsp_abc/src/app.ts']) {
      const { status, text, headers } = await server.ask(path)
      expect([status, text, headers['cache-control']]).toEqual([200, '<!doctype html>octo', 'no-cache'])
      expect(headers['content-security-policy']).toMatch(/script-src 'self';.*frame-ancestors 'none'/u)
    }
  })

  test('gives a worker the policy that a script takes from its page', async () => {
    await writeFile(join(folder, 'assets/highlight.worker-B2UDe5Op.js'), 'work')
    const policyOf = async (path: string) => (await server.ask(path)).headers['content-security-policy']
    expect(await policyOf('/assets/index-DVKjNlMN.js')).toBeUndefined()
    server = await server.restart({ files: folder })
    expect(await policyOf('/assets/highlight.worker-B2UDe5Op.js')).toMatch(/^default-src 'none'; script-src 'self'/u)
  })

  test('has files that are kept for ever, in the smallest form the browser takes', async () => {
    const get = async (encoding: string) => {
      const { text, headers } = await server.ask('/assets/index-DVKjNlMN.js', {
        headers: { 'accept-encoding': encoding },
      })
      return [text, headers['content-encoding'], headers['cache-control'], headers['content-type']]
    }
    const rest = ['public, max-age=31536000, immutable', 'text/javascript; charset=utf-8']
    expect(await get('gzip, deflate, br')).toEqual(['as brotli', 'br', ...rest])
    expect(await get('gzip')).toEqual(['as gzip', 'gzip', ...rest])
    expect(await get('identity')).toEqual(['plain', undefined, ...rest])
  })

  test('is not sent again when it did not change', async () => {
    const { headers } = await server.ask('/icon.svg')
    const again = await server.ask('/icon.svg', { headers: { 'if-none-match': headers.etag ?? '' } })
    expect([again.status, again.text, again.headers['cache-control']]).toEqual([304, '', 'no-cache'])
    expect((await server.ask('/icon.svg', { method: 'HEAD' })).headers['content-length']).toBe('6')
  })

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..\\..\\secret.txt',
    '//etc/passwd',
    '/etc/passwd.txt',
    '/index.html%00.js',
    '/assets/',
    '/assets/missing-DVKjNlMN.js',
  ])('has nothing beside its files: %s', async (path) => {
    const { text } = await server.ask(path)
    expect(text).not.toContain('secret')
    expect(text).not.toContain('root:')
  })

  test('can only be read', async () => {
    expect(codeOf(await ada.ask('/', { method: 'POST', headers: { origin: server.url } }))).toEqual([
      422,
      'unsupported',
    ])
  })

  test('that is not built says what to do', async () => {
    await rm(folder, { recursive: true })
    server = await server.restart({ files: folder })
    expect((await server.ask('/')).json.error?.message).toContain('./setup.sh build')
  })
})

function cookieHeaders(): Record<string, string> {
  return {
    origin: server.url,
    cookie: Array.from(ada.cookies, ([name, value]) => `${name}=${value}`).join('; '),
  }
}
