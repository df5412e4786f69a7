import { type CommandId, OctoError, type UserId } from '@octo/protocol'
import type { Database, ReadTables, WriteTables } from '../db/index.ts'

/** As long as runners keep theirs. */
const KEEP_MS = 30 * 86_400_000

export interface CommandRun {
  readonly user: UserId
  readonly command: CommandId
  /** Tells the call apart from others; made with the server's key, because what is called may hold passwords. */
  readonly digest: string
}

/**
 * Looks a command up that may have run before.
 * @returns its first result, or `undefined` if it is new
 * @throws OctoError `command_conflict` if the id was used for another call
 */
export async function firstResult(tables: ReadTables, run: CommandRun): Promise<unknown> {
  const row = await tables
    .selectFrom('commands')
    .select(['digest', 'result'])
    .where('user_id', '=', run.user)
    .where('command', '=', run.command)
    .executeTakeFirst()
  if (row === undefined) return undefined
  if (row.digest === run.digest) return JSON.parse(row.result) as unknown
  throw new OctoError('command_conflict', 'This command id was used for another call: make a new one.')
}

/**
 * Runs the effect of a command once: it and its result are stored in one transaction.
 * @param effect does nothing but queries, and answers what the command answers
 */
export async function runOnce<Value>(
  database: Database,
  run: CommandRun,
  effect: (tables: WriteTables) => Promise<Value>,
): Promise<Value> {
  return database.write(async (tables) => {
    const first = await firstResult(tables, run)
    if (first !== undefined) return first as Value
    const result = await effect(tables)
    const at = Date.now()
    await tables
      .deleteFrom('commands')
      .where('created_at', '<', at - KEEP_MS)
      .execute()
    await tables
      .insertInto('commands')
      .values({
        user_id: run.user,
        command: run.command,
        digest: run.digest,
        result: JSON.stringify(result),
        created_at: at,
      })
      .execute()
    return result
  })
}
