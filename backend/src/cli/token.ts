import { OctoError } from '@octo/protocol'
import { toUser } from '../accounts/logins.ts'
import { Tokens } from '../accounts/tokens.ts'
import { withDatabase } from './with-database.ts'

interface Home {
  readonly home?: string
}

/** Makes a token and prints it, and nothing else. @throws OctoError `not_found` */
export async function createToken(options: Home & { readonly user: string; readonly name: string }): Promise<void> {
  await withDatabase(options.home, async (db) => {
    const row = await db.selectFrom('users').selectAll().where('name', '=', options.user).executeTakeFirst()
    if (row === undefined) throw new OctoError('not_found', `There is no user "${options.user}".`)
    process.stdout.write(`${await new Tokens(db).create(toUser(row), options.name)}\n`)
  })
}

export async function listTokens(options: Home): Promise<void> {
  await withDatabase(options.home, async (db) => {
    for (const token of await new Tokens(db).list()) {
      const used = token.lastUsedAt === null ? 'never used' : `last used ${new Date(token.lastUsedAt).toISOString()}`
      process.stdout.write(`${token.id}  ${token.user}  ${token.name}  ${used}\n`)
    }
  })
}

/** @throws OctoError `not_found` */
export async function revokeToken(id: string, options: Home): Promise<void> {
  await withDatabase(options.home, async (db) => {
    if (!(await new Tokens(db).revoke(id))) throw new OctoError('not_found', `There is no token ${id}.`)
    process.stdout.write(`Revoked ${id}.\n`)
  })
}
