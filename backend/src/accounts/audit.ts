import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'

/** A security-relevant act. */
export interface Act {
  readonly action:
    | 'setup'
    | 'login'
    | 'login_failed'
    | 'logout'
    | 'logout_everywhere'
    | 'password_changed'
    | 'refresh_reused'
    | 'user_created'
    | 'token_created'
    | 'token_revoked'
  readonly actor: string | null
  readonly address: string | null
  readonly details?: Readonly<Record<string, unknown>>
}

/** Writes an act down; entries are only ever added. */
export async function audit(db: Kysely<Database>, { action, actor, address, details = {} }: Act): Promise<void> {
  await db
    .insertInto('audit')
    .values({ at: Date.now(), actor, action, address, details: JSON.stringify(details) })
    .execute()
}
