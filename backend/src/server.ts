import { createServer, type Server } from 'node:http'
import { chmodSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Config, OctoError, type User, type UserId } from '@octo/protocol'
import { AccessTokens, openTokenKey } from './accounts/access-token.ts'
import { Accounts } from './accounts/accounts.ts'
import { Authenticator } from './accounts/authenticate.ts'
import { Logins } from './accounts/logins.ts'
import { Tokens } from './accounts/tokens.ts'
import { status } from './admin/status.ts'
import { openDatabase } from './db/open.ts'
import { allowedAddresses } from './gate/addresses.ts'
import { createHttpApp } from './http-app.ts'
import type { Home } from './lib/home.ts'
import type { Log } from './lib/log.ts'
import { Hub } from './mux/hub.ts'
import { Methods } from './mux/methods.ts'
import { ChildLauncher } from './runners/child-launcher.ts'
import { Runners } from './runners/registry.ts'

/** Headers must have come within this time; a body may take long, but not stand still. */
const HEADERS_TIMEOUT_MS = 10_000
const IDLE_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 5_000
const MAX_HEADER_BYTES = 16_384
const MAX_CONNECTIONS = 2_000

export interface OctoServer {
  readonly url: string
  /** The address that makes the first account; `null` when there is one. */
  readonly setupUrl: string | null
  close(): Promise<void>
}

/**
 * Starts the backend.
 * @throws OctoError `exists` if the port is taken, and what opening the database throws
 */
export async function startServer(options: {
  readonly home: Home
  readonly config: Config
  readonly log: Log
}): Promise<OctoServer> {
  const { home, config, log } = options
  const startedAt = Date.now()
  const db = await openDatabase(home.database)
  const logins = new Logins(db, { idleDays: config.accounts.idleDays })
  const accounts = new Accounts(db, logins)
  const access = new AccessTokens(openTokenKey(home.tokenKey))
  const authenticator = new Authenticator({ access, logins, tokens: new Tokens(db) })
  const runners = new Runners(new ChildLauncher({ home, config, log }))
  const server = createHttpServer()
  const { port } = await listen(server, config.server)
  const url = `http://${config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host}:${port}`
  const addresses = allowedAddresses(config.server, port)
  const methods = new Methods({
    accounts,
    logins,
    runners,
    status: () => status({ accounts, runners, startedAt, url: () => url, sockets: () => hub.size }),
  })
  const hub = new Hub(server, { addresses, authenticator, methods, runners, log })
  logins.onEnd((ended) => hub.endOf(ended))
  const app = createHttpApp({ addresses, accounts, logins, access, authenticator, methods, runners, log })
  const listener = getRequestListener(app.fetch)
  server.on('request', (request, response) => void listener(request, response))
  const control = await startControl(home, methods)
  const setupUrl = (await accounts.needsSetup()) ? `${url}/#setup=${await accounts.newSetupSecret()}` : null
  return {
    url,
    setupUrl,
    async close() {
      hub.close()
      control.close()
      server.closeAllConnections()
      server.close()
      await runners.close()
      await db.destroy()
      rmSync(home.control, { force: true })
    },
  }
}

function createHttpServer(): Server {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    // Uploads may last; what must not is silence.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connectionsCheckingInterval: 2_000,
  })
  server.setTimeout(IDLE_TIMEOUT_MS)
  server.maxConnections = MAX_CONNECTIONS
  return server
}

function listen(server: Server, { host, port }: Config['server']): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port)))
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new OctoError('exists', `Port ${port} is taken. Choose another one with --port.`, { cause: error })
  if (error.code === 'EACCES')
    return new OctoError('permission_denied', `Port ${port} needs more rights. Choose one above 1023 with --port.`, {
      cause: error,
    })
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new OctoError('bad_request', `This machine has no address ${host}. Correct --host.`, { cause: error })
  }
  return error
}

/** Whoever can open the control socket is the user octo runs as, and so its admin. */
const LOCAL_ADMIN: User = { id: `usr_${'a'.repeat(26)}` as UserId, name: 'local', role: 'admin', createdAt: 0 }

/** Serves `octoctl` on a socket that only this Linux user can open. */
async function startControl(home: Home, methods: Methods): Promise<Server> {
  rmSync(home.control, { force: true })
  const control = createServer((request, response) => {
    const answer = request.method === 'POST' && request.url === '/api/call/admin.status'
    const result = answer
      ? methods.call('admin.status', {}, { user: LOCAL_ADMIN, grant: 'local', login: null })
      : Promise.reject(new Error('unknown'))
    result.then(
      (value) => response.end(JSON.stringify({ result: value })),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve, reject) => control.once('error', reject).listen(home.control, resolve))
  chmodSync(home.control, 0o600)
  return control
}
