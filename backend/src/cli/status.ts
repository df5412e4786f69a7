import type { Status } from '@octo/protocol'

type Runner = Status['runners'][number]

/** Says for people what `admin.status` answered. */
export function printStatus({ backend, runners }: Status): string {
  const facts = `version ${backend.version}, process ${backend.pid}, ${megabytes(backend.memoryBytes)}`
  const lines = [`octo ${backend.url}`, `  ${facts}`, `  ${backend.users} users, ${backend.sockets} open connections`]
  return `${[...lines, ...runners.flatMap(printRunner)].join('\n')}\n`
}

function printRunner({ name, state, reason, process: running, counts }: Runner): string[] {
  const lines = [`runner of ${name}: ${state}${reason === undefined ? '' : ` (${reason})`}`]
  if (running !== undefined) {
    lines.push(`  version ${running.version}, process ${running.pid}, ${megabytes(running.memoryBytes)}`)
  }
  if (counts !== undefined) {
    const { sessions, working, terminals, workspaces } = counts
    lines.push(`  ${workspaces} workspaces, ${sessions} sessions (${working} working), ${terminals} terminals`)
  }
  return lines
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`
}
