import type { Database } from 'better-sqlite3'
import { commandQueries, writeCommand } from './command-queries.ts'
import type { Operations, Reads, Writes } from './operations.ts'
import { searchIndex, searchQueries } from './search-queries.ts'
import { sessionQueries } from './session-queries.ts'

/** Everything the worker can do with its file, each a plain synchronous call. */
export function createOperations(db: Database): Operations {
  return {
    ...sessionQueries(db),
    ...commandQueries(db),
    ...searchQueries(db),
    ...workspaceQueries(db),
    ...hashQueries(db),
  }
}

function workspaceQueries(db: Database): Pick<Writes, 'saveWorkspace' | 'deleteWorkspace'> & Pick<Reads, 'workspaces'> {
  const command = writeCommand(db)
  const index = searchIndex(db)
  const all = db.prepare<[], string>('SELECT json FROM workspaces').pluck()
  const put = db.prepare<[string, string]>(
    'INSERT INTO workspaces (id, json) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
  )
  const remove = db.prepare<[string]>('DELETE FROM workspaces WHERE id = ?')
  const sessionsIn = db.prepare<[string], number>('SELECT key FROM sessions WHERE workspace = ?').pluck()
  const removeSessions = db.prepare<[string]>('DELETE FROM sessions WHERE workspace = ?')

  return {
    workspaces: () => all.all(),
    saveWorkspace(id, json, row) {
      put.run(id, json)
      if (row) command.done(row)
    },
    deleteWorkspace(id, row) {
      for (const session of sessionsIn.all(id)) index.removeSession(session)
      removeSessions.run(id)
      remove.run(id)
      if (row) command.done(row)
    },
  }
}

/** Rows looked at in one call, so that nobody waits long behind a walk through all of them. */
const WALKED_ROWS = 500

/** Any SHA-256 in quotes is taken for the name of a blob: too many are kept rather than one too few. */
const QUOTED_HASH = /"([0-9a-f]{64})"/gu

function hashQueries(db: Database): Pick<Reads, 'mentionedHashes'> {
  const items = db.prepare<[number, number], { key: number; json: string }>(
    'SELECT key, json FROM items WHERE key > ? ORDER BY key LIMIT ?',
  )
  const sessions = db.prepare<[], string>("SELECT json || coalesce(agent_state, '') FROM sessions").pluck()

  return {
    mentionedHashes(after) {
      const rows = items.all(after, WALKED_ROWS)
      const texts = rows.map((row) => row.json)
      if (after === 0) texts.push(...sessions.all())
      const hashes = texts.flatMap((text) => Array.from(text.matchAll(QUOTED_HASH), (match) => match[1] ?? ''))
      return { hashes: [...new Set(hashes)], next: rows.length < WALKED_ROWS ? null : (rows.at(-1)?.key ?? null) }
    },
  }
}
