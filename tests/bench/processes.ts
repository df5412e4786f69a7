import { readFileSync } from 'node:fs'
import type { Workbench } from './workbench.ts'

/** Resident memory of a process in bytes, as the kernel counts it. */
export function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`process ${pid} says nothing of its memory`)
  return Number(kilobytes) * 1_024
}

/** The process id of the user's runner, from the status an admin sees. */
export async function runnerPid({ client }: Workbench): Promise<number> {
  const status = await client.call('admin.status', {})
  const pid = status.runners[0]?.process?.pid
  if (pid === undefined) throw new Error('the status names no runner')
  return pid
}
