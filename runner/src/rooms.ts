import type { RunnerConfig } from '@octo/protocol'
import { type BlobsRoom, createBlobsRoom } from './blobs/index.ts'
import { createFilesRoom } from './files/index.ts'
import type { Home } from './lib/home.ts'
import type { Log } from './lib/log.ts'
import { createModelsRoom } from './models/index.ts'
import type { Store } from './store/index.ts'
import { createTerminalsRoom } from './terminals/index.ts'
import type { AnyRoom } from './wire/index.ts'
import { createWorkspacesRoom } from './workspaces/index.ts'

interface RoomsOptions {
  readonly home: Home
  readonly store: Store
  readonly config: RunnerConfig
  readonly log: Log
}

interface Rooms {
  readonly all: readonly AnyRoom[]
  readonly blobs: BlobsRoom
  /** Ends everything every room owns; one that fails does not keep the others from ending. */
  close(): Promise<void>
}

/** Makes the rooms of this runner and introduces them to each other; this is the one place that knows them all. */
export async function createRooms({ home, store, config, log }: RoomsOptions): Promise<Rooms> {
  const workspaces = await createWorkspacesRoom({ store, log })
  const blobs = createBlobsRoom({ folder: home.blobs, store, log })
  const models = await createModelsRoom({ keyFile: home.keys, log })
  const terminals = createTerminalsRoom({ config: config.terminals, workspaces, log })
  const files = await createFilesRoom({ home, workspaces, log })

  workspaces.onRemove((workspace) => terminals.closeWorkspace(workspace))
  workspaces.onRemove((workspace) => files.closeWorkspace(workspace))
  workspaces.onGone((workspace) => terminals.closeWorkspace(workspace))

  const all: readonly AnyRoom[] = [workspaces, blobs, models, terminals, files]
  return {
    all,
    blobs,
    async close() {
      for (const ended of await Promise.allSettled(all.map((room) => room.close()))) {
        if (ended.status === 'rejected') log.error('runner.close_failed', { error: ended.reason as unknown })
      }
    },
  }
}
