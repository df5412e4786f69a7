/**
 * What admins see of the whole server.
 *
 * Promises: tells of processes, counts and sizes; never of what anybody's sessions hold.
 */
import type { Accounts } from '../accounts/index.ts'
import { version } from '../lib/version.ts'
import type { RoomMethods } from '../mux/index.ts'
import { askHealth, type Runner, type Runners } from '../runners/index.ts'

export interface AdminOptions {
  readonly accounts: Accounts
  readonly runners: Runners
  readonly url: string
  readonly sockets: () => number
}

const startedAt = Date.now() - process.uptime() * 1_000

/** The methods of the room. */
export function adminMethods({ accounts, runners, url, sockets }: AdminOptions): RoomMethods<'admin'> {
  return {
    'admin.status': async () => ({
      backend: {
        pid: process.pid,
        version,
        startedAt: Math.round(startedAt),
        memoryBytes: process.memoryUsage.rss(),
        url,
        users: await accounts.countUsers(),
        sockets: sockets(),
      },
      runners: await Promise.all(runners.all().map(statusOf)),
    }),
  }
}

async function statusOf({ owner, status, running }: Runner) {
  const known = { ...status, user: owner.id, name: owner.name }
  const health = running === null ? null : await askHealth(running.socket)
  if (health === null) return known
  const { pid, version: runnerVersion, startedAt: since, memoryBytes, counts } = health
  return { ...known, process: { pid, version: runnerVersion, startedAt: since, memoryBytes }, counts }
}
