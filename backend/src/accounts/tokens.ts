import { randomBytes } from 'node:crypto'
import { OctoError, type User } from '@octo/protocol'
import type { Database } from '../db/index.ts'
import { hashSecret, newSecret } from '../lib/secrets.ts'
import { audit } from './audit.ts'
import { findUser, toUser } from './users.ts'

/** Says at a glance, to people and to secret scanners, what such a string is. */
const PREFIX = 'octo_'

/** Written at most this often: it only tells whether a token is still used. */
const LAST_USED_STEP_MS = 60_000

export interface TokenFacts {
  readonly id: string
  readonly user: string
  readonly label: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

/**
 * Makes a personal access token, for scripts of a user. It is told here once and kept as a hash.
 * @throws OctoError `not_found` if there is no such user
 */
export async function createToken(database: Database, input: { user: string; label: string }) {
  const token = `${PREFIX}${newSecret()}`
  const id = `tok_${randomBytes(8).toString('hex')}`
  await database.write(async (tables) => {
    const user = await findUser(tables, input.user)
    if (user === undefined) throw new OctoError('not_found', `There is no user called ${input.user}.`)
    await tables
      .insertInto('access_tokens')
      .values({
        id,
        hash: hashSecret(token),
        user_id: user.id,
        label: input.label,
        created_at: Date.now(),
        last_used_at: null,
      })
      .execute()
    await audit(tables, { action: 'token.created', user, address: 'local', details: { token: id } })
  })
  return { id, token }
}

/** All tokens, or those of one user, the newest first. */
export async function listTokens(database: Database, user?: string): Promise<TokenFacts[]> {
  const rows = await database.read
    .selectFrom('access_tokens')
    .innerJoin('users', 'users.id', 'access_tokens.user_id')
    .select(['access_tokens.id', 'users.name', 'access_tokens.label', 'access_tokens.created_at'])
    .select('access_tokens.last_used_at')
    .$if(user !== undefined, (query) => query.where('users.name', '=', user ?? ''))
    .orderBy('access_tokens.created_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    user: row.name,
    label: row.label,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }))
}

/** @throws OctoError `not_found` if there is no such token */
export async function revokeToken(database: Database, id: string): Promise<void> {
  await database.write(async (tables) => {
    const row = await tables
      .selectFrom('access_tokens')
      .innerJoin('users', 'users.id', 'access_tokens.user_id')
      .select(['users.id', 'users.name'])
      .where('access_tokens.id', '=', id)
      .executeTakeFirst()
    if (row === undefined) throw new OctoError('not_found', `There is no token ${id}: octo token list shows them.`)
    await tables.deleteFrom('access_tokens').where('id', '=', id).execute()
    await audit(tables, { action: 'token.revoked', user: row, address: 'local', details: { token: id } })
  })
}

/** @throws OctoError `unauthenticated` if it is no token of ours, or was revoked */
export async function requireToken(database: Database, token: string): Promise<{ id: string; user: User }> {
  const row = token.startsWith(PREFIX) ? await selectToken(database, 'hash', hashSecret(token)) : undefined
  if (row === undefined) throw new OctoError('unauthenticated', 'This access token is not known, or was revoked.')
  if (Date.now() - (row.last_used_at ?? 0) > LAST_USED_STEP_MS) {
    await database.write((tables) =>
      tables.updateTable('access_tokens').set({ last_used_at: Date.now() }).where('id', '=', row.token_id).execute(),
    )
  }
  return { id: row.token_id, user: toUser(row) }
}

/** The user of a token that was accepted before; `null` if it was revoked meanwhile. */
export async function userOfToken(database: Database, id: string): Promise<User | null> {
  const row = await selectToken(database, 'id', id)
  return row === undefined ? null : toUser(row)
}

function selectToken(database: Database, column: 'id' | 'hash', value: string) {
  return database.read
    .selectFrom('access_tokens')
    .innerJoin('users', 'users.id', 'access_tokens.user_id')
    .select(['access_tokens.id as token_id', 'access_tokens.last_used_at'])
    .select(['users.id', 'users.name', 'users.role', 'users.created_at'])
    .where(`access_tokens.${column}`, '=', value)
    .executeTakeFirst()
}
