import type {
  ClientId,
  CommandId,
  Epoch,
  ItemId,
  LoginId,
  QueuedId,
  SessionId,
  TerminalId,
  TrashId,
  TurnId,
  UserId,
  WorkspaceId,
} from './ids.ts'

/** What an id's prefix stands for. */
interface IdOf {
  usr: UserId
  lgn: LoginId
  wsp: WorkspaceId
  ses: SessionId
  trn: TurnId
  itm: ItemId
  que: QueuedId
  trm: TerminalId
  tra: TrashId
  cmd: CommandId
  cli: ClientId
  epo: Epoch
}

/** The part of Web Crypto that every browser and Node offers; declared here because protocol knows neither. */
declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array }

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const LENGTH = 26

/**
 * Makes a new id: the prefix and 26 characters of 5 random bits each (130 bits), so ids made anywhere never meet.
 * @param prefix what the id names, e.g. `ses` for a session
 */
export function randomId<Prefix extends keyof IdOf>(prefix: Prefix): IdOf[Prefix] {
  let body = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) body += ALPHABET.charAt(byte & 31)
  return `${prefix}_${body}` as unknown as IdOf[Prefix]
}
