import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request as openRequest } from 'node:http'
import { Config, type ErrorBody, PROTOCOL_VERSION, randomId, type RequestId } from '@octo/protocol'
import { type ClientOptions, WebSocket } from 'ws'
import { hashPassword, insertUser } from '../../accounts/index.ts'
import { createToken } from '../../accounts/index.ts'
import { openDatabase } from '../../db/index.ts'
import { type Server, startServer } from '../../server.ts'
import { silentLog } from '../log.ts'
import { type FakeLauncher, fakeLauncher } from './fake-launcher.ts'
import { type TestFolder, testFolder } from './folder.ts'
import { type Inbox, openInbox } from './inbox.ts'

export const PASSWORD = 'correct horse battery'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: { readonly error?: ErrorBody; readonly [key: string]: unknown }
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** An object is sent as JSON. */
  readonly body?: object | string | Buffer
}

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly home: string
  readonly setupSecret: string
  readonly launcher: FakeLauncher
  readonly server: Server
  /** Sends a request as a script would, without Origin and cookies. */
  ask(path: string, options?: Ask): Promise<Answer>
  /** Makes the first admin, and logs it in. */
  setUp(): Promise<Browser>
  /** Makes a user as the command line does. */
  addUser(name: string, role: 'viewer' | 'member' | 'admin'): Promise<void>
  /** Makes a token as the command line does. */
  addToken(user: string): Promise<{ id: string; token: string }>
  /** A browser that is not logged in. */
  browser(): Browser
  stop(): Promise<void>
  /** Starts anew on the same home and port, as after a stop. */
  restart(more?: { readonly files?: string }): Promise<TestServer>
}

/** A browser with a page of octo's: it sends Origin and cookies. */
export interface Browser {
  readonly cookies: Map<string, string>
  ask(path: string, options?: Ask): Promise<Answer>
  logIn(username: string, password?: string): Promise<Answer>
  call(method: string, params?: object, command?: string): Promise<Answer>
  /** Opens a WebSocket; rejects with the status if it is refused. */
  open(options?: ClientOptions): Promise<Socket>
  /** Opens a WebSocket and says hello. */
  connect(): Promise<Socket>
}

export interface Message {
  readonly id?: RequestId | null
  readonly result?: unknown
  readonly error?: ErrorBody
  readonly method?: string
  readonly params?: unknown
}

/** A client's end of a WebSocket. */
export interface Socket {
  readonly ws: WebSocket
  /** Messages that are no answers to {@link Socket.call}. */
  readonly messages: Inbox<Message>
  readonly frames: Inbox<Buffer>
  /** Text frames as they came. */
  readonly raw: string[]
  readonly closed: Promise<{ code: number; reason: string }>
  send(message: object | string): void
  call(method: string, params?: object, more?: object): Promise<Message>
}

/** Starts the real server on a home of its own, with fake runners. */
export async function startTestServer(config: object = {}): Promise<TestServer> {
  return startIn(await testFolder(), Config.parse({ server: { port: 0 }, ...config }))
}

async function startIn(folder: TestFolder, given: Config, more: { readonly files?: string } = {}): Promise<TestServer> {
  const launcher = fakeLauncher(folder.path)
  const server = await startServer({
    home: folder.path,
    config: given,
    umask: 0o022,
    log: silentLog,
    launcher,
    ...more,
  })
  const { url } = server
  const stop = (): Promise<void> => server.close()
  const test: TestServer = {
    url,
    port: Number(new URL(url).port),
    home: folder.path,
    setupSecret: server.setupUrl?.split('#setup=')[1] ?? '',
    launcher,
    server,
    ask: (path, options) => ask(url, path, options),
    async setUp() {
      const browser = openBrowser(url)
      const input = { secret: test.setupSecret, username: 'ada', password: PASSWORD }
      const answer = await browser.ask('/api/accounts/setup', { method: 'POST', body: input })
      if (answer.status !== 200) throw new Error(`Setting up failed: ${answer.text}`)
      return browser
    },
    addUser: (name, role) =>
      withDatabase(folder.path, async (database) => {
        const passwordHash = await hashPassword(PASSWORD)
        await database.write((tables) => insertUser(tables, { name, role, passwordHash }))
      }),
    addToken: (user) => withDatabase(folder.path, (database) => createToken(database, { user, label: 'test' })),
    browser: () => openBrowser(url),
    stop,
    async restart(changed) {
      await stop()
      return startIn(folder, { ...given, server: { ...given.server, port: test.port } }, changed)
    },
    async [Symbol.asyncDispose]() {
      await stop()
      await launcher[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
  return test
}

async function withDatabase<Value>(
  home: string,
  work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<Value>,
): Promise<Value> {
  const database = await openDatabase(`${home}/backend/octo.db`)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Sends one request as given, whatever a client library would add or refuse. */
export async function ask(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: Ask = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url)
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined
  const sent = isRaw ? body : JSON.stringify(body)
  const type = isRaw ? {} : { 'content-type': 'application/json' }
  const length = sent === undefined ? {} : { 'content-length': Buffer.byteLength(sent) }
  const request = openRequest({
    hostname,
    port,
    path,
    method,
    headers: { ...type, ...length, ...headers },
    agent: false,
  })
  request.end(sent)
  // A server that refuses a body may hang up while it is still being sent.
  request.on('error', () => undefined)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const isJson = response.headers['content-type']?.startsWith('application/json') === true
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Answer['json']) : {},
  }
}

export function openBrowser(url: string): Browser {
  const cookies = new Map<string, string>()
  const headers = (): Record<string, string> => ({
    origin: url,
    'sec-fetch-site': 'same-origin',
    ...(cookies.size > 0 ? { cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ') } : {}),
  })
  const browser: Browser = {
    cookies,
    async ask(path, options = {}) {
      const answer = await ask(url, path, { ...options, headers: { ...headers(), ...options.headers } })
      for (const cookie of answer.headers['set-cookie'] ?? []) keepCookie(cookies, cookie)
      return answer
    },
    logIn: (username, password = PASSWORD) =>
      browser.ask('/api/accounts/login', { method: 'POST', body: { username, password } }),
    call: (method, params = {}, command) =>
      browser.ask(`/api/call/${method}`, {
        method: 'POST',
        body: params,
        ...(command === undefined ? {} : { headers: { 'idempotency-key': command } }),
      }),
    open: (options) => openSocket(url, headers(), options),
    async connect() {
      const socket = await openSocket(url, headers())
      await hello(socket)
      return socket
    },
  }
  return browser
}

function keepCookie(cookies: Map<string, string>, cookie: string): void {
  const [pair = ''] = cookie.split(';')
  const at = pair.indexOf('=')
  if (cookie.includes('Max-Age=0')) cookies.delete(pair.slice(0, at))
  else cookies.set(pair.slice(0, at), pair.slice(at + 1))
}

export function hello(socket: Socket): Promise<Message> {
  return socket.call('system.hello', { version: PROTOCOL_VERSION, client: randomId('cli') })
}

/** Opens a WebSocket with exactly these headers. Rejects with an Error that has the status in its message. */
export async function openSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
  options: ClientOptions = {},
): Promise<Socket> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/api/ws/mux`, { headers, perMessageDeflate: false, ...options })
  const messages = openInbox<Message>()
  const frames = openInbox<Buffer>()
  const raw: string[] = []
  const answers = new Map<RequestId, (message: Message) => void>()
  let lastId = 0
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      frames.put(data)
      return
    }
    const text = data.toString()
    raw.push(text)
    const message = JSON.parse(text) as Message
    const answer = answers.get(message.id ?? '')
    if (answer === undefined) messages.put(message)
    else answer(message)
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  await once(ws, 'open')
  ws.on('error', () => undefined)
  const send = (message: object | string): void => {
    ws.send(typeof message === 'string' ? message : JSON.stringify(message))
  }
  return {
    ws,
    messages,
    frames,
    raw,
    closed,
    send,
    call(method, params = {}, more = {}) {
      lastId += 1
      const id = `c${lastId}`
      const answered = new Promise<Message>((resolve) => answers.set(id, resolve))
      send({ jsonrpc: '2.0', id, method, params, ...more })
      return answered.finally(() => answers.delete(id))
    },
  }
}
