import type { Database } from 'better-sqlite3'
import { isWrite, type OperationName, type Operations, type WorkerAnswer } from './operations.ts'
import { isDamage, isLostSync, toFailure } from './sqlite-errors.ts'

export interface StoreCall {
  readonly id: number
  readonly name: OperationName
  readonly args: readonly unknown[]
}

/** An error after which the file cannot be used further by this process; what was asked with it is not answered. */
export class StoreLost extends Error {
  readonly damaged: boolean

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'StoreLost'
    this.damaged = isDamage(cause)
  }
}

/**
 * Runs calls in their order, all their writes in one transaction: one sync for all who wait. Each write stands or falls
 * alone (a savepoint), and nobody is answered before the transaction is on the disk. If it cannot be, every write of it
 * fails, and reads are answered from what was there before.
 * @throws StoreLost if the file is damaged, or a sync failed
 */
export function runTogether(db: Database, operations: Operations, calls: readonly StoreCall[]): WorkerAnswer[] {
  if (!calls.some((call) => isWrite(call.name))) return calls.map((call) => answer(operations, call))
  try {
    db.exec('BEGIN IMMEDIATE')
    const answers = calls.map((call) =>
      isWrite(call.name) ? savepoint(db, operations, call) : answer(operations, call),
    )
    db.exec('COMMIT')
    return answers
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    if (isLost(error)) throw new StoreLost(error)
    return calls.map((call) =>
      isWrite(call.name) ? { id: call.id, ok: false, failure: toFailure(error) } : answer(operations, call),
    )
  }
}

function savepoint(db: Database, operations: Operations, call: StoreCall): WorkerAnswer {
  db.exec('SAVEPOINT one')
  try {
    const value = run(operations, call)
    db.exec('RELEASE one')
    return { id: call.id, ok: true, value }
  } catch (error) {
    // SQLite itself gives the whole transaction up when the disk is full.
    if (isLost(error) || !db.inTransaction) throw error
    db.exec('ROLLBACK TO one')
    db.exec('RELEASE one')
    return { id: call.id, ok: false, failure: toFailure(error) }
  }
}

function answer(operations: Operations, call: StoreCall): WorkerAnswer {
  try {
    return { id: call.id, ok: true, value: run(operations, call) }
  } catch (error) {
    if (isLost(error)) throw new StoreLost(error)
    return { id: call.id, ok: false, failure: toFailure(error) }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof StoreLost || isDamage(error) || isLostSync(error)
}

function run(operations: Operations, call: StoreCall): unknown {
  // The client sends each name with that operation's arguments; only the type of the pair is lost on the way.
  const operation = operations[call.name] as (...args: readonly unknown[]) => unknown
  return operation(...call.args)
}
