/** Why a socket was closed, for the client; all of them are in the range RFC 6455 leaves to applications. */
export const CloseCode = {
  /** The login ended: log in again. */
  loggedOut: 4001,
  /** It reads too slowly; connect again and go on where it was. */
  tooSlow: 4008,
  /** It speaks another version of the protocol: load the page again. */
  outdated: 4010,
  /** It said nothing for too long, or no hello at all. */
  silent: 4011,
  /** It does not keep to the protocol. */
  refused: 4012,
} as const
