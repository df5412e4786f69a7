import type { User, UserId } from '@octo/protocol'
import type { Log } from '../lib/log.ts'
import type { Launcher } from './launcher.ts'
import { Runner } from './runner.ts'

type Listener = (runner: Runner) => void

/** The runners of all users, each started when its user first needs it. */
export class Runners {
  readonly #byUser = new Map<UserId, Runner>()
  readonly #listeners = new Map<UserId, Set<Listener>>()
  readonly #launcher: Launcher
  readonly #log: Log

  constructor(launcher: Launcher, log: Log) {
    this.#launcher = launcher
    this.#log = log
  }

  /** The runner of a user; begins to start it if nobody did. */
  of(owner: User): Runner {
    const known = this.#byUser.get(owner.id)
    if (known !== undefined) return known
    const runner = new Runner({
      owner,
      launcher: this.#launcher,
      log: this.#log,
      onChange: (changed) => this.#changed(changed),
    })
    this.#byUser.set(owner.id, runner)
    return runner
  }

  /** Those that were needed since the start. */
  all(): Runner[] {
    return [...this.#byUser.values()]
  }

  /**
   * Calls `listener` whenever the state of a user's runner changes.
   * @returns a function that ends it
   */
  onChange(user: UserId, listener: Listener): () => void {
    const listeners = this.#listeners.get(user) ?? new Set()
    this.#listeners.set(user, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(user)
    }
  }

  /** Ends every runner that was started or found. */
  async stop(): Promise<void> {
    await Promise.all(this.all().map((runner) => runner.stop()))
  }

  #changed(runner: Runner): void {
    for (const listener of this.#listeners.get(runner.owner.id) ?? []) listener(runner)
  }
}
