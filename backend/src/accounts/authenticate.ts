import { OctoError, type User } from '@octo/protocol'
import type { Credentials } from '../gate/gate.ts'
import type { AccessTokens } from './access-token.ts'
import { accessCookie } from './cookies.ts'
import type { Logins } from './logins.ts'
import type { Tokens } from './tokens.ts'

/** Who asks, and what that rests on: when it ends, everything that was let in by it ends too. */
export interface Caller {
  readonly user: User
  /** The login or token. */
  readonly grant: string
  /** The login, if it is one; a script with a token has none. */
  readonly login: string | null
}

export class Authenticator {
  readonly #parts: { readonly access: AccessTokens; readonly logins: Logins; readonly tokens: Tokens }

  constructor(parts: { readonly access: AccessTokens; readonly logins: Logins; readonly tokens: Tokens }) {
    this.#parts = parts
  }

  /** @throws OctoError `unauthenticated` */
  async authenticate(credentials: Credentials, cookieHeader: string | undefined): Promise<Caller> {
    const caller =
      credentials.type === 'bearer' ? await this.#byToken(credentials.token) : await this.#byCookie(cookieHeader)
    if (caller === null) throw new OctoError('unauthenticated', 'You are not logged in.')
    return caller
  }

  async #byToken(token: string): Promise<Caller | null> {
    const found = await this.#parts.tokens.find(token)
    return found && { user: found.user, grant: found.id, login: null }
  }

  async #byCookie(header: string | undefined): Promise<Caller | null> {
    const token = accessCookie(header)
    const login = token === null ? null : await this.#parts.access.verify(token)
    const identity = login === null ? null : await this.#parts.logins.find(login)
    return identity && { user: identity.user, grant: identity.login, login: identity.login }
  }
}
