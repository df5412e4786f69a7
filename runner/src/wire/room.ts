import type { Actor, BinaryFrame, CommandId, Input, MethodName, Notice, NotificationName, Result } from '@octo/protocol'
import type { Hono } from 'hono'

/** One WebSocket to this runner. It belongs to one actor from its first byte to its last. */
export interface Connection {
  readonly actor: Actor
  /** Sends a notification. Never blocks; a reader that is too slow is handled by {@link bufferedBytes}. */
  notify<Name extends NotificationName>(name: Name, params: Notice<Name>): void
  sendFrame(frame: BinaryFrame): void
  /** Bytes given to the socket that the kernel has not taken yet. */
  readonly bufferedBytes: number
  /** Calls `listener` when nothing waits in the socket any more; once. */
  onDrained(listener: () => void): void
  /** Calls `listener` once, when the connection has ended. @returns a function that takes it back */
  onClose(listener: () => void): () => void
}

/** Who calls a method, and how. */
export interface Caller {
  readonly actor: Actor
  /** Absent when the call came as one HTTP request: such a caller can subscribe to nothing. */
  readonly connection?: Connection
  /** The id under which a command runs once; always present for commands. */
  readonly command?: CommandId
  /** Aborted when the caller is gone. Commands go on all the same. */
  readonly signal: AbortSignal
}

export type Handler<Name extends MethodName> = (input: Input<Name>, caller: Caller) => Promise<Result<Name>>

export type Handlers<Names extends MethodName> = { readonly [Name in Names]: Handler<Name> }

/** All methods of one room, e.g. `RoomMethods<'terminals'>`. */
export type RoomMethods<Room extends string> = Handlers<Extract<MethodName, `${Room}.${string}`>>

export interface HttpContext {
  readonly Variables: { readonly actor: Actor }
}

/** What a room gives the wire. Rooms know nothing of sockets and requests beyond this. */
export interface Room<Name extends string = string> {
  readonly methods: RoomMethods<Name>
  /** Adds the room's HTTP routes, as declared in protocol. */
  routes?(app: Hono<HttpContext>): void
  /** Takes a binary frame for a stream this room attached. */
  frame?(connection: Connection, frame: BinaryFrame): void
  /** Ends everything the room owns: processes, watchers, files. */
  close(): Promise<void>
}
