import { randomBytes } from 'node:crypto'
import type { User } from '@octo/protocol'
import type { WriteTables } from '../db/index.ts'

export type AuditedAct =
  | 'setup.claimed'
  | 'setup.refused'
  | 'login.created'
  | 'login.refused'
  | 'login.limited'
  | 'login.ended'
  | 'login.reused'
  | 'logins.ended'
  | 'password.changed'
  | 'user.created'
  | 'token.created'
  | 'token.revoked'

export interface AuditEntry {
  readonly action: AuditedAct
  /** Whose account it concerns; `null` if there is none. */
  readonly user: Pick<User, 'id' | 'name'> | null
  /** Where it came from; `local` for the command line. */
  readonly address: string
  readonly details?: Readonly<Record<string, string | number>>
}

/** Adds to the audit, in the transaction of the act itself. */
export async function audit(tables: WriteTables, entry: AuditEntry): Promise<void> {
  await tables
    .insertInto('audit')
    .values({
      id: randomBytes(12).toString('hex'),
      at: Date.now(),
      action: entry.action,
      user_id: entry.user?.id ?? null,
      user_name: entry.user?.name ?? null,
      address: entry.address,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute()
}
