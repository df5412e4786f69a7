import { readdir, readFile } from 'node:fs/promises'

/** Every process started for a home folder, by its command line or environment; its number and command line. */
export async function processesOf(home: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [command, environment] = await Promise.all(['cmdline', 'environ'].map((file) => readOwn(pid, file)))
      const mine = Number(pid) !== process.pid && `${command}\0${environment}`.includes(home)
      return mine ? [`${pid} ${(command ?? '').replaceAll('\0', ' ').trim()}`] : []
    }),
  )
  return found.flat()
}

async function readOwn(pid: string, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    // It ended meanwhile, or it is somebody else's.
    if (error instanceof Error && 'code' in error) return ''
    throw error
  }
}
