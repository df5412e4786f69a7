import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** One process as `/proc` shows it. */
interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
}

/** Which processes belong together. */
export interface TreeQuery {
  /** The process everything began with; it leads a session of its own. */
  readonly root: number
  /** `NAME=value` in the environment of the root, which whatever it starts inherits. */
  readonly mark: string
}

/**
 * Finds the living processes of a tree: the root, its session and group, all descendants, and every process that still
 * carries the mark after its parents died (`setsid`, `nohup`, double forks). A process that both detached itself and
 * dropped its environment is not found; only a cgroup could hold that one.
 */
export async function findTree(query: TreeQuery): Promise<number[]> {
  return findTrees([query])
}

/** Finds the living processes of several trees with one look at the system. */
export async function findTrees(queries: readonly TreeQuery[]): Promise<number[]> {
  const entries = await listProcesses()
  const roots = new Set(queries.map((query) => query.root))
  const marks = new Set(queries.map((query) => query.mark))
  const found = new Set<number>()
  for (const entry of entries) {
    const own = roots.has(entry.pid) || roots.has(entry.group) || roots.has(entry.session)
    if (own || (await hasMark(entry.pid, marks))) found.add(entry.pid)
  }
  addDescendants(entries, found)
  found.delete(process.pid)
  return [...found]
}

/** Finds the processes that carry a mark, with all their descendants. */
export async function findMarked(mark: string): Promise<number[]> {
  return findTree({ root: -1, mark })
}

/** Sends a signal to each process; one that has gone meanwhile is no failure. @returns how many got it */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): number {
  let count = 0
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
      count += 1
    } catch (error) {
      if (!isGone(error)) throw error
    }
  }
  return count
}

/** A killed process is gone within microseconds, unless the kernel is busy for it; then we do not wait for ever. */
const DYING_MS = 5
const MAX_KILL_ROUNDS = 200

/**
 * Kills processes, and what those start meanwhile, until a look around finds none left.
 * @param find looks for those that live
 * @returns how many were killed
 */
export async function killUntilGone(find: () => Promise<number[]>): Promise<number> {
  const killed = new Set<number>()
  for (let round = 0; round < MAX_KILL_ROUNDS; round += 1) {
    const alive = await find()
    if (alive.length === 0) break
    signalAll(alive, 'SIGKILL')
    for (const pid of alive) killed.add(pid)
    await delay(DYING_MS)
  }
  return killed.size
}

function addDescendants(entries: readonly ProcessEntry[], found: Set<number>): void {
  const children = Map.groupBy(entries, (entry) => entry.parent)
  const queue = [...found]
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (found.has(child.pid)) continue
      found.add(child.pid)
      queue.push(child.pid)
    }
  }
}

/** Files of `/proc` read at the same time: a user may have more processes than a process may have files open. */
const READ_AT_ONCE = 64

async function listProcesses(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc')
  const pids = names.filter((name) => /^\d+$/u.test(name)).map(Number)
  const entries: (ProcessEntry | null)[] = []
  for (let at = 0; at < pids.length; at += READ_AT_ONCE) {
    entries.push(...(await Promise.all(pids.slice(at, at + READ_AT_ONCE).map(readEntry))))
  }
  return entries.filter((entry) => entry !== null)
}

/** `null` for a process that has gone, or is a zombie that only waits to be reaped. */
async function readEntry(pid: number): Promise<ProcessEntry | null> {
  const stat = await readProc(pid, 'stat')
  if (stat === null) return null
  // The name in parentheses may hold anything, so fields are counted from the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return null
  return { pid, parent: Number(fields[1]), group: Number(fields[2]), session: Number(fields[3]) }
}

async function hasMark(pid: number, marks: ReadonlySet<string>): Promise<boolean> {
  const environ = await readProc(pid, 'environ')
  return environ !== null && environ.split('\0').some((entry) => marks.has(entry))
}

/** Other users' processes cannot be read, and are not ours. */
async function readProc(pid: number, file: 'stat' | 'environ'): Promise<string | null> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'latin1')
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM' || code === 'ENOTDIR'
}
