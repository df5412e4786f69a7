import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawn } from 'node-pty'
import { memoryOf, runnerPid } from '../processes.ts'
import { type Row, row, timed } from '../measure.ts'
import { openTerminal, openWorkbench, outputHas } from '../workbench.ts'

const MEGABYTE = 1_048_576
const SIZE = 100 * MEGABYTE
/** Lines as a build prints them: some colour, some length. */
const LINE = `\u{1b}[32m[build]\u{1b}[0m compiling module ${'x'.repeat(40)} in 12 ms\r\n`

/** `cat` of 100 MB to a client that acknowledges at once, and what a reader that stands still costs the runner. */
export async function throughput(): Promise<Row[]> {
  const workbench = await openWorkbench()
  const file = join(workbench.workspace.path, 'large.txt')
  await writeFile(file, LINE.repeat(Math.ceil(SIZE / LINE.length)))
  const bareMs = await timed(() => bareCat(file))
  const terminal = await openTerminal(workbench)
  const oursMs = await timed(async () => {
    const done = outputHas(terminal, 'all-done')
    terminal.type(`cat large.txt; echo all-"done"\n`)
    await done
  })
  const stalled = await stalledReader(workbench)
  await workbench.close()
  const rate = (ms: number): number => SIZE / MEGABYTE / (ms / 1_000)
  return [
    row('terminal throughput to a client', 'MiB/s', { value: rate(oursMs), floor: rate(bareMs) }, { atLeast: 20 }),
    row('memory for a reader that stands still', 'MiB', { value: stalled }, { atMost: 8 }),
  ]
}

async function bareCat(file: string): Promise<void> {
  const pty = spawn('/bin/cat', [file], { cols: 80, rows: 24, encoding: null })
  pty.onData(() => {})
  await new Promise<void>((resolve) => pty.onExit(() => resolve()))
}

/** Grows by how much while a client reads nothing for one more flood of the same size. */
async function stalledReader(workbench: Awaited<ReturnType<typeof openWorkbench>>): Promise<number> {
  const { Client } = await import('../../support/client.ts')
  const second = await Client.connect(workbench.account)
  const watching = await openTerminal(workbench)
  await second.call('terminals.attach', { terminal: watching.terminal.id, stream: 1, client: second.clientId })
  second.pause()
  const pids = [workbench.product.pid, await runnerPid(workbench)]
  const before = pids.reduce((sum, pid) => sum + memoryOf(pid), 0)
  const done = outputHas(watching, 'all-done')
  watching.type(`cat large.txt; echo all-"done"\n`)
  await done
  const after = pids.reduce((sum, pid) => sum + memoryOf(pid), 0)
  second.resume()
  await second.close()
  return Math.max(0, after - before) / MEGABYTE
}
