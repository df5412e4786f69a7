import { readFile } from 'node:fs/promises'
import { issueText, OctoError, parseJson, randomId, RunnerConfig } from '@octo/protocol'
import { openHome } from './lib/home.ts'
import { createLog, type Log } from './lib/log.ts'
import { version } from './lib/version.ts'
import { createRooms } from './rooms.ts'
import { openStore } from './store/index.ts'
import { openWire } from './wire/index.ts'

/** Beyond this a stop is not waited for: whoever sent the signal will kill. */
const STOP_MS = 5_000

/** Unused blobs are looked for when the start's own work is done. */
const SWEEP_AFTER_MS = 60_000

export interface ServeOptions {
  readonly socket: string
  readonly home: string
  readonly config?: string
  readonly name: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly json?: true
}

/** Runs the runner until a signal ends it. A start that fails says why in one sentence and exits with 1. */
export async function serve(options: ServeOptions): Promise<void> {
  const log = createLog(options.logLevel, { runner: options.name })
  exitOnBugs(log)
  try {
    const stop = await start(options, log)
    stopOnSignals(stop, log)
  } catch (error) {
    if (!(error instanceof OctoError)) throw error
    log.error('runner.refused', { reason: error.message })
    process.exit(1)
  }
}

async function start(options: ServeOptions, log: Log): Promise<() => Promise<void>> {
  const startedAt = Date.now()
  const config = await readConfig(options.config)
  const asUser = process.umask(0o077)
  const home = await openHome(options.home)
  const store = await openStore({ path: home.database, log, onLost: (error) => endNow(log, error) })
  const rooms = await createRooms({ home, store, config, log })
  const identity = { version, epoch: randomId('epo'), startedAt }
  const wire = await openWire({ rooms: rooms.all, store, socket: options.socket, identity, log })
  // What octo keeps is private. What agents and shells make in workspaces gets the modes the user is used to.
  process.umask(asUser)
  const sweep = setTimeout(
    () => void rooms.blobs.sweep().catch((error: unknown) => log.warn('blobs.sweep_failed', { error })),
    SWEEP_AFTER_MS,
  )
  sweep.unref()
  log.info('runner.ready', { version, pid: process.pid, socket: options.socket, ms: Date.now() - startedAt })
  if (options.json) process.stdout.write(`${JSON.stringify({ socket: options.socket, pid: process.pid, version })}\n`)
  return async () => {
    clearTimeout(sweep)
    await wire.close()
    await rooms.close()
    await store.close()
  }
}

/** @throws OctoError `not_found`, `malformed`, or `bad_request` that says what in the file is wrong */
async function readConfig(path: string | undefined): Promise<RunnerConfig> {
  if (path === undefined) return RunnerConfig.parse({})
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new OctoError('not_found', `The configuration ${path} cannot be read.`, { cause: error })
  })
  const parsed = RunnerConfig.safeParse(parseJson(text))
  if (!parsed.success) throw new OctoError('bad_request', `${path}: ${issueText(parsed.error)}`)
  return parsed.data
}

function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1)
    stopping = true
    log.info('runner.stopping', { signal })
    setTimeout(() => {
      log.error('runner.stop_took_too_long', { ms: STOP_MS })
      process.exit(1)
    }, STOP_MS).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => endNow(log, error),
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

/** A promise nobody waited for concerns one call; an exception nobody caught may have left anything half done. */
function exitOnBugs(log: Log): void {
  process.on('unhandledRejection', (error) => log.error('runner.unhandled_rejection', { error }))
  process.on('uncaughtException', (error) => endNow(log, error))
}

/** Ends at once: what was acknowledged is in the store, and the next process takes it from there. */
function endNow(log: Log, error: unknown): void {
  log.error('runner.failed', { error })
  process.exit(1)
}
