import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { TerminalId } from '@octo/protocol'
import { findTrees, killUntilGone, signalAll } from '../holder/index.ts'
import { MARKER_VARIABLE } from './shell.ts'

/** How long programs get to save and leave after the hang-up, before they are killed. */
const GRACE_MS = 400

/** The promise to the user: after this long, closing is over. */
const DEADLINE_MS = 5_000

const POLL_MS = 20

/** The processes of a terminal, by what its shell was. */
export interface ProcessTree {
  readonly terminal: TerminalId
  /** The shell: the leader of the terminal's session. */
  readonly pid: number
  /** When the shell started, in clock ticks since boot; it tells a later process with the same number apart. */
  readonly startedAt: number | null
}

/**
 * Ends every process of the trees: those in a terminal's session, those descended from its shell, and those that carry
 * its mark in their environment, however they were detached. They are hung up first, which is what programs expect of
 * a terminal that closes, and killed after {@link GRACE_MS}.
 * @returns the processes that were still there after {@link DEADLINE_MS}
 */
export async function killTrees(trees: readonly ProcessTree[]): Promise<number[]> {
  const deadline = performance.now() + DEADLINE_MS
  const members = await findMembers(trees)
  signalAll(members, 'SIGHUP')
  // What is stopped cannot hear the hang-up before it is continued.
  signalAll(members, 'SIGCONT')
  const graceEnds = performance.now() + GRACE_MS
  let left = await findMembers(trees)
  while (left.length > 0 && performance.now() < graceEnds) {
    await delay(POLL_MS)
    left = await findMembers(trees)
  }
  if (left.length === 0) return []
  await killUntilGone(async () => {
    left = await findMembers(trees)
    return performance.now() < deadline ? left : []
  })
  return left
}

function findMembers(trees: readonly ProcessTree[]): Promise<number[]> {
  return findTrees(trees.map((tree) => ({ root: rootOf(tree), mark: `${MARKER_VARIABLE}=${tree.terminal}` })))
}

/** No process, if the shell has ended and its number belongs to somebody else by now. */
function rootOf(tree: ProcessTree): number {
  const now = processStart(tree.pid)
  return now === null || now === tree.startedAt ? tree.pid : -1
}

/** When a process started, in clock ticks since boot; `null` if there is none. */
export function processStart(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may hold anything; the start is the twentieth field after it.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
}
