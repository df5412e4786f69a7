/** The store's thread: the only one that touches the file. It takes calls, commits those that wait together, answers. */
import { parentPort, workerData } from 'node:worker_threads'
import { type StoreCall, runTogether, StoreLost } from './group-commit.ts'
import { markDamaged, openDatabase } from './open-database.ts'
import type { FromWorker, ToWorker } from './operations.ts'
import { createOperations } from './queries.ts'
import { toFailure } from './sqlite-errors.ts'

/** Calls answered in one go, so that nobody waits behind an endless row of them. */
const MAX_TOGETHER = 512

function serve(port: NonNullable<typeof parentPort>, path: string): void {
  const say = (message: FromWorker): void => port.postMessage(message)
  const database = openDatabase(path)
  const operations = createOperations(database.db)
  const waiting: StoreCall[] = []

  const step = (): void => {
    const calls = waiting.splice(0, MAX_TOGETHER)
    if (calls.length === 0) return
    // Messages that arrived during the sync are delivered before the next immediate, and so go into the next group.
    if (waiting.length > 0) setImmediate(step)
    try {
      say({ type: 'answers', answers: runTogether(database.db, operations, calls) })
    } catch (error) {
      if (error instanceof StoreLost && error.damaged) markDamaged(path)
      throw error
    }
  }

  const close = (): void => {
    while (waiting.length > 0) step()
    database.close()
    say({ type: 'closed' })
    port.close()
  }

  port.on('message', (message: ToWorker) => {
    if (message.type === 'close') {
      close()
      return
    }
    waiting.push(message)
    if (waiting.length === 1) setImmediate(step)
  })
  say({ type: 'opened', epoch: database.epoch, setAside: database.setAside })
}

const port = parentPort
if (port === null) throw new Error('The store runs in a worker thread.')
try {
  serve(port, (workerData as { readonly path: string }).path)
} catch (error) {
  port.postMessage({ type: 'refused', failure: toFailure(error) } satisfies FromWorker)
}
