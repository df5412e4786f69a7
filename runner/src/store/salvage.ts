import type { Item } from '@octo/protocol'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import { itemJson, searchedText, type StoredItem } from './rows.ts'
import { searchIndex } from './search-queries.ts'
import { isDamage } from './sqlite-errors.ts'

/** What could be read of a damaged file. */
export interface Salvaged {
  readonly sessions: number
  readonly items: number
}

/** Keys are never as high; where even the highest cannot be read, the search for readable rows ends here. */
const HIGHEST_KEY = 2 ** 40

interface SessionRow {
  readonly key: number
}

interface ItemRow extends StoredItem {
  readonly key: number
  readonly session: number
}

/**
 * Copies every row that can still be read from a damaged file into a new one, in one transaction. The damaged file is only
 * read. Text is indexed for searching anew.
 */
export function salvage(path: string, db: Database): Salvaged {
  const nothing: Salvaged = { sessions: 0, items: 0 }
  const source = openIfPossible(path)
  if (source === null) return nothing
  try {
    if (source.pragma('user_version', { simple: true }) !== db.pragma('user_version', { simple: true })) return nothing
    return db.transaction(() => copy(source, db))()
  } catch (error) {
    if (isDamage(error)) return nothing
    throw error
  } finally {
    source.close()
  }
}

function openIfPossible(path: string): Database | null {
  try {
    const source = new SqliteDatabase(path, { readonly: true })
    source.pragma('cell_size_check = ON')
    return source
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError) return null
    throw error
  }
}

function copy(source: Database, db: Database): Salvaged {
  const index = searchIndex(db)
  const addWorkspace = db.prepare('INSERT OR IGNORE INTO workspaces VALUES (@id, @json)')
  const addCommand = db.prepare(
    'INSERT OR IGNORE INTO commands VALUES (@user, @id, @method, @digest, @state, @outcome, @at)',
  )
  const addSession = db.prepare(
    'INSERT OR IGNORE INTO sessions VALUES (@key, @id, @workspace, @seq, @json, @agent_state)',
  )
  const addItem = db.prepare(
    `INSERT OR IGNORE INTO items SELECT @key, key, @id, @idx, @seq, @kind, @unfinished, @json FROM sessions WHERE key = @session`,
  )
  for (const row of readable(source.prepare('SELECT * FROM workspaces').iterate())) addWorkspace.run(row)
  for (const row of readable(source.prepare('SELECT * FROM commands').iterate())) addCommand.run(row)
  let sessions = 0
  for (const row of byKey<SessionRow>(source, 'sessions')) sessions += addSession.run(row).changes
  let items = 0
  for (const row of byKey<ItemRow>(source, 'items')) {
    const item = parsed(row)
    if (item === null || addItem.run(row).changes === 0) continue
    items += 1
    const text = item.kind === 'removed' ? null : searchedText(item)
    if (text !== null) index.put(row.key, text)
  }
  return { sessions, items }
}

/** Rows up to the first that cannot be read. */
function* readable(rows: IterableIterator<unknown>): Generator {
  try {
    yield* rows
  } catch (error) {
    if (!isDamage(error)) throw error
  }
}

/** Rows by rising key; where a page cannot be read, goes on behind it, in longer and longer steps. */
function* byKey<Row extends { readonly key: number }>(source: Database, table: 'sessions' | 'items'): Generator<Row> {
  const after = source.prepare<[number], Row>(`SELECT * FROM ${table} WHERE key > ? ORDER BY key`)
  let last = 0
  for (let step = 1; last < HIGHEST_KEY; step *= 2) {
    try {
      for (const row of after.iterate(last)) {
        last = row.key
        step = 1
        yield row
      }
      return
    } catch (error) {
      if (!isDamage(error)) throw error
      last += step
    }
  }
}

function parsed(row: ItemRow): Item | { readonly kind: 'removed' } | null {
  try {
    return JSON.parse(itemJson(row)) as Item | { readonly kind: 'removed' }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
