import { homePath, openHome } from '../lib/home.ts'
import { lockHome } from '../lib/lock.ts'
import { createLog, type Log } from '../lib/log.ts'
import { readConfig } from '../config.ts'
import { type OctoServer, startServer } from '../server.ts'

export interface ServeOptions {
  readonly port?: number
  readonly host?: string
  readonly home?: string
  readonly json?: true
}

/**
 * Runs octo until a signal ends it.
 * @throws OctoError with a sentence for whoever started it, if it cannot start
 */
export async function serve(options: ServeOptions): Promise<void> {
  process.umask(0o077)
  const home = openHome(homePath(options.home))
  const unlock = lockHome(home.lock)
  try {
    const file = readConfig(home.config)
    const config = {
      ...file,
      server: { ...file.server, port: options.port ?? file.server.port, host: options.host ?? file.server.host },
    }
    const log = await createLog(config.log.level)
    const server = await startServer({ home, config, log })
    announce(server, options.json === true)
    log.info('octo.ready', { url: server.url, pid: process.pid, home: home.root })
    stopOnSignals(server, { log, unlock })
  } catch (error) {
    unlock()
    throw error
  }
}

function announce({ url, setupUrl }: OctoServer, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, setupUrl, pid: process.pid })}\n`)
  } else if (setupUrl === null) {
    process.stdout.write(`\n  octo runs at ${url}\n\n`)
  } else {
    process.stdout.write(`\n  octo runs. Open this address to make the first account:\n\n  ${setupUrl}\n\n`)
  }
}

function stopOnSignals(server: OctoServer, { log, unlock }: { readonly log: Log; readonly unlock: () => void }): void {
  let stopping = false
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info('octo.stopping', { signal })
    await server.close()
    unlock()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal))
}
