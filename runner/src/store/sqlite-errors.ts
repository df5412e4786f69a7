import { OctoError } from '@octo/protocol/client'
import type { Failure } from './operations.ts'

/** The result code of an error that SQLite raised, e.g. `SQLITE_FULL`; `null` for any other error. */
function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'SqliteError') return null
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** Whether the file itself is damaged, so that no further answer from it can be trusted. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error)
  return code !== null && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
}

/** After a failed sync nobody knows what is on the disk: the process must end and recover from the file. */
export function isLostSync(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === 'SQLITE_IOERR_FSYNC' || code === 'SQLITE_IOERR_DIR_FSYNC'
}

/** Whether another connection holds a lock that this one waited for in vain. */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error)
  return code !== null && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
}

/** Says an error in the form that crosses threads. */
export function toFailure(error: unknown): Failure {
  const code = sqliteCode(error)
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') {
    return {
      type: 'known',
      code: 'no_space',
      message: "The disk of octo's store is full, so nothing was saved. Free some space and try again.",
    }
  }
  if (isLocked(error)) {
    return { type: 'known', code: 'overloaded', message: 'Another program keeps the store locked. Try again soon.' }
  }
  if (error instanceof OctoError) return { type: 'known', code: error.code, message: error.message }
  if (error instanceof Error) return { type: 'bug', message: error.message, stack: error.stack }
  return { type: 'bug', message: String(error), stack: undefined }
}
