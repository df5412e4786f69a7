import { setTimeout as delay } from 'node:timers/promises'
import { OctoError } from '@octo/protocol'
import Sqlite from 'better-sqlite3'
import { type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver, type Transaction } from 'kysely'
import { errorCode } from '../lib/error-code.ts'
import { migrations } from './migrations.ts'
import type { Tables } from './schema.ts'

/** Another process (`octo user create`) holds the write lock for milliseconds; this long means that it hangs. */
const BUSY_GIVE_UP_MS = 5_000
const BUSY_RETRY_MS = 20

export type ReadTables = Pick<Kysely<Tables>, 'selectFrom'>
export type WriteTables = Transaction<Tables>

export interface Database {
  /** For queries outside a transaction. */
  readonly read: ReadTables
  /**
   * Runs `work` in one transaction; what it wrote is synced to disk when this resolves. It may run again from its
   * beginning when another process was writing, so it does nothing but queries.
   * @throws OctoError `overloaded` if another process keeps the database locked, `no_space` if the disk is full
   */
  write<Value>(work: (tables: WriteTables) => Promise<Value>): Promise<Value>
  /** A number that changes when another process has written. */
  foreignVersion(): number
  close(): Promise<void>
}

/**
 * Opens the database of the backend, and brings it to the present form.
 * @throws OctoError `unsupported` if a newer octo has written it
 */
export async function openDatabase(path: string): Promise<Database> {
  // Never waits inside SQLite, which would stop everything else: a busy database is tried again from outside.
  const sqlite = new Sqlite(path, { timeout: 0 })
  sqlite.pragma('journal_mode = WAL')
  // A login or a revocation that was acknowledged survives a power cut.
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  const tables = new Kysely<Tables>({ dialect: new Dialect(sqlite) })
  try {
    await whenFree(() => migrate(sqlite, tables))
  } catch (error) {
    await tables.destroy()
    throw error
  }
  return {
    read: tables,
    write: (work) => whenFree(() => tables.transaction().execute(work)),
    foreignVersion: () => Number(sqlite.pragma('data_version', { simple: true })),
    close: () => tables.destroy(),
  }
}

class Dialect extends SqliteDialect {
  readonly #sqlite: Sqlite.Database

  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite })
    this.#sqlite = sqlite
  }

  override createDriver(): SqliteDriver {
    return new Driver(this.#sqlite)
  }
}

/** SQLite ends a transaction itself when the disk is full; to roll it back again would fail, and hide the reason. */
class Driver extends SqliteDriver {
  readonly #sqlite: Sqlite.Database

  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite })
    this.#sqlite = sqlite
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection)
  }
}

async function whenFree<Value>(work: () => Promise<Value>): Promise<Value> {
  const giveUpAt = performance.now() + BUSY_GIVE_UP_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const code = errorCode(error)
      if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') {
        throw new OctoError('no_space', 'The disk of the accounts is full, so nothing was saved. Free some space.', {
          cause: error,
        })
      }
      if (code?.startsWith('SQLITE_BUSY') !== true) throw error
      if (performance.now() > giveUpAt) {
        throw new OctoError('overloaded', 'Another process keeps the accounts locked. Try again shortly.', {
          cause: error,
        })
      }
      await delay(BUSY_RETRY_MS)
    }
  }
}

async function migrate(sqlite: Sqlite.Database, tables: Kysely<Tables>): Promise<void> {
  const known = Object.keys(migrations)
  const done = executedMigrations(sqlite)
  if (done.some((name) => !known.includes(name))) {
    throw new OctoError(
      'unsupported',
      `${sqlite.name} was written by a newer octo. Start that one, or restore a backup from before it.`,
    )
  }
  if (done.length < known.length) {
    const { Migrator } = await import('kysely/migration')
    const migrator = new Migrator({ db: tables, provider: { getMigrations: async () => ({ ...migrations }) } })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error instanceof Error ? error : new Error('A migration failed.', { cause: error })
  }
  sealAudit(sqlite)
}

function executedMigrations(sqlite: Sqlite.Database): string[] {
  const table = sqlite.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'kysely_migration'`).get()
  if (table === undefined) return []
  return sqlite.prepare<[], string>('SELECT name FROM kysely_migration ORDER BY name').pluck().all()
}

/** Even a faulty or injected statement of ours cannot rewrite the audit. */
function sealAudit(sqlite: Sqlite.Database): void {
  for (const act of ['UPDATE', 'DELETE']) {
    sqlite.exec(`
      CREATE TRIGGER IF NOT EXISTS audit_no_${act.toLowerCase()} BEFORE ${act} ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END`)
  }
}
