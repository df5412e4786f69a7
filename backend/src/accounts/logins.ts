import { type Login, type LoginId, OctoError, randomId, type User, type UserId } from '@octo/protocol'
import type { Database, ReadTables, Tables, WriteTables } from '../db/index.ts'
import { hashSecret, newSecret } from '../lib/secrets.ts'
import { audit } from './audit.ts'
import type { Peer } from './identity.ts'
import type { Keys } from './keys.ts'
import { toUser } from './users.ts'

/** A reply lost in a cut logs nobody out: the same successor is given again for this long. */
const SUCCESSOR_AGAIN_MS = 30_000
/** Longer than any honest client keeps an old token; of what is older nothing is remembered, and it is refused. */
const REMEMBER_REPLACED_MS = 7 * 86_400_000
/** More browsers than a person has; the ones that were idle longest make room. */
const MAX_LOGINS_PER_USER = 100
/** Bounds what a browser may have us keep. */
const MAX_USER_AGENT_CHARS = 300

const DAY_MS = 86_400_000
/** Written at most this often, so that not every request is a synced write. */
const LAST_SEEN_STEP_MS = 60_000

export interface LoginsOptions {
  readonly database: Database
  readonly keys: Keys
  readonly idleDays: number
  readonly now: () => number
  /** Told after logins have ended, so that what they opened is closed. */
  readonly onEnded: (logins: readonly LoginId[]) => void
}

export interface Renewed {
  readonly user: User
  readonly login: LoginId
  readonly refreshToken: string
}

type LoginRow = Tables['logins']

/** The places where users are logged in, and the long-lived tokens that keep them so. */
export class Logins {
  readonly #options: LoginsOptions
  readonly #idleMs: number

  constructor(options: LoginsOptions) {
    this.#options = options
    this.#idleMs = options.idleDays * DAY_MS
  }

  /** Begins a login. */
  async create(user: User, peer: Peer): Promise<Renewed> {
    const { database, now, onEnded } = this.#options
    const refreshToken = newSecret()
    const login: LoginRow = {
      id: randomId('lgn'),
      user_id: user.id,
      created_at: now(),
      last_seen_at: now(),
      user_agent: peer.userAgent.slice(0, MAX_USER_AGENT_CHARS),
      address: peer.address,
    }
    const ended = await database.write(async (tables) => {
      const superfluous = await this.#superfluous(tables, user.id)
      await deleteLogins(tables, superfluous)
      await tables.insertInto('logins').values(login).execute()
      await insertToken(tables, login.id, { token: refreshToken, at: now() })
      await audit(tables, { action: 'login.created', user, address: peer.address, details: { login: login.id } })
      return superfluous
    })
    onEnded(ended)
    return { user, login: login.id, refreshToken }
  }

  /**
   * Takes a refresh token and gives its successor. The successor is derived from the token with the server's key, so it
   * can be given again without being kept.
   * @throws OctoError `unauthenticated` if the token is unknown, too old, or was used before: then its login ends
   */
  async renew(token: string, address: string): Promise<Renewed> {
    const { database, keys, now, onEnded } = this.#options
    const hash = hashSecret(token)
    const successor = keys.derive('refresh', token)
    const outcome = await database.write(async (tables): Promise<Renewed | LoginId | null> => {
      const row = await findToken(tables, hash)
      if (row === undefined || this.#isIdle(row.last_seen_at)) return null
      const renewed = { user: toUser(row), login: row.login_id, refreshToken: successor }
      if (row.replaced_at === null) {
        await this.#replace(tables, row.login_id, { hash, successor })
        return renewed
      }
      if (now() - row.replaced_at <= SUCCESSOR_AGAIN_MS) return renewed
      await deleteLogins(tables, [row.login_id])
      await audit(tables, { action: 'login.reused', user: toUser(row), address, details: { login: row.login_id } })
      return row.login_id
    })
    if (outcome === null) throw loginEnded()
    if (typeof outcome !== 'string') return outcome
    onEnded([outcome])
    throw loginEnded()
  }

  /** @throws OctoError `unauthenticated` if the login is not there any more */
  async require(login: LoginId, user: UserId): Promise<User> {
    const row = await this.#find(login)
    if (row === undefined || row.user_id !== user || this.#isIdle(row.last_seen_at)) throw loginEnded()
    await this.#seen(row)
    return toUser({ id: row.user_id, name: row.name, role: row.role, created_at: row.user_created_at })
  }

  /** Ends a login; one that is gone already is fine. */
  async end(login: LoginId, address: string): Promise<void> {
    await this.#options.database.write(async (tables) => {
      const row = await tables
        .selectFrom('logins')
        .innerJoin('users', 'users.id', 'logins.user_id')
        .select(['users.id', 'users.name'])
        .where('logins.id', '=', login)
        .executeTakeFirst()
      if (row === undefined) return
      await deleteLogins(tables, [login])
      await audit(tables, { action: 'login.ended', user: row, address, details: { login } })
    })
    this.#options.onEnded([login])
  }

  /** The login that a refresh token belongs to; `null` if it is none of ours. */
  async ofToken(token: string): Promise<LoginId | null> {
    const row = await findToken(this.#options.database.read, hashSecret(token))
    return row?.login_id ?? null
  }

  /** Where a user is logged in, the latest seen first. */
  async list(user: UserId, current: string): Promise<Login[]> {
    const rows = await this.#options.database.read
      .selectFrom('logins')
      .selectAll()
      .where('user_id', '=', user)
      .where('last_seen_at', '>', this.#options.now() - this.#idleMs)
      .orderBy('last_seen_at', 'desc')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      userAgent: row.user_agent,
      address: row.address,
      current: row.id === current,
    }))
  }

  /** Whether the user has a login that began at this address. */
  async knowsAddress(user: UserId, address: string): Promise<boolean> {
    const row = await this.#options.database.read
      .selectFrom('logins')
      .select('id')
      .where('user_id', '=', user)
      .where('address', '=', address)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  #isIdle(lastSeenAt: number): boolean {
    return this.#options.now() - lastSeenAt > this.#idleMs
  }

  #find(login: LoginId) {
    return this.#options.database.read
      .selectFrom('logins')
      .innerJoin('users', 'users.id', 'logins.user_id')
      .select(['logins.id', 'logins.user_id', 'logins.last_seen_at', 'users.name', 'users.role'])
      .select('users.created_at as user_created_at')
      .where('logins.id', '=', login)
      .executeTakeFirst()
  }

  async #seen(row: Pick<LoginRow, 'id' | 'last_seen_at'>): Promise<void> {
    const { database, now } = this.#options
    if (now() - row.last_seen_at < LAST_SEEN_STEP_MS) return
    await database.write((tables) =>
      tables.updateTable('logins').set({ last_seen_at: now() }).where('id', '=', row.id).execute(),
    )
  }

  async #replace(tables: WriteTables, login: LoginId, { hash, successor }: { hash: string; successor: string }) {
    const at = this.#options.now()
    await tables.updateTable('refresh_tokens').set({ replaced_at: at }).where('hash', '=', hash).execute()
    await insertToken(tables, login, { token: successor, at })
    await tables.updateTable('logins').set({ last_seen_at: at }).where('id', '=', login).execute()
    await tables
      .deleteFrom('refresh_tokens')
      .where('login_id', '=', login)
      .where('replaced_at', '<', at - REMEMBER_REPLACED_MS)
      .execute()
  }

  /** Logins that have to go before a new one: the idle ones, and the longest unseen of too many. */
  async #superfluous(tables: WriteTables, user: UserId): Promise<LoginId[]> {
    const rows = await tables
      .selectFrom('logins')
      .select(['id', 'last_seen_at'])
      .where('user_id', '=', user)
      .orderBy('last_seen_at', 'desc')
      .execute()
    return rows
      .filter((row, index) => index >= MAX_LOGINS_PER_USER - 1 || this.#isIdle(row.last_seen_at))
      .map(({ id }) => id)
  }
}

/**
 * Ends all logins of a user but one.
 * @returns the ended ones, to be passed to `onEnded` after the transaction
 */
export async function endLogins(tables: WriteTables, user: UserId, except?: LoginId): Promise<LoginId[]> {
  const rows = await tables.selectFrom('logins').select('id').where('user_id', '=', user).execute()
  const ended = rows.map(({ id }) => id).filter((id) => id !== except)
  await deleteLogins(tables, ended)
  return ended
}

async function deleteLogins(tables: WriteTables, logins: readonly LoginId[]): Promise<void> {
  if (logins.length > 0) await tables.deleteFrom('logins').where('id', 'in', logins).execute()
}

async function insertToken(tables: WriteTables, login: LoginId, { token, at }: { token: string; at: number }) {
  await tables
    .insertInto('refresh_tokens')
    .values({ hash: hashSecret(token), login_id: login, created_at: at, replaced_at: null })
    .execute()
}

function findToken(tables: ReadTables, hash: string) {
  return tables
    .selectFrom('refresh_tokens')
    .innerJoin('logins', 'logins.id', 'refresh_tokens.login_id')
    .innerJoin('users', 'users.id', 'logins.user_id')
    .select(['refresh_tokens.login_id', 'refresh_tokens.replaced_at', 'logins.last_seen_at'])
    .select(['users.id', 'users.name', 'users.role', 'users.created_at'])
    .where('refresh_tokens.hash', '=', hash)
    .executeTakeFirst()
}

function loginEnded(): OctoError {
  return new OctoError('unauthenticated', 'Your login has ended. Log in again.')
}
