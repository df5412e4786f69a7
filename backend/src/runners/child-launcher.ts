import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { type Config, OctoError, PROTOCOL_VERSION, type RunnerHealth, type User } from '@octo/protocol'
import type { Home } from '../lib/home.ts'
import type { Log } from '../lib/log.ts'
import { version } from '../lib/version.ts'
import type { FoundRunner, Launcher } from './launcher.ts'
import { askHealth } from './runner-http.ts'

/** From the start of the process to its readiness; it is a tenth of this on a busy machine. */
const START_TIMEOUT_MS = 15_000

/** A runner ends agents and terminals before it ends itself. */
const STOP_TIMEOUT_MS = 8_000

/** How often a process that is not our child is looked at while it ends. */
const LOOK_EVERY_MS = 50

/** Linux keeps 108 bytes for the path of a socket, its ending NUL included. */
const MAX_SOCKET_PATH_BYTES = 107

interface Known {
  readonly pid: number
  readonly child: ChildProcess | null
}

/**
 * Starts runners as processes of its own, under the same Linux user. This keeps the runners of several users apart in
 * name only: it is for one person on their own machine.
 *
 * A runner is in a process group of its own and outlives a backend that is killed; the next one finds it by its socket.
 */
export class ChildLauncher implements Launcher {
  readonly #home: Home
  readonly #config: Config
  readonly #log: Log
  readonly #known = new Map<string, Known>()
  readonly #sockets: string

  constructor(options: { readonly home: Home; readonly config: Config; readonly log: Log }) {
    this.#home = options.home
    this.#config = options.config
    this.#log = options.log
    this.#sockets = socketFolder(options.home)
  }

  async launch(user: User): Promise<FoundRunner> {
    const socketPath = join(this.#sockets, `runner-${user.name}.sock`)
    const health = await askHealth(socketPath)
    if (health !== null && health.protocol === PROTOCOL_VERSION && health.version === version) {
      this.#remember(user.name, { pid: health.pid, child: this.#known.get(user.name)?.child ?? null })
      return { socketPath, health }
    }
    if (health !== null) await this.#retire(health)
    await this.#start(user, socketPath)
    const started = await askHealth(socketPath)
    if (started === null) throw unavailable('it was ready, but does not answer')
    return { socketPath, health: started }
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#known.values(), (known) => this.#stop(known)))
    this.#known.clear()
  }

  #remember(name: string, known: Known): void {
    this.#known.set(name, known)
  }

  /** A runner of another version: its agents end, and their turns are marked as interrupted. */
  async #retire(health: RunnerHealth): Promise<void> {
    this.#log.info('runners.replaced', { pid: health.pid, version: health.version })
    await this.#stop({ pid: health.pid, child: null })
  }

  async #start(user: User, socketPath: string): Promise<void> {
    const home = join(this.#home.runners, user.name)
    mkdirSync(home, { recursive: true, mode: 0o700 })
    const { agents, terminals } = this.#config
    const configPath = join(home, 'config.json')
    writeFileSync(configPath, JSON.stringify({ agents, terminals }), { mode: 0o600 })
    const child = spawn(
      process.execPath,
      [
        runnerProgram(),
        'serve',
        '--socket',
        socketPath,
        '--home',
        home,
        '--config',
        configPath,
        '--log-level',
        this.#config.log.level,
        '--json',
      ],
      { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env: runnerEnvironment() },
    )
    const ended = once(child, 'exit')
    try {
      await readiness(child)
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
    child.unref()
    const { pid } = child
    if (pid === undefined) throw unavailable('it could not be started')
    this.#remember(user.name, { pid, child })
    this.#log.info('runners.started', { user: user.name, pid })
    void ended.then(([code, signal]: unknown[]) => {
      if (this.#known.get(user.name)?.pid === pid) this.#known.delete(user.name)
      this.#log.info('runners.ended', { user: user.name, pid, code, signal })
      return undefined
    })
  }

  async #stop({ pid }: Known): Promise<void> {
    sendSignal(pid, 'SIGTERM')
    const deadline = performance.now() + STOP_TIMEOUT_MS
    while (isAlive(pid) && performance.now() < deadline) await delay(LOOK_EVERY_MS)
    if (isAlive(pid)) sendSignal(pid, 'SIGKILL')
  }
}

function runnerProgram(): string {
  return createRequire(import.meta.url).resolve('@octo/runner/bin')
}

/** Nothing of the backend's own goes to a runner: it starts agents, which read their environment. */
function runnerEnvironment(): Record<string, string> {
  const kept = [
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    'TZ',
    'TMPDIR',
    'XDG_RUNTIME_DIR',
    'SSH_AUTH_SOCK',
  ]
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

/** Waits for the line that says the runner listens. */
async function readiness(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('a runner was started without a standard output')
  const lines = createInterface({ input: child.stdout })
  const signal = AbortSignal.timeout(START_TIMEOUT_MS)
  const ready = once(lines, 'line', { signal }).then(() => null)
  const failed = Promise.race([
    once(child, 'exit', { signal }).then(([code]) => `it ended with ${String(code)}; its log says why`),
    once(child, 'error', { signal }).then(([error]) => String(error)),
  ])
  const reason = await Promise.race([ready, failed]).catch(
    () => `it was not ready within ${START_TIMEOUT_MS / 1_000} seconds`,
  )
  lines.close()
  child.stdout.destroy()
  if (reason !== null) throw unavailable(reason)
}

function unavailable(reason: string): OctoError {
  return new OctoError('runner_unavailable', `Your runner could not be started: ${reason}.`)
}

/** Beside the home, or where a path is short enough: a folder that is this user's alone. */
function socketFolder(home: Home): string {
  const longest = join(home.run, `runner-${'n'.repeat(31)}.sock`)
  if (Buffer.byteLength(longest) <= MAX_SOCKET_PATH_BYTES) return home.run
  const digest = createHash('sha256').update(home.root).digest('hex').slice(0, 16)
  const folder = join(tmpdir(), `octo-${process.getuid?.() ?? 0}-${digest}`)
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
  const { uid } = lstatSync(folder)
  if (!lstatSync(folder).isDirectory() || uid !== process.getuid?.()) {
    throw new OctoError('permission_denied', `${folder} belongs to somebody else. Choose a shorter --home.`)
  }
  chmodSync(folder, 0o700)
  return folder
}

function sendSignal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Runs a command of the runner's program in the foreground, with this process's terminal.
 * @returns its exit code
 */
export async function runRunner(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [runnerProgram(), ...args], { stdio: 'inherit' })
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill(name))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
