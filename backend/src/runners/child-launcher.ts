import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OctoError, PROTOCOL_VERSION, type RunnerConfig, type RunnerHealth, type User } from '@octo/protocol'
import type { Home } from '../lib/home.ts'
import type { Log, LogLevel } from '../lib/log.ts'
import { version } from '../lib/version.ts'
import { askHealth } from './health.ts'
import type { Launcher, RunningRunner } from './launcher.ts'
import { boundLogFile, lastReason, openLogFile } from './log-file.ts'

/** A start takes a third of a second; this is for a machine that does ten other things. */
const START_MS = 20_000
/** A runner gives itself five seconds to end; then it is killed. */
const STOP_MS = 8_000
const ENDED_POLL_MS = 50
const BOUND_LOG_MS = 600_000

export interface ChildLauncherOptions {
  readonly home: Home
  /** Where the runners' sockets are. */
  readonly sockets: string
  readonly config: RunnerConfig
  readonly logLevel: LogLevel
  /** The file mode mask that the user has outside octo; what agents make in workspaces follows it. */
  readonly umask: number
  readonly log: Log
}

interface Places {
  readonly socket: string
  readonly home: string
  readonly config: string
  readonly log: string
}

/**
 * Runs runners as processes of this one's user, each in a process group of its own, so that they outlive a killed
 * backend and are found again by the next. Between the users of several such runners nothing stands but octo itself:
 * for a team, each needs a system user of their own.
 */
export class ChildLauncher implements Launcher {
  readonly #options: ChildLauncherOptions
  /** Launched before anybody asked, by name. */
  readonly #ahead = new Map<string, Promise<RunningRunner>>()
  readonly #started = new WeakSet<RunningRunner>()

  constructor(options: ChildLauncherOptions) {
    this.#options = options
  }

  launch({ name }: Pick<User, 'name'>): Promise<RunningRunner> {
    const ahead = this.#ahead.get(name)
    this.#ahead.delete(name)
    return ahead ?? this.#findOrStart(name)
  }

  /**
   * Launches the runner that is likely to be wanted, while the rest of the server still starts: the only one that this
   * home has ever had.
   */
  launchAhead(): void {
    const [name, ...others] = readdirSync(this.#options.home.runners)
    if (name === undefined || others.length > 0) return
    const running = this.#findOrStart(name)
    // Whoever asks for it gets the failure; until then nobody waits for it.
    running.catch(() => undefined)
    this.#ahead.set(name, running)
  }

  /** Ends what was started ahead and nobody asked for; a runner that was found stays. */
  async close(): Promise<void> {
    for (const launched of await Promise.allSettled(this.#ahead.values())) {
      if (launched.status === 'fulfilled' && this.#started.has(launched.value)) await launched.value.stop()
    }
  }

  async #findOrStart(name: string): Promise<RunningRunner> {
    const { home, sockets, log } = this.#options
    const places: Places = {
      socket: join(sockets, `runner-${name}.sock`),
      home: join(home.runners, name),
      config: join(home.run, `runner-${name}.json`),
      log: join(home.runners, name, 'runner.log'),
    }
    const found = await askHealth(places.socket)
    if (found?.version === version && found.protocol === PROTOCOL_VERSION) {
      log.info('runners.found', { runner: name, pid: found.pid })
      return this.#running(places, found, null)
    }
    if (found !== null) {
      log.info('runners.replaced', { runner: name, pid: found.pid, version: found.version })
      await endProcess(found.pid)
    }
    return this.#start(name, places)
  }

  async #start(name: string, places: Places): Promise<RunningRunner> {
    const startedAt = performance.now()
    const child = this.#spawn(places)
    try {
      await readyLine(child, places)
      const health = await askHealth(places.socket)
      if (health === null) throw unavailable('it does not answer on its socket')
      const ms = Math.round(performance.now() - startedAt)
      this.#options.log.info('runners.started', { runner: name, pid: health.pid, ms })
      const running = this.#running(places, health, child)
      this.#started.add(running)
      return running
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  #spawn(places: Places): ChildProcess {
    const { config, logLevel, umask } = this.#options
    mkdirSync(places.home, { recursive: true, mode: 0o700 })
    writeFileSync(places.config, JSON.stringify(config), { mode: 0o600 })
    const options = ['--socket', places.socket, '--home', places.home, '--config', places.config]
    const logFile = openLogFile(places.log)
    const own = process.umask(umask)
    try {
      const child = spawn(
        process.execPath,
        [runnerProgram(), 'serve', ...options, '--name', 'local', '--log-level', logLevel, '--json'],
        // Its log goes to a file, because a pipe would break when this process is killed.
        { detached: true, cwd: homedir(), stdio: ['ignore', 'pipe', logFile] },
      )
      child.unref()
      return child
    } finally {
      process.umask(own)
      closeSync(logFile)
    }
  }

  #running(places: Places, health: RunnerHealth, child: ChildProcess | null): RunningRunner {
    const ended = Promise.withResolvers<string>()
    const boundLog = setInterval(() => boundLogFile(places.log), BOUND_LOG_MS).unref()
    void ended.promise.then(() => clearInterval(boundLog))
    const why = (): string => lastReason(places.log) ?? 'The runner ended without saying why.'
    child?.once('exit', () => ended.resolve(why()))
    return {
      socket: places.socket,
      health,
      ended: ended.promise,
      async check() {
        const now = await askHealth(places.socket)
        if (now?.epoch !== health.epoch) ended.resolve(why())
      },
      async stop() {
        await endProcess(health.pid)
        ended.resolve('The runner was stopped.')
      },
    }
  }
}

/** Runs the scripted demo model in the foreground. @returns its exit code */
export async function runDemoModel({ port }: { readonly port?: number }): Promise<number> {
  const options = port === undefined ? [] : ['--port', String(port)]
  const child = spawn(process.execPath, [runnerProgram(), 'demo-model', ...options], { stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGTERM', pass)
  process.on('SIGINT', pass)
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 0
}

/** The runner's program, wherever the workspace has it. */
function runnerProgram(): string {
  return createRequire(import.meta.url).resolve('@octo/runner/bin')
}

/** Waits for the line that a runner prints when it listens. @throws OctoError `runner_unavailable` */
async function readyLine(child: ChildProcess, places: Places): Promise<void> {
  const { stdout } = child
  if (stdout === null) throw new Error('A runner was started without a standard output.')
  const stop = new AbortController()
  const { signal } = stop
  try {
    await Promise.race([
      once(stdout, 'data', { signal }),
      once(child, 'exit', { signal }).then(() => {
        throw unavailable(lastReason(places.log) ?? 'it ended at once')
      }),
      delay(START_MS, undefined, { signal }).then(() => {
        throw unavailable(`it was not ready within ${START_MS / 1_000} s`)
      }),
    ])
  } finally {
    stop.abort()
    // It says nothing more there; an open pipe would keep this process from ending.
    stdout.destroy()
  }
}

/** Ends a runner: asks it first, then kills its whole process group. */
async function endProcess(pid: number): Promise<void> {
  if (!signalProcess(pid, 'SIGTERM')) return
  const killAt = performance.now() + STOP_MS
  while (signalProcess(pid, 0)) {
    if (performance.now() > killAt) {
      signalProcess(-pid, 'SIGKILL')
      return
    }
    await delay(ENDED_POLL_MS)
  }
}

/** @returns whether there was such a process */
function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

function unavailable(reason: string): OctoError {
  return new OctoError('runner_unavailable', `Your runner could not be started: ${reason}`)
}
