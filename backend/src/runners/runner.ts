import { setTimeout as delay } from 'node:timers/promises'
import { OctoError, type RunnerStatus, type User } from '@octo/protocol'
import type { Log } from '../lib/log.ts'
import type { Launcher, RunningRunner } from './launcher.ts'

/** The only runner of a user there is today. */
export const USUAL_RUNNER = 'local'

const FIRST_RETRY_MS = 500
/** What fails again and again is tried this often: somebody may have mended it. */
const MAX_RETRY_MS = 30_000
/** A runner that lived this long was well: the next failure is a first one. */
const STABLE_MS = 60_000
/** How long a call waits for a runner that starts; a client of ours repeats it anyway. */
const READY_WAIT_MS = 15_000

export interface RunnerOptions {
  readonly owner: User
  readonly launcher: Launcher
  readonly log: Log
  readonly onChange: (runner: Runner) => void
}

/** The runner of one user: starts it, notices its end, and starts it again. */
export class Runner {
  readonly owner: User
  readonly #options: RunnerOptions
  readonly #stop = new AbortController()
  #running: RunningRunner | null = null
  #status: RunnerStatus = { runner: USUAL_RUNNER, state: 'starting', capabilities: [] }
  #next = Promise.withResolvers<void>()
  readonly #loop: Promise<void>

  constructor(options: RunnerOptions) {
    this.owner = options.owner
    this.#options = options
    this.#loop = this.#keepRunning()
  }

  get status(): RunnerStatus {
    return this.#status
  }

  /** The process, while one answers. */
  get running(): RunningRunner | null {
    return this.#running
  }

  /**
   * Waits until the runner answers.
   * @throws OctoError `runner_unavailable` if it does not in time, or its last start failed
   */
  async ready(): Promise<RunningRunner> {
    const giveUpAt = performance.now() + READY_WAIT_MS
    while (this.#running === null) {
      const leftMs = giveUpAt - performance.now()
      if (this.#status.state === 'lost' || leftMs <= 0 || this.#stop.signal.aborted) {
        throw new OctoError('runner_unavailable', this.#status.reason ?? 'Your runner is still starting. Try again.')
      }
      await atMost(this.#next.promise, leftMs)
    }
    return this.#running
  }

  /** A connection to it failed: looks whether it still lives. */
  async suspect(): Promise<void> {
    await this.#running?.check()
  }

  /** Ends the runner and does not start it again. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running?.stop()
    await this.#loop
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#stop
    let failures = 0
    while (!signal.aborted) {
      const launchedAt = performance.now()
      const reason = await this.#runOnce()
      if (signal.aborted) return
      failures = performance.now() - launchedAt > STABLE_MS ? 1 : failures + 1
      this.#set({ state: 'lost', reason })
      this.#options.log.warn('runners.lost', { runner: this.owner.name, reason, failures })
      // The first end is answered at once: users wait.
      const waitMs = failures === 1 ? 0 : Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 2))
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted && failures === 1) this.#set({ state: 'starting' })
    }
  }

  /** @returns why it ended, or could not be started */
  async #runOnce(): Promise<string> {
    try {
      const running = await this.#options.launcher.launch(this.owner)
      this.#running = running
      const { epoch, version } = running.health
      if (this.#stop.signal.aborted) await running.stop()
      else this.#set({ state: 'ready', epoch, version })
      return await running.ended
    } catch (error) {
      if (!(error instanceof OctoError)) {
        this.#options.log.error('runners.start_failed', { runner: this.owner.name, error })
        return 'Your runner could not be started. The log of the server has the details.'
      }
      return error.message
    } finally {
      this.#running = null
    }
  }

  #set(change: Pick<RunnerStatus, 'state' | 'reason' | 'epoch' | 'version'>): void {
    this.#status = { runner: USUAL_RUNNER, capabilities: [], ...change }
    const { resolve } = this.#next
    this.#next = Promise.withResolvers()
    resolve()
    this.#options.onChange(this)
  }
}

async function atMost(work: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, ms)
  await Promise.race([work, late.promise])
  clearTimeout(timer)
}
