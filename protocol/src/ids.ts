import { z } from 'zod'

/** Lower-case base 32 of RFC 4648 without padding: survives URLs, file names and double clicks. */
const BODY = '[a-z2-7]{26}'

/** An id says what it names by its prefix and cannot be passed where another kind is wanted. */
function id<Brand extends string>(prefix: string, brand: Brand) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_${BODY}$`, 'u'), `must be an id like ${prefix}_… with 26 characters of a-z and 2-7`)
    .brand(brand)
}

export const UserId = id('usr', 'UserId')
export type UserId = z.infer<typeof UserId>
export const LoginId = id('lgn', 'LoginId')
export type LoginId = z.infer<typeof LoginId>
export const WorkspaceId = id('wsp', 'WorkspaceId')
export type WorkspaceId = z.infer<typeof WorkspaceId>
export const SessionId = id('ses', 'SessionId')
export type SessionId = z.infer<typeof SessionId>
export const TurnId = id('trn', 'TurnId')
export type TurnId = z.infer<typeof TurnId>
export const ItemId = id('itm', 'ItemId')
export type ItemId = z.infer<typeof ItemId>
export const QueuedId = id('que', 'QueuedId')
export type QueuedId = z.infer<typeof QueuedId>
export const TerminalId = id('trm', 'TerminalId')
export type TerminalId = z.infer<typeof TerminalId>
export const TrashId = id('tra', 'TrashId')
export type TrashId = z.infer<typeof TrashId>

/** A command id is made by the client; any sufficiently random string of its own will do. */
export const CommandId = z
  .string()
  .regex(/^[\w-]{16,64}$/u, 'must be 16 to 64 letters, digits, "_" or "-"')
  .brand('CommandId')
export type CommandId = z.infer<typeof CommandId>

/** One browser tab or script, from its start to its end; several connections may follow each other under it. */
export const ClientId = z
  .string()
  .regex(/^[\w-]{8,64}$/u, 'must be 8 to 64 letters, digits, "_" or "-"')
  .brand('ClientId')
export type ClientId = z.infer<typeof ClientId>

/** A blob is named by the SHA-256 of its bytes, so equal contents are kept once. */
export const BlobId = z
  .string()
  .regex(/^[0-9a-f]{64}$/u, 'must be a SHA-256 in lower-case hex')
  .brand('BlobId')
export type BlobId = z.infer<typeof BlobId>

/** Names a state of a store; it changes when the store was restored or repaired, so that old cursors are refused. */
export const Epoch = z.string().min(1).max(64).brand('Epoch')
export type Epoch = z.infer<typeof Epoch>
