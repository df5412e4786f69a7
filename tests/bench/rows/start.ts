import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { median, type Row, row, timed } from '../measure.ts'
import { memoryOf, runnerPid } from '../processes.ts'
import { startProduct, temporaryFolder } from '../../support/product.ts'
import { openTerminal, openWorkbench, outputHas } from '../workbench.ts'

const MEGABYTE = 1_048_576
const ROUNDS = 5
const TERMINALS = 20

/** Start to the first answer, and memory with nothing to do and per terminal. */
export async function start(): Promise<Row[]> {
  const starts: number[] = []
  const bare: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    starts.push(await startOnce())
    bare.push(await timed(bareServer))
  }
  return [
    row('start to first answer', 'ms', { value: median(starts), floor: median(bare) }, { atMost: 700 }),
    ...(await memory()),
  ]
}

async function startOnce(): Promise<number> {
  const home = await temporaryFolder('bench-start')
  let stop = async (): Promise<void> => {}
  const ms = await timed(async () => {
    const product = await startProduct({ home: home.path })
    stop = () => product.stop()
    await (await fetch(new URL('/api/health', product.url))).json()
  })
  await stop()
  await home.remove()
  return ms
}

/** The floor: a Node that serves one answer. */
async function bareServer(): Promise<void> {
  const code =
    "require('node:http').createServer((q,s)=>s.end('{}')).listen(0,'127.0.0.1',function(){console.log(this.address().port)})"
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  await (await fetch(`http://127.0.0.1:${port.toString().trim()}`)).text()
  child.kill()
  await once(child, 'exit')
}

async function memory(): Promise<Row[]> {
  const workbench = await openWorkbench()
  const runner = await runnerPid(workbench)
  const idle = memoryOf(workbench.product.pid) + memoryOf(runner)
  await fullTerminal(workbench)
  const before = memoryOf(runner)
  for (let at = 0; at < TERMINALS; at += 1) await fullTerminal(workbench)
  const each = (memoryOf(runner) - before) / TERMINALS
  await workbench.close()
  return [
    row('memory of backend and runner, idle', 'MiB', { value: idle / MEGABYTE }, { atMost: 150 }),
    row('memory per terminal with 1,000 lines', 'MiB', { value: each / MEGABYTE }, { atMost: 0.6 }),
  ]
}

async function fullTerminal(workbench: Awaited<ReturnType<typeof openWorkbench>>): Promise<void> {
  const terminal = await openTerminal(workbench)
  const filled = outputHas(terminal, 'all-done')
  terminal.type('seq -f "%.0f a line as they are" 1000; echo all-"done"\n')
  await filled
}
