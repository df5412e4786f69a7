import type { Result, WorkspaceId } from '@octo/protocol'
import type { Connection } from '../wire/room.ts'
import type { Lease, Told, Watches } from './watching/watches.ts'

/** A connection with this much unsent is told later, in one reset, what it missed. */
const MAX_WAITING_BYTES = 1_048_576

/** Which connection watches which workspace, and what each was told. */
export class Subscriptions {
  readonly #watches: Watches
  readonly #byConnection = new Map<Connection, Map<WorkspaceId, Subscription>>()

  constructor(watches: Watches) {
    this.#watches = watches
  }

  /** Tells a connection of changes from now on; a second call begins anew. */
  async add(
    connection: Connection,
    workspace: { readonly id: WorkspaceId; readonly path: string },
  ): Promise<Result<'files.watch'>> {
    await this.remove(connection, workspace.id)
    const subscription = new Subscription(connection, workspace.id)
    this.#of(connection).set(workspace.id, subscription)
    try {
      return subscription.begin(await this.#watches.use(workspace, (told) => subscription.tell(told)))
    } catch (error) {
      this.#forget(connection, workspace.id, subscription)
      throw error
    }
  }

  async remove(connection: Connection, workspace: WorkspaceId): Promise<void> {
    const subscription = this.#byConnection.get(connection)?.get(workspace)
    if (subscription === undefined) return
    this.#forget(connection, workspace, subscription)
    await subscription.end()
  }

  /** Ends what anybody watches in a workspace that is no longer one. */
  async removeAll(workspace: WorkspaceId): Promise<void> {
    await Promise.all([...this.#byConnection.keys()].map((connection) => this.remove(connection, workspace)))
  }

  #of(connection: Connection): Map<WorkspaceId, Subscription> {
    const known = this.#byConnection.get(connection)
    if (known !== undefined) return known
    const subscriptions = new Map<WorkspaceId, Subscription>()
    this.#byConnection.set(connection, subscriptions)
    connection.onClose(() => {
      this.#byConnection.delete(connection)
      for (const subscription of subscriptions.values()) void subscription.end()
    })
    return subscriptions
  }

  #forget(connection: Connection, workspace: WorkspaceId, subscription: Subscription): void {
    const subscriptions = this.#byConnection.get(connection)
    if (subscriptions?.get(workspace) === subscription) subscriptions.delete(workspace)
  }
}

class Subscription {
  readonly #connection: Connection
  readonly #workspace: WorkspaceId
  #lease: Lease | null = null
  /** The last seq this connection was told. */
  #seq = 0
  #behind = false
  #ended = false

  constructor(connection: Connection, workspace: WorkspaceId) {
    this.#connection = connection
    this.#workspace = workspace
  }

  begin(lease: Lease): Result<'files.watch'> {
    this.#lease = lease
    this.#seq = lease.seq
    // The connection may have gone while the watch was made.
    if (this.#ended) void lease.end()
    return { epoch: lease.epoch, seq: lease.seq }
  }

  tell({ paths, folders, reset, seq }: Told): void {
    if (this.#lease === null || this.#ended) return
    if (this.#behind) return
    if (this.#connection.bufferedBytes > MAX_WAITING_BYTES) {
      this.#behind = true
      this.#connection.onDrained(() => this.#catchUp(seq))
      return
    }
    this.#notify({ paths: [...paths], folders: [...folders], reset, seq })
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.#lease?.end()
  }

  #catchUp(seq: number): void {
    this.#behind = false
    if (!this.#ended) this.#notify({ paths: [], folders: [], reset: true, seq })
  }

  #notify(change: { paths: string[]; folders: string[]; reset: boolean; seq: number }): void {
    if (this.#lease === null) return
    const from = this.#seq
    this.#seq = change.seq
    this.#connection.notify('files.changed', { workspace: this.#workspace, epoch: this.#lease.epoch, from, ...change })
  }
}
