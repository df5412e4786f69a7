import { type Login, type LoginId, OctoError, randomId, type User, type UserId } from '@octo/protocol'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { hashSecret, randomSecret } from './secrets.ts'

/** How long the refresh token before the present one brings the same successor: a reply may be lost in a cut. */
const GRACE_MS = 30_000

/** A login's row is not written at every request, only when its last sight is older than this. */
const SEEN_EVERY_MS = 60_000

/** Where a request comes from, as the list of logins shows it. */
export interface Origin {
  readonly address: string
  readonly userAgent: string
}

export interface FreshLogin {
  readonly login: LoginId
  readonly refresh: string
}

/** Who a login stands for. */
export interface Identity {
  readonly login: LoginId
  readonly user: User
}

interface Successor {
  readonly refresh: string
  readonly until: number
}

/** The places where users are logged in. Whoever rests on one is told when it ends. */
export class Logins {
  readonly #db: Kysely<Database>
  readonly #idleMs: number
  readonly #endListeners = new Set<(logins: ReadonlySet<string>) => void>()
  /** The clear text of successors still within their grace, by the hash of the token they replaced. */
  readonly #successors = new Map<string, Successor>()

  constructor(db: Kysely<Database>, options: { readonly idleDays: number }) {
    this.#db = db
    this.#idleMs = options.idleDays * 86_400_000
  }

  /** Calls `listener` with the logins that have just ended. */
  onEnd(listener: (logins: ReadonlySet<string>) => void): void {
    this.#endListeners.add(listener)
  }

  async begin(user: string, { address, userAgent }: Origin): Promise<FreshLogin> {
    const login = randomId('lgn')
    const refresh = randomSecret()
    const now = Date.now()
    await this.#db
      .insertInto('logins')
      .values({
        id: login,
        user_id: user,
        refresh_hash: hashSecret(refresh),
        previous_hash: null,
        rotated_at: now,
        created_at: now,
        last_seen_at: now,
        user_agent: userAgent.slice(0, 300),
        address,
      })
      .execute()
    return { login, refresh }
  }

  /** Who a login stands for, if it has not ended; also notes that it was seen. */
  async find(login: string): Promise<Identity | null> {
    const row = await this.#db
      .selectFrom('logins')
      .innerJoin('users', 'users.id', 'logins.user_id')
      .select(['logins.id as login', 'last_seen_at', 'users.id', 'name', 'role', 'users.created_at'])
      .where('logins.id', '=', login)
      .executeTakeFirst()
    if (row === undefined) return null
    const now = Date.now()
    if (now - row.last_seen_at > this.#idleMs) {
      await this.end([login])
      return null
    }
    if (now - row.last_seen_at > SEEN_EVERY_MS) {
      await this.#db.updateTable('logins').set({ last_seen_at: now }).where('id', '=', login).execute()
    }
    return { login: row.login as LoginId, user: toUser(row) }
  }

  /**
   * Exchanges a refresh token for its successor.
   * @returns the login and its new token; for a token that was replaced a moment ago, the same successor again
   * @throws OctoError `unauthenticated` if it is unknown; one that was replaced longer ago ends its login, because
   *   somebody else may hold it
   */
  async refresh(token: string): Promise<FreshLogin> {
    const hash = hashSecret(token)
    const row = await this.#db
      .selectFrom('logins')
      .select(['id', 'refresh_hash', 'previous_hash', 'last_seen_at'])
      .where((where) => where.or([where('refresh_hash', '=', hash), where('previous_hash', '=', hash)]))
      .executeTakeFirst()
    if (row === undefined || Date.now() - row.last_seen_at > this.#idleMs) throw expired()
    if (row.refresh_hash !== hash) return this.#again(row.id as LoginId, hash)
    return this.#rotate(row.id as LoginId, hash)
  }

  async ofUser(user: string, current: string | null): Promise<Login[]> {
    const rows = await this.#db
      .selectFrom('logins')
      .selectAll()
      .where('user_id', '=', user)
      .orderBy('last_seen_at', 'desc')
      .execute()
    return rows.map((row) => ({
      id: row.id as LoginId,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      userAgent: row.user_agent,
      address: row.address,
      current: row.id === current,
    }))
  }

  /** Ends logins, and tells whoever rests on them. */
  async end(logins: readonly string[]): Promise<void> {
    if (logins.length === 0) return
    await this.#db.deleteFrom('logins').where('id', 'in', logins).execute()
    for (const tell of this.#endListeners) tell(new Set(logins))
  }

  /** Ends all logins of a user but one. @returns how many ended */
  async endOfUser(user: string, except: string | null): Promise<number> {
    const rows = await this.#db.selectFrom('logins').select('id').where('user_id', '=', user).execute()
    const ids = rows.map(({ id }) => id).filter((id) => id !== except)
    await this.end(ids)
    return ids.length
  }

  async #rotate(login: LoginId, hash: string): Promise<FreshLogin> {
    const refresh = randomSecret()
    const now = Date.now()
    const { numUpdatedRows } = await this.#db
      .updateTable('logins')
      .set({ refresh_hash: hashSecret(refresh), previous_hash: hash, rotated_at: now, last_seen_at: now })
      .where('id', '=', login)
      .where('refresh_hash', '=', hash)
      .executeTakeFirst()
    // Another request with the same token was faster; its successor is ours too.
    if (numUpdatedRows === 0n) return this.#again(login, hash)
    this.#forgetOldSuccessors(now)
    this.#successors.set(hash, { refresh, until: now + GRACE_MS })
    return { login, refresh }
  }

  async #again(login: LoginId, hash: string): Promise<FreshLogin> {
    const successor = this.#successors.get(hash)
    if (successor !== undefined && Date.now() <= successor.until) return { login, refresh: successor.refresh }
    await this.end([login])
    throw new OctoError('unauthenticated', 'This login was used twice and has been ended. Log in again.', {
      details: { reused: login },
    })
  }

  #forgetOldSuccessors(now: number): void {
    for (const [hash, { until }] of this.#successors) if (until < now) this.#successors.delete(hash)
  }
}

function expired(): OctoError {
  return new OctoError('unauthenticated', 'This login has ended. Log in again.')
}

export function toUser(row: { id: string; name: string; role: User['role']; created_at: number }): User {
  return { id: row.id as UserId, name: row.name, role: row.role, createdAt: row.created_at }
}
