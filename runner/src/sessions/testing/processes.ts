import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether a process lives; one that only waits to be reaped does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ' (gone) X')
  return !/^[ZX]/u.test(stat.slice(stat.lastIndexOf(')') + 2))
}

/** Resolves when a process has gone. The kernel tells nobody but the parent, so it is looked for. */
export async function processGone(pid: number): Promise<void> {
  while (await isAlive(pid)) await delay(10)
}
