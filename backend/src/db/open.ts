import SQLite from 'better-sqlite3'
import { OctoError } from '@octo/protocol'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import type { Database } from './schema.ts'

/**
 * Opens the backend's database and brings it up to date.
 * @throws OctoError `unsupported` if a newer octo wrote it
 */
export async function openDatabase(path: string): Promise<Kysely<Database>> {
  const sqlite = new SQLite(path)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('busy_timeout = 5000')
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: sqlite }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error: failure } = await migrator.migrateToLatest()
  if (failure === undefined) return db
  await db.destroy()
  const error = failure instanceof Error ? failure : new Error('the migration failed', { cause: failure })
  if (error.message.includes('previously executed migration')) {
    throw new OctoError(
      'unsupported',
      `${path} was written by a newer octo. Start that version, or choose another --home.`,
      { cause: error },
    )
  }
  throw error
}
