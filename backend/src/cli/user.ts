import { OctoError, Password, type User, Username } from '@octo/protocol'
import { audit, firstAdmin, hashPassword, insertUser } from '../accounts/index.ts'
import { parseInput } from '../lib/parse-input.ts'
import { askPassword } from './ask-password.ts'
import { withAccounts } from './open-accounts.ts'

/**
 * Makes a user.
 * @throws OctoError `bad_request` if name or password will not do, `exists` if the name is taken
 */
export async function createUser(
  givenName: string,
  { role, home }: { readonly role: User['role']; readonly home?: string },
): Promise<void> {
  const name = parseInput(Username, givenName)
  const password = parseInput(Password, await askPassword(name))
  await withAccounts(home === undefined ? {} : { home }, async (database) => {
    const passwordHash = await hashPassword(password)
    await database.write(async (tables) => {
      if (role !== 'admin' && (await firstAdmin(tables)) === undefined) {
        throw new OctoError('bad_request', 'There is no admin yet, and somebody has to be: add --role admin.')
      }
      const user = await insertUser(tables, { name, role, passwordHash })
      await tables.deleteFrom('setup_secrets').execute()
      await audit(tables, { action: 'user.created', user, address: 'local', details: { role } })
    })
  })
  process.stdout.write(`Made the user ${name} (${role}).\n`)
}
