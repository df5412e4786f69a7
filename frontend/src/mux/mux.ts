import type {
  BinaryFrame,
  ClientId,
  CommandId,
  CommandName,
  FrameKind,
  Notice,
  NotificationName,
  Params,
  QueryName,
  Result,
  Limits,
  RunnerStatus,
  User,
} from '@octo/protocol'

/** Where the connection stands; views show it as a quiet bar, never as a blocked page. */
export type MuxState =
  | { readonly phase: 'connecting' }
  | {
      readonly phase: 'ready'
      readonly user: User
      /** Which release the server is; when it differs from the one this page came from, a reload is due. */
      readonly build: string
      readonly limits: Limits
      readonly runners: readonly RunnerStatus[]
    }
  | { readonly phase: 'reconnecting'; readonly since: number; readonly nextTryAt: number | null }
  /** The login is over. `retryNow` after another login goes on where this ended. */
  | { readonly phase: 'logged-out' }
  /** The server speaks another version of the protocol: reload the page. */
  | { readonly phase: 'outdated' }

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly runner?: string
}

export interface CommandOptions extends CallOptions {
  /** The id it runs under, for a caller who must know it beforehand; a new one otherwise. */
  readonly command?: CommandId
}

/** A binary stream to a terminal. Its number is new after every reconnect, so attach again on `onReady`. */
export interface Stream {
  readonly number: number
  send(kind: FrameKind, offset: number, payload: Uint8Array): void
  /** Stops receiving; says nothing to the server. */
  close(): void
}

/**
 * The one connection of this tab. Calls made while it is down wait for it; it comes back by itself, with jitter.
 */
export interface Mux {
  /** This tab, over all its connections. */
  readonly clientId: ClientId
  readonly state: MuxState
  readonly subscribe: (listener: () => void) => () => void

  /**
   * Asks something. Lost with the connection, it is asked again by itself.
   * @throws OctoError what the server answered, or `cancelled` when the signal aborts
   */
  query<Name extends QueryName>(name: Name, params: Params<Name>, options?: CallOptions): Promise<Result<Name>>
  /** Changes something, once: it is sent under one command id, again after a reconnect, until it is answered. */
  command<Name extends CommandName>(name: Name, params: Params<Name>, options?: CommandOptions): Promise<Result<Name>>
  /** Calls `listener` with each notification of that name. @returns a function that ends it */
  on<Name extends NotificationName>(name: Name, listener: (notice: Notice<Name>) => void): () => void
  /**
   * Calls `listener` now if the runner can be reached, and again each time the connection or the runner came back:
   * the place to open and list what a view shows. @returns a function that ends it
   */
  onReady(listener: () => void): () => void
  openStream(listener: (frame: BinaryFrame) => void): Stream
  /** Tries to connect at once, e.g. when the tab comes back or the user asks. */
  retryNow(): void
  close(): void
}
