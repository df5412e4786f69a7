import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { OctoError } from '@octo/protocol'

/**
 * Makes this process the only one on a home.
 * @returns a function that gives the lock back
 * @throws OctoError `exists` if another process that lives holds it
 */
export function lockHome(path: string): () => void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const file = openSync(path, 'wx', 0o600)
      writeSync(file, `${process.pid} ${startOf(process.pid) ?? ''}\n`)
      closeSync(file)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || attempt > 0) throw error
      const [pid = '', start = ''] = readFileSync(path, 'utf8').trim().split(' ')
      if (startOf(Number(pid)) === start && start !== '') {
        throw new OctoError(
          'exists',
          `octo runs on this home already, as process ${pid}. End that one, or choose another --home.`,
        )
      }
      rmSync(path, { force: true })
    }
  }
}

/** When a process started, in the kernel's ticks: a process id alone may belong to somebody else by now. */
function startOf(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return fields?.[19] ?? null
  } catch {
    // There is no such process.
    return null
  }
}
