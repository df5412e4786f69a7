import type { CommandId, Input, MethodName, Result } from '@octo/protocol'
import type { Identity } from '../accounts/index.ts'

/** The methods of the rooms that the backend answers itself. */
export type BackendMethodName = Extract<MethodName, `${'system' | 'accounts' | 'admin'}.${string}`>

/** Who calls a method of the backend, and how. */
export interface Caller {
  readonly identity: Identity
  readonly address: string
  /** The id under which a command runs once. */
  readonly command?: CommandId | undefined
}

export type Handlers<Names extends MethodName> = {
  readonly [Name in Names]: (input: Input<Name>, caller: Caller) => Promise<Result<Name>>
}

/** All methods of one room of the backend, e.g. `RoomMethods<'accounts'>`. */
export type RoomMethods<Room extends string> = Handlers<Extract<BackendMethodName, `${Room}.${string}`>>
