import type { Generated } from 'kysely'

/** Times are milliseconds since 1970, ids are text, truths are 0 and 1: the same on every engine. */
export interface Database {
  users: UsersTable
  logins: LoginsTable
  tokens: TokensTable
  settings: SettingsTable
  audit: AuditTable
}

export interface UsersTable {
  id: string
  name: string
  role: 'viewer' | 'member' | 'admin'
  password_hash: string
  created_at: number
}

/** One place where a user is logged in. It ends by being deleted, and everything that rests on it ends with it. */
export interface LoginsTable {
  id: string
  user_id: string
  /** SHA-256 of the refresh token that is valid now. */
  refresh_hash: string
  /** The one before it, which still works for a moment in case the answer that brought the new one was lost. */
  previous_hash: string | null
  rotated_at: number
  created_at: number
  last_seen_at: number
  user_agent: string
  address: string
}

export interface TokensTable {
  id: string
  user_id: string
  name: string
  token_hash: string
  created_at: number
  last_used_at: number | null
  expires_at: number | null
}

export interface SettingsTable {
  name: string
  value: string
}

export interface AuditTable {
  id: Generated<number>
  at: number
  actor: string | null
  action: string
  address: string | null
  details: string
}
