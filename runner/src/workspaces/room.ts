import { homedir } from 'node:os'
import { basename, dirname } from 'node:path'
import { type Input, OctoError, randomId, type Result, type Workspace, type WorkspaceId } from '@octo/protocol'
import { LiveList } from '../lib/live-list.ts'
import type { Log } from '../lib/log.ts'
import { Serial } from '../lib/serial.ts'
import type { Store } from '../store/index.ts'
import type { Caller, CommandCaller, Connection, Room } from '../wire/room.ts'
import { findWorkFolder, isFolder, isInGit, listFolders } from './folders.ts'
import { Presence } from './presence.ts'

/** Each is a row in every browser and a watched folder here. */
const MAX_WORKSPACES = 500

export interface WorkspacesRoomOptions {
  readonly store: Pick<Store, 'workspaces' | 'saveWorkspace' | 'deleteWorkspace'>
  readonly log: Log
}

/** Ends what a room has in a workspace; a removal waits for it. */
type EndListener = (workspace: WorkspaceId) => Promise<void>

export interface WorkspacesRoom extends Room<'workspaces'> {
  /**
   * The workspace, its folder being there.
   * @throws OctoError `not_found`, or `workspace_gone` if its folder is not there any more
   */
  resolve(id: WorkspaceId): Promise<Workspace>
  /** Calls `listener` before a workspace is forgotten: end what runs in it, and delete what belongs to it. */
  onRemove(listener: EndListener): void
  /** Calls `listener` when the folder of a workspace has gone: end what runs in it. */
  onGone(listener: EndListener): void
}

/** Opens the room on what the store holds, and looks which folders are there. */
export async function createWorkspacesRoom(options: WorkspacesRoomOptions): Promise<WorkspacesRoom> {
  const stored = await options.store.workspaces()
  const looked = await Promise.all(stored.map((workspace) => inspect(workspace)))
  return new Workspaces(options, looked)
}

class Workspaces implements WorkspacesRoom {
  readonly #store: WorkspacesRoomOptions['store']
  readonly #log: Log
  readonly #list = new LiveList<Workspace>()
  readonly #presence = new Presence((path) => void this.#lookAtPath(path))
  /** Changes follow each other, so that one folder never becomes two workspaces. */
  readonly #changes = new Serial()
  readonly #watching = new WeakSet<Connection>()
  readonly #removeListeners: EndListener[] = []
  readonly #goneListeners: EndListener[] = []

  constructor({ store, log }: WorkspacesRoomOptions, workspaces: readonly Workspace[]) {
    this.#store = store
    this.#log = log
    for (const workspace of workspaces) this.#put(workspace)
  }

  readonly atomic = ['workspaces.add', 'workspaces.rename', 'workspaces.remove'] as const

  readonly methods = {
    'workspaces.list': (input: Input<'workspaces.list'>, caller: Caller) => this.#watch(input, caller),
    'workspaces.browse': (input: Input<'workspaces.browse'>) => browse(input),
    'workspaces.add': (input: Input<'workspaces.add'>, caller: CommandCaller<Workspace>) =>
      this.#changes.run(() => this.#add(input, caller)),
    'workspaces.rename': (input: Input<'workspaces.rename'>, caller: CommandCaller<Workspace>) =>
      this.#changes.run(() => this.#rename(input, caller)),
    'workspaces.remove': (input: Input<'workspaces.remove'>, caller: CommandCaller<Record<string, never>>) =>
      this.#changes.run(() => this.#remove(input.workspace, caller)),
  }

  async resolve(id: WorkspaceId): Promise<Workspace> {
    const workspace = this.#find(id)
    if (workspace.present && (await isFolder(workspace.path))) return workspace
    const looked = await this.#look(workspace)
    if (looked.present) return looked
    throw new OctoError(
      'workspace_gone',
      `The folder ${workspace.path} is not there any more. Bring it back, or remove the workspace "${workspace.name}".`,
    )
  }

  onRemove(listener: EndListener): void {
    this.#removeListeners.push(listener)
  }

  onGone(listener: EndListener): void {
    this.#goneListeners.push(listener)
  }

  counts(): { workspaces: number } {
    return { workspaces: this.#list.values().length }
  }

  async close(): Promise<void> {
    this.#presence.close()
    await this.#changes.idle()
  }

  async #watch(cursor: Input<'workspaces.list'>, { connection }: Caller): Promise<Result<'workspaces.list'>> {
    await Promise.all(this.#list.values().map((workspace) => this.#look(workspace)))
    if (connection !== undefined && !this.#watching.has(connection)) {
      this.#watching.add(connection)
      connection.onClose(this.#list.subscribe((change) => connection.notify('workspaces.changed', change)))
    }
    return this.#list.since(cursor)
  }

  async #add(input: Input<'workspaces.add'>, caller: CommandCaller<Workspace>): Promise<Workspace> {
    const path = await findWorkFolder(input.path, { create: input.create ?? false })
    const known = this.#list.values().find((workspace) => workspace.path === path)
    if (known !== undefined) return this.#look(known)
    if (this.#list.values().length >= MAX_WORKSPACES) {
      throw new OctoError(
        'queue_full',
        `There are ${MAX_WORKSPACES} workspaces. Remove one you do not need any more.`,
        {
          retryable: false,
        },
      )
    }
    const now = Date.now()
    const workspace: Workspace = {
      id: randomId('wsp'),
      name: input.name ?? (basename(path) || path),
      path,
      present: true,
      git: await isInGit(path),
      createdAt: now,
      updatedAt: now,
    }
    await this.#store.saveWorkspace(workspace, caller.record(workspace))
    this.#put(workspace)
    this.#log.info('workspaces.added', { workspace: workspace.id })
    return workspace
  }

  async #rename(input: Input<'workspaces.rename'>, caller: CommandCaller<Workspace>): Promise<Workspace> {
    const renamed = { ...this.#find(input.workspace), name: input.name, updatedAt: Date.now() }
    await this.#store.saveWorkspace(renamed, caller.record(renamed))
    this.#list.upsert(renamed)
    return renamed
  }

  async #remove(id: WorkspaceId, caller: CommandCaller<Record<string, never>>): Promise<Record<string, never>> {
    const { path } = this.#find(id)
    await Promise.all(this.#removeListeners.map((end) => end(id)))
    await this.#store.deleteWorkspace(id, caller.record({}))
    this.#presence.unwatch(path)
    this.#list.remove(id)
    this.#log.info('workspaces.removed', { workspace: id })
    return {}
  }

  #find(id: WorkspaceId): Workspace {
    const workspace = this.#list.get(id)
    if (workspace === undefined)
      throw new OctoError('not_found', `There is no workspace ${id}. It may have been removed.`)
    return workspace
  }

  #put(workspace: Workspace): void {
    this.#list.upsert(workspace)
    this.#presence.watch(workspace.path)
  }

  async #lookAtPath(path: string): Promise<void> {
    const workspace = this.#list.values().find((entry) => entry.path === path)
    if (workspace !== undefined) await this.#look(workspace)
  }

  /** Looks whether the folder is there, and tells if that changed. Presence is a fact of the disk, so it is not stored. */
  async #look(before: Workspace): Promise<Workspace> {
    const seen = await inspect(before)
    const now = this.#list.get(before.id)
    if (now === undefined) return seen
    // A parent that had gone as well is watched again from the first look after its return.
    this.#presence.watch(now.path)
    if (now.present === seen.present && now.git === seen.git) return now
    const changed = { ...now, present: seen.present, git: seen.git }
    this.#list.upsert(changed)
    // Not waited for: it may be what runs there that asks, and its end would wait for this answer.
    if (now.present && !changed.present) void this.#end(changed)
    return changed
  }

  async #end(workspace: Workspace): Promise<void> {
    this.#log.warn('workspaces.gone', { workspace: workspace.id })
    for (const outcome of await Promise.allSettled(this.#goneListeners.map((end) => end(workspace.id)))) {
      if (outcome.status === 'rejected') this.#log.error('workspaces.end_failed', { error: outcome.reason as unknown })
    }
  }
}

async function inspect(workspace: Workspace): Promise<Workspace> {
  const present = await isFolder(workspace.path)
  return { ...workspace, present, git: present && (await isInGit(workspace.path)) }
}

async function browse({ path, hidden = false }: Input<'workspaces.browse'>): Promise<Result<'workspaces.browse'>> {
  const home = homedir()
  const folder = await findWorkFolder(path ?? home, { create: false })
  const { folders, truncated } = await listFolders(folder, hidden)
  return { path: folder, home, parent: folder === '/' ? null : dirname(folder), folders, truncated }
}
