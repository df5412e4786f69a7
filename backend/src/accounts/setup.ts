import { OctoError, type User } from '@octo/protocol'
import type { Database } from '../db/index.ts'
import { hashSecret, newSecret, sameHash } from '../lib/secrets.ts'
import { audit } from './audit.ts'
import { hashPassword } from './passwords.ts'
import { countUsers, insertUser } from './users.ts'

/**
 * Makes the secret that the first admin is made with, in place of one that an earlier start printed.
 * @returns `null` once there is a user
 */
export async function renewSetupSecret(database: Database): Promise<string | null> {
  if ((await countUsers(database.read)) > 0) return null
  const secret = newSecret()
  await database.write(async (tables) => {
    await tables.deleteFrom('setup_secrets').execute()
    await tables
      .insertInto('setup_secrets')
      .values({ hash: hashSecret(secret), created_at: Date.now() })
      .execute()
  })
  return secret
}

export interface SetupClaim {
  readonly secret: string
  readonly username: string
  readonly password: string
  readonly address: string
}

/**
 * Makes the first admin. The secret is taken away in the transaction that makes the account, so of racing claims
 * exactly one succeeds, and one that fails leaves it in place.
 * @throws OctoError `setup_done` if there is an account, `invalid_credentials` if the secret is wrong
 */
export async function claimSetup(database: Database, claim: SetupClaim): Promise<User> {
  const hash = hashSecret(claim.secret)
  // Looked at first, so that only who knows the secret makes us hash a password.
  await requireSecret(database, hash)
  const passwordHash = await hashPassword(claim.password)
  return database.write(async (tables) => {
    const { numDeletedRows } = await tables
      .deleteFrom('setup_secrets')
      .where('hash', '=', hash)
      .executeTakeFirstOrThrow()
    if (numDeletedRows === 0n) throw setupDone()
    const user = await insertUser(tables, { name: claim.username, role: 'admin', passwordHash })
    await audit(tables, { action: 'setup.claimed', user, address: claim.address })
    return user
  })
}

async function requireSecret(database: Database, hash: string): Promise<void> {
  const row = await database.read.selectFrom('setup_secrets').select('hash').executeTakeFirst()
  if (row === undefined) throw setupDone()
  if (sameHash(row.hash, hash)) return
  throw new OctoError('invalid_credentials', 'This is not the secret that the last start of octo printed.')
}

function setupDone(): OctoError {
  return new OctoError('setup_done', 'This octo has its first account already: log in instead.')
}
