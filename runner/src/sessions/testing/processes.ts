import { readFile } from 'node:fs/promises'

/** Whether a process lives; one that only waits to be reaped does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ' (gone) X')
  return !/^[ZX]/u.test(stat.slice(stat.lastIndexOf(')') + 2))
}
