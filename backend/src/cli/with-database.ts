import type { Kysely } from 'kysely'
import { openDatabase } from '../db/open.ts'
import type { Database } from '../db/schema.ts'
import { homePath, openHome } from '../lib/home.ts'

/** Runs something on the backend's database; a server that runs on the same home does not mind. */
export async function withDatabase<Value>(
  home: string | undefined,
  run: (db: Kysely<Database>) => Promise<Value>,
): Promise<Value> {
  process.umask(0o077)
  const db = await openDatabase(openHome(homePath(home)).database)
  try {
    return await run(db)
  } finally {
    await db.destroy()
  }
}
