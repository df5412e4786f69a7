import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

/** A start takes well below a second; this is for a machine that does ten other things. */
const START_TIMEOUT_MS = 30_000

interface Ready {
  readonly url: string
  readonly setupUrl: string | null
  readonly pid: number
}

/** The started product: `octo serve` on a home of its own. */
export interface Product {
  readonly url: string
  /** Address of the form that makes the first account, with its one-time secret. */
  readonly setupUrl: string
  readonly pid: number
  readonly home: string
  /** What it has logged so far, for a test that fails. */
  log(): string
  /** Starts it again on the same home, after `stop` or a kill. */
  restart(): Promise<Product>
  /** Ends it as a service manager would, and waits for its end. */
  stop(): Promise<void>
  /** Kills the backend alone, at once. */
  kill(): Promise<void>
}

export interface ProductOptions {
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  readonly port?: number
}

/** Makes a folder for one test; remove it when the test is over. */
export async function temporaryFolder(name: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `octo-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/**
 * Starts octo and waits until it says that it is ready.
 * @throws Error with what it logged, if it ends before that or takes too long
 */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const child = spawn(
    join(BIN, 'octo'),
    ['serve', '--port', String(options.port ?? 0), '--home', options.home, '--json'],
    {
      env: cleanEnvironment(options),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const logged: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => logged.push(text))
  const ready = await readyLine(child, logged)
  const ended = once(child, 'exit')
  return {
    url: ready.url,
    setupUrl: ready.setupUrl ?? '',
    pid: ready.pid,
    home: options.home,
    log: () => logged.join(''),
    restart: () => startProduct({ ...options, port: Number(new URL(ready.url).port) }),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Only what a fresh login would have, so that nothing of this machine decides a test. */
function cleanEnvironment({ home, env }: ProductOptions): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    TERM: 'dumb',
    ...env,
  }
}

async function readyLine(child: ChildProcess, logged: readonly string[]): Promise<Ready> {
  if (child.stdout === null) throw new Error('octo was started without a standard output')
  const lines = createInterface({ input: child.stdout })
  const signal = AbortSignal.timeout(START_TIMEOUT_MS)
  const first = await Promise.race([
    once(lines, 'line', { signal }).then(([line]) => String(line)),
    once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`octo ended with ${String(code)} before it was ready:\n${logged.join('')}`)
    }),
  ])
  return JSON.parse(first) as Ready
}
