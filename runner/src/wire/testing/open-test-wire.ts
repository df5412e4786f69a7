import { join } from 'node:path'
import { randomId } from '@octo/protocol'
import { type Log, silentLog } from '../../lib/log.ts'
import { openStore, type Store } from '../../store/index.ts'
import type { AnyRoom } from '../index.ts'
import { openWire } from '../wire.ts'

export interface TestWire {
  readonly socket: string
  readonly store: Store
  close(): Promise<void>
}

/** Serves rooms in a folder, with a real store and a real socket. */
export async function openTestWire(folder: string, rooms: readonly AnyRoom[], log: Log = silentLog): Promise<TestWire> {
  const store = await openStore({
    path: join(folder, 'runner.db'),
    log,
    onLost: (error) => {
      throw error
    },
  })
  const socket = join(folder, 'run', 'runner.sock')
  const identity = { version: '1.2.3', epoch: randomId('epo'), startedAt: 7 }
  const wire = await openWire({ rooms, store, socket, identity, log })
  return {
    socket,
    store,
    async close() {
      await wire.close()
      await store.close()
    },
  }
}
