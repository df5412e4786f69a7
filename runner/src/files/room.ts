import { type Input, OctoError, type Result, type Workspace, type WorkspaceId } from '@octo/protocol'
import type { Hono } from 'hono'
import type { Home } from '../lib/home.ts'
import type { Log } from '../lib/log.ts'
import { Serial } from '../lib/serial.ts'
import type { Caller, HttpContext, Room } from '../wire/room.ts'
import { createEntry, moveEntry } from './edit-names.ts'
import { onPath } from './faults.ts'
import { Finder } from './finding/finder.ts'
import { ignoredNames } from './ignored.ts'
import { listFolder } from './list-folder.ts'
import { Partials } from './partials.ts'
import { Root } from './place.ts'
import { addRoutes } from './routes.ts'
import { statPath } from './stat-path.ts'
import { Subscriptions } from './subscriptions.ts'
import { type OpenWorkspace, Trash } from './trash.ts'
import { Watches } from './watching/watches.ts'

/** The trash is looked through this often for what is too old. */
const SWEEP_MS = 6 * 3_600_000

export interface FilesRoomOptions {
  readonly log: Log
  readonly home: Pick<Home, 'trash' | 'partials'>
  readonly workspaces: {
    /** @throws OctoError `not_found`, `workspace_gone` */
    resolve(id: WorkspaceId): Promise<Workspace>
  }
}

export interface FilesRoom extends Room<'files'> {
  /** Ends all watching of a workspace that is going to be forgotten. */
  closeWorkspace(workspace: WorkspaceId): Promise<void>
}

/** Opens the room: what an earlier process left half written in workspaces is removed first. */
export async function createFilesRoom(options: FilesRoomOptions): Promise<FilesRoom> {
  const partials = new Partials(options.home.partials)
  await partials.sweep()
  return new Files(options, partials)
}

class Files implements FilesRoom {
  readonly #options: FilesRoomOptions
  readonly #partials: Partials
  readonly #trash: Trash
  readonly #watches: Watches
  readonly #finder: Finder
  readonly #subscriptions: Subscriptions
  /** Saves look at what is there and take its place one after the other. */
  readonly #installs = new Serial()
  readonly #sweeper: NodeJS.Timeout

  constructor(options: FilesRoomOptions, partials: Partials) {
    this.#options = options
    this.#partials = partials
    this.#trash = new Trash(options.home.trash, options.log)
    this.#watches = new Watches(options.log)
    this.#finder = new Finder(this.#watches)
    this.#subscriptions = new Subscriptions(this.#watches)
    this.#sweep()
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref()
  }

  readonly methods = {
    'files.list': ({ workspace, path, after }: Input<'files.list'>) =>
      this.#in(workspace, path, ({ root }) => listFolder(root, path, after)),

    'files.ignored': ({ workspace, path }: Input<'files.ignored'>, { signal }: Caller) =>
      this.#in(workspace, path, async ({ root }) => ({ names: await ignoredNames(root, path, signal) })),

    'files.stat': ({ workspace, path }: Input<'files.stat'>) =>
      this.#in(workspace, path, ({ root }) => statPath(root, path)),

    'files.find': ({ workspace, query, limit }: Input<'files.find'>, { signal }: Caller) =>
      this.#in(workspace, '', (opened) => this.#finder.find(opened, { query, limit }, signal)),

    'files.watch': ({ workspace }: Input<'files.watch'>, caller: Caller) => this.#watch(workspace, caller),

    'files.unwatch': async ({ workspace }: Input<'files.unwatch'>, { connection }: Caller) => {
      if (connection !== undefined) await this.#subscriptions.remove(connection, workspace)
      return {}
    },

    'files.create': ({ workspace, path, kind }: Input<'files.create'>) =>
      this.#in(workspace, path, ({ root }) => createEntry(root, path, kind)),

    'files.move': ({ workspace, from, to }: Input<'files.move'>) =>
      this.#in(workspace, to, ({ root }) => moveEntry(root, from, to)),

    'files.delete': ({ workspace, paths }: Input<'files.delete'>) =>
      this.#in(workspace, paths[0] ?? '', async (opened) => {
        const result = await this.#trash.delete(opened, paths)
        this.#sweep()
        return result
      }),

    'files.restore': ({ workspace, trash }: Input<'files.restore'>) =>
      this.#in(workspace, '', async (opened) => ({ paths: await this.#trash.restore(opened, trash) })),
  }

  routes(app: Hono<HttpContext>): void {
    addRoutes(app, {
      resolve: (id) => this.#options.workspaces.resolve(id),
      tools: { partials: this.#partials, installs: this.#installs },
      log: this.#options.log,
    })
  }

  async closeWorkspace(workspace: WorkspaceId): Promise<void> {
    await this.#finder.drop(workspace)
    await this.#subscriptions.removeAll(workspace)
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper)
    await this.#finder.close()
    await this.#watches.close()
    await this.#installs.idle()
  }

  /** Runs work on a path of a workspace, whose folder is open meanwhile. */
  async #in<Value>(id: WorkspaceId, path: string, work: (opened: OpenWorkspace) => Promise<Value>): Promise<Value> {
    const workspace = await this.#options.workspaces.resolve(id)
    return onPath(path, async () => {
      await using root = await Root.open(workspace.path)
      return await work({ id, path: workspace.path, root })
    })
  }

  async #watch(id: WorkspaceId, { connection }: Caller): Promise<Result<'files.watch'>> {
    if (connection === undefined) {
      throw new OctoError('bad_request', 'Only a WebSocket can be told of changes. Connect to /api/ws/mux to watch.')
    }
    return this.#subscriptions.add(connection, await this.#options.workspaces.resolve(id))
  }

  #sweep(): void {
    this.#trash.sweep(Date.now()).catch((error: unknown) => this.#options.log.warn('files.sweep_failed', { error }))
  }
}
