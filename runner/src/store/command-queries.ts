import type { Database } from 'better-sqlite3'
import type { CommandStateRow, Reads, Writes } from './operations.ts'
import type { CommandRow } from './rows.ts'

/** Writes the end of a command, also from within the transaction of its effect. */
export function writeCommand(db: Database): { readonly done: (row: CommandRow) => void } {
  const put = db.prepare<[CommandRow & { readonly at: number }]>(
    `INSERT INTO commands (user, id, method, digest, state, outcome, at) VALUES (@user, @id, @method, @digest, 'done', @outcome, @at)
     ON CONFLICT (user, id) DO UPDATE SET state = 'done', outcome = excluded.outcome WHERE state <> 'done'`,
  )
  return { done: (row) => void put.run({ ...row, at: Date.now() }) }
}

type Served = Pick<Writes, 'commandStarted' | 'commandDone' | 'commandFailed' | 'pruneCommands'> &
  Pick<Reads, 'commandState'>

/** The ledger of commands. */
export function commandQueries(db: Database): Served {
  const find = db.prepare<[string, string], Exclude<CommandStateRow, { state: 'new' }>>(
    'SELECT state, method, digest, outcome FROM commands WHERE user = ? AND id = ?',
  )
  const start = db.prepare<[CommandRow & { readonly at: number }]>(
    `INSERT INTO commands (user, id, method, digest, state, at) VALUES (@user, @id, @method, @digest, 'started', @at)`,
  )
  const fail = db.prepare<[CommandRow & { readonly at: number }]>(
    `INSERT INTO commands (user, id, method, digest, state, outcome, at) VALUES (@user, @id, @method, @digest, 'failed', @outcome, @at)
     ON CONFLICT (user, id) DO UPDATE SET state = 'failed', outcome = excluded.outcome WHERE state = 'started'`,
  )
  const prune = db.prepare<[number]>('DELETE FROM commands WHERE at < ?')
  const { done } = writeCommand(db)

  return {
    commandState: (user, id) => find.get(user, id) ?? { state: 'new' },
    commandStarted: (row) => void start.run({ ...row, at: Date.now() }),
    commandDone: done,
    commandFailed: (row) => void fail.run({ ...row, at: Date.now() }),
    pruneCommands: (before) => void prune.run(before),
  }
}
