import type { RunnerConfig, WorkspaceId } from '@octo/protocol'
import { createAgentsRoom } from './agents/index.ts'
import { type BlobsRoom, createBlobsRoom } from './blobs/index.ts'
import { createFilesRoom } from './files/index.ts'
import { createPipeHost } from './holder/index.ts'
import type { Home } from './lib/home.ts'
import type { Log } from './lib/log.ts'
import { createModelsRoom } from './models/index.ts'
import { createSessionsRoom } from './sessions/index.ts'
import type { Store } from './store/index.ts'
import { createTerminalsRoom } from './terminals/index.ts'
import type { AnyRoom } from './wire/index.ts'
import { createWorkspacesRoom } from './workspaces/index.ts'

export interface RoomsOptions {
  readonly home: Home
  readonly store: Store
  readonly config: RunnerConfig
  readonly log: Log
}

export interface Rooms {
  readonly all: readonly AnyRoom[]
  readonly blobs: BlobsRoom
  /** Ends everything every room owns; one that fails does not keep the others from ending. */
  close(): Promise<void>
}

/** Makes the rooms of this runner and introduces them to each other; this is the one place that knows them all. */
export async function createRooms({ home, store, config, log }: RoomsOptions): Promise<Rooms> {
  const host = createPipeHost({ home: home.root })
  const killed = await host.killLeftovers()
  if (killed > 0) log.warn('runner.leftovers_killed', { processes: killed })

  const workspaces = await createWorkspacesRoom({ store, log })
  const blobs = createBlobsRoom({ folder: home.blobs, store, log })
  const models = await createModelsRoom({ keyFile: home.keys, log })
  const agents = createAgentsRoom({ config: config.agents, folder: home.agents, host, models, log })
  const sessions = await createSessionsRoom({ store, blobs, models, agents: agents.registry, workspaces, log })
  const terminals = createTerminalsRoom({ config: config.terminals, workspaces, log })
  const files = await createFilesRoom({ home, workspaces, log })

  const endIn = async (workspace: WorkspaceId): Promise<void> => {
    await Promise.all([terminals.closeWorkspace(workspace), files.closeWorkspace(workspace)])
  }
  workspaces.onRemove(endIn)
  workspaces.onRemove((workspace) => sessions.forgetWorkspace(workspace))
  workspaces.onGone(endIn)
  workspaces.onGone((workspace) => sessions.endInWorkspace(workspace))

  const all: readonly AnyRoom[] = [workspaces, blobs, models, agents, sessions, terminals, files]
  return {
    all,
    blobs,
    async close() {
      for (const ended of await Promise.allSettled(all.map((room) => room.close()))) {
        if (ended.status === 'rejected') log.error('runner.close_failed', { error: ended.reason as unknown })
      }
      await host.close()
    },
  }
}
