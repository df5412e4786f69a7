import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config, User } from '@octo/protocol'
import { accountRoutes, Accounts, openKeys, renewSetupSecret } from './accounts/index.ts'
import { adminMethods } from './admin/index.ts'
import { controlSocket, openControl } from './control.ts'
import { allowedAddresses, bracketed } from './gate/index.ts'
import { callRoutes, createRouteTable, HttpServer, StaticFiles } from './http/index.ts'
import { type Home, openHome } from './lib/home.ts'
import { lockHome } from './lib/lock.ts'
import type { Log } from './lib/log.ts'
import { Dispatcher, Mux } from './mux/index.ts'
import { protocolRoute } from './protocol-route.ts'
import { ChildLauncher, type Launcher, openSocketFolder, Runners } from './runners/index.ts'
import { healthRoute, systemMethods } from './system/index.ts'

export interface ServerOptions {
  readonly home: string
  readonly config: Config
  /** The file mode mask that the user has outside octo. */
  readonly umask: number
  readonly log: Log
  /** Another way to get runners than as child processes. */
  readonly launcher?: Launcher
  /** The built interface. */
  readonly files?: string
}

export interface Server {
  readonly url: string
  /** Where the first admin is made; `null` once there is one. The secret is in the fragment, which no server sees. */
  readonly setupUrl: string | null
  /** Ends everything, runners included. */
  close(): Promise<void>
}

/** Beside this package, wherever it was installed. */
const BUILT_INTERFACE = fileURLToPath(new URL('../../frontend/dist/app', import.meta.url))

/**
 * Starts octo on a home.
 * @throws OctoError with one sentence for people: the home is in use or cannot be written, the port is taken
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  await using opened = new AsyncDisposableStack()
  const { config, log } = options
  const home = openHome(options.home)
  opened.defer(lockHome(home))
  const http = new HttpServer()
  opened.defer(() => http.close())
  const port = await http.listen(config.server.host, config.server.port)
  const url = `http://${urlHost(config.server.host)}:${port}`

  const sockets = openSocketFolder(home.run)
  const launcher = options.launcher ?? launchAhead(options, home, sockets)
  opened.defer(() => launcher.close())
  const runners = new Runners(launcher, log)
  // Loaded while the runner starts on another core.
  const { openDatabase } = await import('./db/index.ts')
  const database = await openDatabase(join(home.backend, 'octo.db'))
  opened.defer(() => database.close())
  const keys = openKeys(join(home.backend, 'server.key'))
  const { idleDays } = config.accounts
  const accounts = new Accounts({ database, keys, idleDays, log })
  opened.defer(() => accounts.close())
  opened.defer(() => runners.stop())

  const dispatcher: Dispatcher = new Dispatcher(
    {
      ...systemMethods(runners),
      ...accounts.methods,
      ...adminMethods({ accounts, runners, url, sockets: () => mux.size }),
    },
    log,
  )
  const mux: Mux = new Mux({ accounts, dispatcher, runners, log })
  // Ended already at the top, if the start fails; here, because what answers requests has to outlive them.
  opened.defer(() => http.close())
  opened.defer(() => mux.close())
  const accountHandlers = accountRoutes(accounts, idleDays)
  const calls = callRoutes({ accounts, dispatcher, runners })
  const findRoute = createRouteTable({
    open: { ...accountHandlers.open, 'GET /api/health': healthRoute(accounts), 'GET /api/protocol': protocolRoute },
    user: { ...accountHandlers.user, 'POST /api/call/:method': calls.call },
    runner: calls.runner,
  })
  http.open({
    allowed: allowedAddresses({ ...config.server, port }),
    accounts,
    findRoute,
    files: new StaticFiles(options.files ?? BUILT_INTERFACE),
    upgrade: (request, at, admitted) => mux.upgrade(request, at, admitted),
    log,
  })
  opened.defer(await openControl(controlSocket(sockets), dispatcher, log))
  const secret = await renewSetupSecret(database)
  const startRunner = (owner: User): void => void runners.of(owner)
  accounts.onSetup(startRunner)
  const owner = await accounts.firstAdmin()
  if (owner !== null) startRunner(owner)

  const everything = opened.move()
  return {
    url,
    setupUrl: secret === null ? null : `${url}/#setup=${secret}`,
    close: () => everything.disposeAsync(),
  }
}

function launchAhead({ config, umask, log }: ServerOptions, home: Home, sockets: string): Launcher {
  const { agents, terminals } = config
  const logLevel = config.log.level
  const launcher = new ChildLauncher({ home, sockets, config: { agents, terminals }, logLevel, umask, log })
  launcher.launchAhead()
  return launcher
}

/** What listens on every address is reached on loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '[::1]' : bracketed(host)
}
