import { randomId, type User } from '@octo/protocol'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { audit } from './audit.ts'
import { toUser } from './logins.ts'
import { hashSecret, randomSecret } from './secrets.ts'

/** Makes personal tokens easy to find where they must not be, such as in a repository. */
const PREFIX = 'octo_pat_'

export interface TokenFacts {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

/** Personal access tokens, for scripts. Only their hashes are kept. */
export class Tokens {
  readonly #db: Kysely<Database>

  constructor(db: Kysely<Database>) {
    this.#db = db
  }

  /** @returns the token, which is not shown again */
  async create(user: User, name: string): Promise<string> {
    const token = `${PREFIX}${randomSecret()}`
    await this.#db
      .insertInto('tokens')
      .values({
        id: randomId('lgn'),
        user_id: user.id,
        name,
        token_hash: hashSecret(token),
        created_at: Date.now(),
        last_used_at: null,
        expires_at: null,
      })
      .execute()
    await audit(this.#db, { action: 'token_created', actor: user.name, address: null, details: { name } })
    return token
  }

  /** Whose token this is, if it is one. */
  async find(token: string): Promise<{ readonly id: string; readonly user: User } | null> {
    if (!token.startsWith(PREFIX)) return null
    const row = await this.#db
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .select(['tokens.id as token', 'users.id', 'users.name', 'role', 'users.created_at'])
      .where('token_hash', '=', hashSecret(token))
      .executeTakeFirst()
    if (row === undefined) return null
    await this.#db.updateTable('tokens').set({ last_used_at: Date.now() }).where('id', '=', row.token).execute()
    return { id: row.token, user: toUser(row) }
  }

  async list(): Promise<TokenFacts[]> {
    const rows = await this.#db
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .select(['tokens.id', 'users.name as user', 'tokens.name', 'tokens.created_at', 'last_used_at'])
      .orderBy('tokens.created_at')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      user: row.user,
      name: row.name,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }))
  }

  /** @returns whether there was one */
  async revoke(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db.deleteFrom('tokens').where('id', '=', id).executeTakeFirst()
    if (numDeletedRows === 0n) return false
    await audit(this.#db, { action: 'token_revoked', actor: null, address: null, details: { id } })
    return true
  }
}
