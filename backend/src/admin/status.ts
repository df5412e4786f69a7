import type { Result } from '@octo/protocol'
import type { Accounts } from '../accounts/accounts.ts'
import { version } from '../lib/version.ts'
import { LOCAL, ready, type Runners } from '../runners/registry.ts'

interface Parts {
  readonly accounts: Accounts
  readonly runners: Runners
  readonly startedAt: number
  readonly url: () => string
  readonly sockets: () => number
}

/** What an admin sees of this server: versions, processes, counts, memory. */
export async function status({ accounts, runners, startedAt, url, sockets }: Parts): Promise<Result<'admin.status'>> {
  const known = await runners.list()
  return {
    backend: {
      pid: process.pid,
      version,
      startedAt,
      memoryBytes: process.memoryUsage.rss(),
      url: url(),
      users: await accounts.count(),
      sockets: sockets(),
    },
    runners: known.map(({ user, found }) => {
      const owner = { user: user.id, name: user.name }
      if (found === null) return { ...owner, runner: LOCAL, state: 'lost', capabilities: [] }
      const { counts, pid, version: build, startedAt: since, memoryBytes } = found.health
      return { ...owner, ...ready(found), counts, process: { pid, version: build, startedAt: since, memoryBytes } }
    }),
  }
}
