import type { Item } from '@octo/protocol'
import type { Database } from 'better-sqlite3'
import type { HitRow, Reads } from './operations.ts'
import { itemJson, searchedText, type StoredItem } from './rows.ts'
import { excerptAround, fullTextQuery } from './search-query.ts'

export interface SearchIndex {
  put(key: number, text: string): void
  remove(key: number): void
  removeSession(session: number): void
}

/** Keeps the words of items findable; the row number is the item's key. */
export function searchIndex(db: Database): SearchIndex {
  const put = db.prepare<[number, string]>('INSERT OR REPLACE INTO search (rowid, text) VALUES (?, ?)')
  const remove = db.prepare<[number]>('DELETE FROM search WHERE rowid = ?')
  const removeSession = db.prepare<[number]>(
    'DELETE FROM search WHERE rowid IN (SELECT key FROM items WHERE session = ?)',
  )
  return {
    put: (key, text) => void put.run(key, text),
    remove: (key) => void remove.run(key),
    removeSession: (session) => void removeSession.run(session),
  }
}

interface Found extends StoredItem {
  readonly session: string
}

/** Finds items by words, newest first: keys rise with time. */
export function searchQueries(db: Database): Pick<Reads, 'search'> {
  const find = db.prepare<[string, number], Found>(
    `SELECT sessions.id AS session, items.id, idx, items.seq, kind, items.json
     FROM search JOIN items ON items.key = search.rowid JOIN sessions ON sessions.key = items.session
     WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT ?`,
  )
  return {
    search(typed, limit) {
      const query = fullTextQuery(typed)
      return query === null ? [] : find.all(query, limit).map((row) => hit(row, typed))
    },
  }
}

function hit(row: Found, typed: string): HitRow {
  const item = JSON.parse(itemJson(row)) as Item
  return {
    session: row.session,
    item: row.id,
    index: row.idx,
    excerpt: excerptAround(searchedText(item) ?? '', typed),
    createdAt: item.createdAt,
  }
}
