import { OctoError, type RunnerStatus, type User } from '@octo/protocol'
import type { FoundRunner, Launcher } from './launcher.ts'
import { askHealth } from './runner-http.ts'

/** The name of a user's usual runner. */
export const LOCAL = 'local'

interface Entry {
  readonly user: User
  found: FoundRunner | null
  launching: Promise<FoundRunner> | null
}

/** Which runner serves whom, and where it is. One launch at a time per user, shared by all who wait for it. */
export class Runners {
  readonly #launcher: Launcher
  readonly #entries = new Map<string, Entry>()

  constructor(launcher: Launcher) {
    this.#launcher = launcher
  }

  /**
   * The user's runner, started if need be.
   * @throws OctoError `not_found` for a runner there is none of, `runner_unavailable` if it does not come up
   */
  async find(user: User, runner: string): Promise<FoundRunner> {
    if (runner !== LOCAL) throw new OctoError('not_found', `You have no runner "${runner}".`)
    const entry = this.#entry(user)
    if (entry.found !== null) return entry.found
    entry.launching ??= this.#launcher.launch(user)
    try {
      entry.found = await entry.launching
      return entry.found
    } finally {
      entry.launching = null
    }
  }

  /** Says that a runner did not answer where it was, so that the next who asks looks anew. */
  lost(user: User, gone: FoundRunner): void {
    const entry = this.#entry(user)
    if (entry.found === gone) entry.found = null
  }

  /** What a client is told of a user's runner. */
  status(user: User): RunnerStatus {
    const entry = this.#entries.get(user.id)
    if (entry?.found) return ready(entry.found)
    return { runner: LOCAL, state: entry?.launching ? 'starting' : 'lost', capabilities: [] }
  }

  /** All runners that are known, asked how they are. */
  async list(): Promise<{ readonly user: User; readonly found: FoundRunner | null }[]> {
    return Promise.all(
      Array.from(this.#entries.values(), async ({ user, found }) => {
        const health = found === null ? null : await askHealth(found.socketPath)
        return { user, found: found !== null && health !== null ? { ...found, health } : null }
      }),
    )
  }

  async close(): Promise<void> {
    await Promise.allSettled(Array.from(this.#entries.values(), async ({ launching }) => launching))
    await this.#launcher.close()
  }

  #entry(user: User): Entry {
    const known = this.#entries.get(user.id)
    if (known !== undefined) return known
    const entry: Entry = { user, found: null, launching: null }
    this.#entries.set(user.id, entry)
    return entry
  }
}

export function ready({ health }: FoundRunner): RunnerStatus {
  return { runner: LOCAL, state: 'ready', epoch: health.epoch, version: health.version, capabilities: [] }
}
