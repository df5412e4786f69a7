import type { LoginId, User } from '@octo/protocol'

/** What proved who is asking; ending it ends everything that was opened with it. */
export type Credential =
  | { readonly kind: 'login'; readonly id: LoginId }
  | { readonly kind: 'token'; readonly id: string }
  /** Somebody with this process's own user id, over the control socket. */
  | { readonly kind: 'control'; readonly id: 'control' }

/** Who is asking, as far as it was proved. */
export interface Identity {
  readonly user: User
  readonly credential: Credential
}

/** Where a request came from, for the audit and the list of logins. */
export interface Peer {
  readonly address: string
  readonly userAgent: string
}
