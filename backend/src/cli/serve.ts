import { homeAt, homePath } from '../lib/home.ts'
import { createLog, type Log } from '../lib/log.ts'
import { loadConfig } from '../config.ts'
import { type Server, startServer } from '../server.ts'

/** Beyond this an end is not waited for; runners are told to end before it. */
const STOP_MS = 12_000

export interface ServeOptions {
  readonly port?: number
  readonly host?: string
  readonly home?: string
  readonly json?: true
}

/**
 * Serves until a signal ends it.
 * @throws OctoError with one sentence for people if it cannot start
 */
export async function serve(options: ServeOptions): Promise<void> {
  const home = homePath(options.home)
  const { config } = loadConfig(homeAt(home).config)
  const server = {
    ...config.server,
    port: options.port ?? config.server.port,
    host: options.host ?? config.server.host,
  }
  // What octo keeps is private; what users make gets the modes they are used to.
  const umask = process.umask(0o077)
  const log = await createLog(config.log.level)
  exitOnBugs(log)
  const starting = startServer({ home, config: { ...config, server }, umask, log })
  stopOnSignals(starting, log)
  const running = await starting
  log.info('server.ready', { url: running.url, pid: process.pid, ms: Math.round(process.uptime() * 1_000) })
  announce(running, options.json === true)
}

function announce({ url, setupUrl }: Server, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ url, setupUrl, pid: process.pid })}\n`)
  else if (setupUrl === null) process.stdout.write(`\n  octo is ready: ${url}\n\n`)
  else process.stdout.write(`\n  octo is ready. Make your account here; the address works once:\n\n  ${setupUrl}\n\n`)
}

/** A server that is told to end while it starts does so when it has started, so that nothing of it is left. */
function stopOnSignals(starting: Promise<Server>, log: Log): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1)
    stopping = true
    log.info('server.stopping', { signal })
    setTimeout(() => {
      log.error('server.stop_took_too_long', { ms: STOP_MS })
      process.exit(1)
    }, STOP_MS).unref()
    starting
      .then((server) => server.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('server.stop_failed', { error })
          process.exit(1)
        },
      )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

/** A promise nobody waited for concerns one request; an exception nobody caught may have left anything half done. */
function exitOnBugs(log: Log): void {
  process.on('unhandledRejection', (error) => log.error('server.unhandled_rejection', { error }))
  process.on('uncaughtException', (error) => {
    log.error('server.failed', { error })
    process.exit(1)
  })
}
