/** Why the backend closes a socket, in the range that is free for applications. */
export const CloseCode = {
  /** The server stops: connect again. */
  goingAway: 1001,
  /** The login or token ended, or the role of its user changed. */
  loginEnded: 4001,
  /** No `system.hello` came. */
  noHello: 4002,
  /** The client read too slowly: connect again and go on where you are. */
  tooSlow: 4008,
  /** The client speaks another version of the protocol: load it anew. */
  versionMismatch: 4010,
} as const
