import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestFolder, testFolder } from '../lib/testing/folder.ts'
import { type Database, openDatabase } from './database.ts'

let folder: TestFolder
let path: string
let database: Database

beforeEach(async () => {
  folder = await testFolder()
  path = join(folder.path, 'octo.db')
  database = await openDatabase(path)
})
afterEach(async () => {
  await database.close()
  await folder[Symbol.asyncDispose]()
})

const secret = (hash: string) => ({ hash, created_at: 1 })
const hashes = async (): Promise<string[]> =>
  (await database.read.selectFrom('setup_secrets').select('hash').execute()).map(({ hash }) => hash)

test('what was written is there after it was opened again', async () => {
  await database.write((tables) => tables.insertInto('setup_secrets').values(secret('a')).execute())
  await database.close()
  database = await openDatabase(path)
  expect(await hashes()).toEqual(['a'])
})

test('a full disk is said as such, and the write can be repeated', async () => {
  const full = database.write(async (tables) => {
    await tables.insertInto('setup_secrets').values(secret('a')).execute()
    throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
  })
  await expect(full).rejects.toMatchObject({ code: 'no_space', retryable: true })
  await database.write((tables) => tables.insertInto('setup_secrets').values(secret('a')).execute())
  expect(await hashes()).toEqual(['a'])
})

test('a failure after which SQLite itself rolled back keeps its reason', async () => {
  const insert = sql`INSERT OR ROLLBACK INTO setup_secrets (hash, created_at) VALUES ('a', 1)`
  const twice = database.write(async (tables) => {
    await insert.execute(tables)
    await insert.execute(tables)
  })
  await expect(twice).rejects.toMatchObject({ code: expect.stringContaining('SQLITE_CONSTRAINT') })
  expect(await hashes()).toEqual([])
})

test('a write that fails leaves nothing behind', async () => {
  const failing = database.write(async (tables) => {
    await tables.insertInto('setup_secrets').values(secret('a')).execute()
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await hashes()).toEqual([])
})

test('a write waits for another process without holding up this one', async () => {
  const other = new Sqlite(path)
  other.exec('BEGIN IMMEDIATE')
  let written = false
  const writing = database
    .write((tables) => tables.insertInto('setup_secrets').values(secret('a')).execute())
    .then(() => (written = true))
  const since = performance.now()
  let longestTurnMs = 0
  while (performance.now() - since < 300) {
    const turn = performance.now()
    await nextTurn()
    longestTurnMs = Math.max(longestTurnMs, performance.now() - turn)
  }
  expect([written, longestTurnMs < 100]).toEqual([false, true])
  expect(await hashes()).toEqual([])
  other.exec('COMMIT')
  other.close()
  await writing
  expect(await hashes()).toEqual(['a'])
})

test('a write of another process is noticed, an own one is not', async () => {
  const before = database.foreignVersion()
  await database.write((tables) => tables.insertInto('setup_secrets').values(secret('a')).execute())
  expect(database.foreignVersion()).toBe(before)
  const other = new Sqlite(path)
  other.prepare('INSERT INTO setup_secrets VALUES (?, ?)').run('b', 2)
  other.close()
  expect(database.foreignVersion()).not.toBe(before)
})

test('what a newer octo has written is refused and left alone', async () => {
  await database.close()
  const other = new Sqlite(path)
  other.prepare('INSERT INTO kysely_migration VALUES (?, ?)').run('9999-future', '2030-01-01')
  other.close()
  await expect(openDatabase(path)).rejects.toThrow(/was written by a newer octo/u)
  const again = new Sqlite(path)
  again.prepare(`DELETE FROM kysely_migration WHERE name = '9999-future'`).run()
  again.close()
  database = await openDatabase(path)
})
