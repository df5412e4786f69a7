import { performance } from 'node:perf_hooks'
import { startBareTerminal } from '../bare-terminal.ts'
import { median, percentile, type Row, row } from '../measure.ts'
import { type AttachedTerminal, openTerminal, openWorkbench, outputHas } from '../workbench.ts'

const KEYS = 500

/** Key to echo: a key is sent, and the terminal's echo of it comes back. `cat` in the terminal keeps the shell out of it. */
export async function echo(): Promise<Row[]> {
  const workbench = await openWorkbench()
  const terminal = await openTerminal(workbench)
  const started = outputHas(terminal, 'ready')
  terminal.type('echo rea""dy; exec cat\n')
  await started
  const bare = await startBareTerminal('/bin/cat', [])
  // In turn, so that a slow moment of the machine meets both.
  const floor: number[] = []
  const ours: number[] = []
  for (let key = 0; key < KEYS; key += 1) {
    floor.push(
      await roundTrip(
        (done) => bare.socket.once('message', done),
        () => bare.socket.send('x'),
      ),
    )
    ours.push(
      await roundTrip(
        (done) => listenOnce(terminal, done),
        () => terminal.type('x'),
      ),
    )
  }
  await bare.close()
  await workbench.close()
  return [
    row('key to echo, median', 'ms', { value: median(ours), floor: median(floor) }, { aboveFloor: 2 }),
    row('key to echo, p95', 'ms', { value: percentile(ours, 0.95), floor: percentile(floor, 0.95) }, { aboveFloor: 2 }),
  ]
}

function listenOnce(terminal: AttachedTerminal, done: () => void): void {
  terminal.onOutput = () => {
    terminal.onOutput = () => {}
    done()
  }
}

async function roundTrip(listen: (done: () => void) => void, send: () => void): Promise<number> {
  const start = performance.now()
  await new Promise<void>((resolve) => {
    listen(resolve)
    send()
  })
  return performance.now() - start
}
