import { join } from 'node:path'
import { type Database, openDatabase } from '../db/index.ts'
import { homePath, openHome } from '../lib/home.ts'

/**
 * Opens the accounts of a home for one piece of work, whether a server runs there or not.
 * @throws OctoError if the home cannot be written
 */
export async function withAccounts<Value>(
  options: { readonly home?: string },
  work: (database: Database) => Promise<Value>,
): Promise<Value> {
  process.umask(0o077)
  const home = openHome(homePath(options.home))
  const database = await openDatabase(join(home.backend, 'octo.db'))
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
