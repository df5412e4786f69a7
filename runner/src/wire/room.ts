import type {
  Actor,
  BinaryFrame,
  CommandId,
  Input,
  MethodName,
  Methods,
  Notice,
  NotificationName,
  Result,
  RunnerCounts,
} from '@octo/protocol'
import type { Hono } from 'hono'
import type { CommandRecord } from '../store/store.ts'

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

/** Who calls a command. */
export interface CommandCaller<Answer> extends Caller {
  readonly command: CommandId
  /**
   * Makes the ledger's entry for this command and its result, to be stored in the same transaction as the effect. Who
   * calls it promises to pass it to the store; the ledger then writes nothing of its own.
   */
  record(result: Answer): CommandRecord
}

type CallerOf<Name extends MethodName> = Methods[Name]['kind'] extends 'command' ? CommandCaller<Result<Name>> : Caller

export type Handler<Name extends MethodName> = (input: Input<Name>, caller: CallerOf<Name>) => Promise<Result<Name>>

export type Handlers<Names extends MethodName> = { readonly [Name in Names]: Handler<Name> }

type NamesOf<RoomName extends string> = Extract<MethodName, `${RoomName}.${string}`>

/** All methods of one room, e.g. `RoomMethods<'terminals'>`. */
export type RoomMethods<RoomName extends string> = Handlers<NamesOf<RoomName>>

/**
 * Runs a write that came as an HTTP route once under the request's `Idempotency-Key`; without one it simply runs.
 * `fingerprint` says what was asked, the body's digest included, so that the same id with another body is a conflict.
 * The result is stored as JSON and answered to whoever repeats the request.
 */
export type Once = <Answer>(fingerprint: unknown, run: () => Promise<Answer>) => Promise<Answer>

export interface HttpContext {
  readonly Variables: { readonly actor: Actor; readonly once: Once }
}

/** What a room gives the wire. Rooms know nothing of sockets and requests beyond this. */
export interface Room<Name extends string = string> {
  readonly methods: RoomMethods<Name>
  /**
   * The commands whose whole effect is one store transaction, which carries `caller.record(result)`. Before all others
   * the ledger stores that they have started, because their effect lies outside the store.
   */
  readonly atomic?: readonly NamesOf<Name>[]
  /** Adds the room's HTTP routes, as declared in protocol. */
  routes?(app: Hono<HttpContext>): void
  /** Takes a binary frame for a stream this room attached. */
  frame?(connection: Connection, frame: BinaryFrame): void
  /** Its share of what `GET /api/health` counts. */
  counts?(): Partial<RunnerCounts>
  /** Ends everything the room owns: processes, watchers, files. */
  close(): Promise<void>
}
