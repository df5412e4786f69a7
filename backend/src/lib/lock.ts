import { join } from 'node:path'
import { OctoError } from '@octo/protocol'
import Sqlite from 'better-sqlite3'
import { errorCode } from './error-code.ts'
import type { Home } from './home.ts'

/**
 * Makes this the only server on a home. The lock is SQLite's own on a file, so the kernel takes it back however the
 * process ends: there is no stale lock.
 * @returns a function that gives it back
 * @throws OctoError `exists` if another process holds it
 */
export function lockHome(home: Home): () => void {
  const lock = new Sqlite(join(home.backend, 'lock'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (errorCode(error) !== 'SQLITE_BUSY') throw error
    throw new OctoError(
      'exists',
      `octo already runs on ${home.root}: stop it first, or choose another folder with --home.`,
    )
  }
  return () => lock.close()
}
