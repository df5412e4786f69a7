import type { Database } from 'better-sqlite3'
import { OctoError } from '@octo/protocol/client'

/**
 * The schema, step by step; the number of steps taken is the file's `user_version`. A step that was released is never
 * changed, only followed by another.
 *
 * Items are found by place, by seq and by id. The search index is contentless: it holds words and where they occur, and
 * the text itself is kept once, in the item.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE workspaces (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    seq INTEGER NOT NULL,
    json TEXT NOT NULL,
    agent_state TEXT
  ) STRICT;

  CREATE TABLE items (
    key INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
    id TEXT NOT NULL UNIQUE,
    idx INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    unfinished INTEGER NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX items_by_seq ON items (session, seq);
  CREATE INDEX items_by_place ON items (session, idx);
  CREATE INDEX items_unfinished ON items (session) WHERE unfinished = 1;

  CREATE TABLE commands (
    user TEXT NOT NULL,
    id TEXT NOT NULL,
    method TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('started', 'done', 'failed')),
    outcome TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (user, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX commands_by_age ON commands (at);

  CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );
  `,
]

/**
 * Brings a file to the newest schema. Each step is one transaction together with its number, so a crash leaves the file
 * before it or after it.
 * @throws OctoError `unsupported` if a newer octo wrote the file; it is left as it is
 */
export function migrate(db: Database, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > steps.length) {
    throw new OctoError(
      'unsupported',
      `${path} was written by a newer octo (schema ${version}; this one knows ${steps.length}). Start that version again, or use another home.`,
    )
  }
  for (const [at, step] of steps.entries()) {
    if (at < version) continue
    db.transaction(() => {
      db.exec(step)
      db.pragma(`user_version = ${at + 1}`)
    })()
  }
}
