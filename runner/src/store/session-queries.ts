import { OctoError } from '@octo/protocol/client'
import type { Database } from 'better-sqlite3'
import type { PageRow, Reads, StoredSessionRow, Writes } from './operations.ts'
import { type ChangeRow, itemJson, type ItemRow, type StoredItem, type TombstoneRow } from './rows.ts'
import { writeCommand } from './command-queries.ts'
import { searchIndex } from './search-queries.ts'

/** A page is one frame together with what stands around it, which leaves a quarter of the frame for that. */
export const PAGE_BYTES = 786_432

type Served = Pick<Writes, 'commit' | 'checkpoint' | 'deleteSession'> &
  Pick<Reads, 'sessions' | 'changedSince' | 'newest' | 'before' | 'item' | 'unfinished'>

interface SessionRow {
  readonly key: number
  readonly seq: number
}

const COLUMNS = 'id, idx, seq, kind, json'

/** Everything about sessions and their items. */
export function sessionQueries(db: Database): Served {
  const index = searchIndex(db)
  const command = writeCommand(db)

  const findSession = db.prepare<[string], SessionRow>('SELECT key, seq FROM sessions WHERE id = ?')
  const insertSession = db.prepare<[string, string, number, string, string | null]>(
    'INSERT INTO sessions (id, workspace, seq, json, agent_state) VALUES (?, ?, ?, ?, ?)',
  )
  const updateSession = db.prepare<[number, string, string | null, number]>(
    'UPDATE sessions SET seq = ?, json = ?, agent_state = coalesce(?, agent_state) WHERE key = ?',
  )
  const removeSession = db.prepare<[number]>('DELETE FROM sessions WHERE key = ?')
  const allSessions = db.prepare<[], StoredSessionRow>(
    `SELECT json AS properties, seq, agent_state AS agentState,
       coalesce((SELECT max(idx) + 1 FROM items WHERE session = sessions.key), 0) AS nextIndex
     FROM sessions ORDER BY key`,
  )
  const upsertItem = db.prepare<[number, string, number, number, string, number, string], { key: number }>(
    `INSERT INTO items (session, id, idx, seq, kind, unfinished, json) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET idx = excluded.idx, seq = excluded.seq, kind = excluded.kind,
       unfinished = excluded.unfinished, json = excluded.json
     WHERE session = excluded.session
     RETURNING key`,
  )
  const buryItem = db.prepare<[number, string, number], { key: number }>(
    "UPDATE items SET seq = ?, kind = 'removed', unfinished = 0, json = '{}' WHERE id = ? AND session = ? RETURNING key",
  )
  const saveText = db.prepare<[string, string, string, number]>(
    `UPDATE items SET json = ? WHERE id = ? AND session = (SELECT key FROM sessions WHERE id = ?) AND seq <= ? AND kind <> 'removed'`,
  )
  const after = db.prepare<[number, number], StoredItem>(
    `SELECT ${COLUMNS} FROM items WHERE session = ? AND seq > ? ORDER BY seq, idx`,
  )
  const below = db.prepare<[number, number], StoredItem>(
    `SELECT ${COLUMNS} FROM items WHERE session = ? AND idx < ? AND kind <> 'removed' ORDER BY idx DESC`,
  )
  const one = db.prepare<[string, string], StoredItem>(
    `SELECT ${COLUMNS} FROM items WHERE id = ? AND session = (SELECT key FROM sessions WHERE id = ?) AND kind <> 'removed'`,
  )
  const cut = db.prepare<[string], StoredItem>(
    `SELECT ${COLUMNS} FROM items WHERE session = (SELECT key FROM sessions WHERE id = ?) AND unfinished = 1 ORDER BY idx`,
  )

  /** @throws OctoError `not_found` for a session that was deleted, or never was */
  function known(session: string): SessionRow {
    const row = findSession.get(session)
    if (row === undefined) throw new OctoError('not_found', `There is no session ${session}. It may have been deleted.`)
    return row
  }

  function putSession(change: ChangeRow): number {
    const { session, workspace, seq, properties, agentState = null } = change
    const row = findSession.get(session)
    if (row === undefined) {
      return Number(insertSession.run(session, workspace, seq, properties, agentState).lastInsertRowid)
    }
    if (seq <= row.seq)
      throw new Error(`Session ${session} is at seq ${row.seq}; a change must go beyond, not to ${seq}.`)
    updateSession.run(seq, properties, agentState, row.key)
    return row.key
  }

  function putItem(session: number, item: ItemRow | TombstoneRow): void {
    if (isTombstone(item)) {
      const buried = buryItem.get(item.seq, item.id, session)
      if (buried !== undefined) index.remove(buried.key)
      return
    }
    const { id, idx, seq, kind, unfinished, json, text } = item
    const row = upsertItem.get(session, id, idx, seq, kind, unfinished, json)
    if (row === undefined) throw new Error(`Item ${id} belongs to another session.`)
    if (text !== null) index.put(row.key, text)
  }

  /** Walks back from an index until the page or the limit is full. */
  function back(session: number, from: number, limit: number): { rows: StoredItem[]; older: boolean } {
    const rows: StoredItem[] = []
    let bytes = 0
    for (const row of below.iterate(session, from)) {
      bytes += Buffer.byteLength(row.json)
      if (rows.length === limit || (rows.length > 0 && bytes > PAGE_BYTES))
        return { rows: rows.toReversed(), older: true }
      rows.push(row)
    }
    return { rows: rows.toReversed(), older: false }
  }

  return {
    commit(change) {
      const key = putSession(change)
      for (const item of change.items) putItem(key, item)
      if (change.command) command.done(change.command)
    },

    checkpoint(session, row) {
      saveText.run(row.json, row.id, session, row.seq)
    },

    deleteSession(session, row) {
      const { key } = known(session)
      index.removeSession(key)
      removeSession.run(key)
      if (row) command.done(row)
    },

    sessions: () => allSessions.all(),

    changedSince(session, from) {
      const { key, seq } = known(session)
      const rows: StoredItem[] = []
      let bytes = 0
      /** Where the seq of the last row began: a seq is told whole or not at all. */
      let begun = 0
      for (const row of after.iterate(key, from)) {
        const last = rows.at(-1)
        if (last !== undefined && last.seq !== row.seq) begun = rows.length
        bytes += Buffer.byteLength(row.json)
        if (bytes > PAGE_BYTES && begun > 0) {
          const told = rows.slice(0, begun)
          return page(told, { seq: told.at(-1)?.seq ?? from, more: true, older: false })
        }
        rows.push(row)
      }
      return page(rows, { seq, more: false, older: false })
    },

    newest(session, window) {
      const { key, seq } = known(session)
      const { rows, older } = back(key, Number.MAX_SAFE_INTEGER, window)
      return page(rows, { seq, more: false, older })
    },

    before(session, place, limit) {
      const { key, seq } = known(session)
      const { rows, older } = back(key, place, limit)
      return page(rows, { seq, more: false, older })
    },

    item(session, id) {
      const row = one.get(id, session)
      return row === undefined ? null : itemJson(row)
    },

    unfinished: (session) => jsonArray(cut.all(session)),
  }
}

function page(rows: readonly StoredItem[], facts: Omit<PageRow, 'items'>): PageRow {
  return { items: jsonArray(rows), ...facts }
}

function jsonArray(rows: readonly StoredItem[]): string {
  return `[${rows.map(itemJson).join(',')}]`
}

function isTombstone(row: ItemRow | TombstoneRow): row is TombstoneRow {
  return row.kind === 'removed'
}
