import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { OctoError, randomId } from '@octo/protocol/client'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import { migrate } from './migrations.ts'
import { salvage, type Salvaged } from './salvage.ts'
import { isDamage, isLocked } from './sqlite-errors.ts'

/** How long a statement waits for another program's lock, e.g. a backup, before the call fails. */
const BUSY_MS = 5_000

/** A runner that is being replaced needs up to this long to end. */
const PREDECESSOR_MS = 6_000

/** Measured beside 4 and 16 KiB: items of one to a few kilobytes leave the least empty space without longer syncs. */
const PAGE_BYTES = 8_192

/** The write-ahead log is cut back to this after a burst. */
const WAL_KEPT_BYTES = 8_388_608

/** A full check reads about 200 MB a second, and a start should stay below 0.3 s; damage beyond is noticed in use. */
const CHECKED_BYTES = 32 * 1_048_576

export interface OpenedDatabase {
  readonly db: Database
  readonly epoch: string
  /** What became of a damaged file, if there was one. */
  readonly setAside: SetAside | null
  close(): void
}

/** A damaged file, and what of it is in the new one. */
export interface SetAside extends Salvaged {
  readonly path: string
}

/**
 * Opens the store's file, alone: a second runner on the same home is refused. A damaged file is set aside under a name
 * with the date, and a new one is begun with what could still be read of it.
 * @throws OctoError `busy` if another runner uses this home, `unsupported` if a newer octo wrote the file
 */
export function openDatabase(path: string): OpenedDatabase {
  const lock = takeLock(`${path}-lock`)
  try {
    const { db, setAside } = openOrReplace(path)
    const close = (): void => {
      db.close()
      lock.close()
    }
    return { db, epoch: readEpoch(db), setAside, close }
  } catch (error) {
    lock.close()
    throw error
  }
}

/** Notes that the file is damaged, so that the next open sets it aside without a full check. */
export function markDamaged(path: string): void {
  closeSync(openSync(`${path}-damaged`, 'a', 0o600))
}

/** An empty database whose exclusive lock the kernel drops with the process, however that ends. */
function takeLock(path: string): Database {
  createPrivately(path)
  const lock = new SqliteDatabase(path, { timeout: PREDECESSOR_MS })
  try {
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (!isLocked(error)) throw error
    throw new OctoError(
      'busy',
      `Another octo-runner uses ${path.slice(0, -5)}. Stop it first, or give this one its own --home.`,
    )
  }
}

function openOrReplace(path: string): { db: Database; setAside: SetAside | null } {
  const marker = `${path}-damaged`
  if (existsSync(marker)) {
    const replaced = replace(path)
    rmSync(marker)
    return replaced
  }
  try {
    return { db: openSound(path), setAside: null }
  } catch (error) {
    if (!isDamage(error)) throw error
    return replace(path)
  }
}

function replace(path: string): { db: Database; setAside: SetAside } {
  const aside = moveAside(path)
  const db = openSound(path)
  return { db, setAside: { path: aside, ...salvage(aside, db) } }
}

function openSound(path: string): Database {
  createPrivately(path)
  const db = new SqliteDatabase(path, { timeout: BUSY_MS })
  try {
    db.pragma(`page_size = ${PAGE_BYTES}`)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('cell_size_check = ON')
    db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`)
    if (statSync(path).size <= CHECKED_BYTES) check(db)
    migrate(db, path)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function check(db: Database): void {
  const verdict = db.pragma('quick_check(1)', { simple: true })
  if (verdict !== 'ok') throw new SqliteDatabase.SqliteError(String(verdict), 'SQLITE_CORRUPT')
}

function readEpoch(db: Database): string {
  db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('epoch', ?)").run(randomId('epo'))
  return db.prepare<[], string>("SELECT value FROM meta WHERE name = 'epoch'").pluck().get() ?? ''
}

/** SQLite gives a new file the process's usual mode; this one is its user's alone, and its companions take its mode. */
function createPrivately(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}

/** The log beside a file belongs to it: without its base it would be applied to the next one. */
function moveAside(path: string): string {
  const date = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const target = `${path}.damaged-${date}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix)
  }
  return target
}
