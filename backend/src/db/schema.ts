import type { LoginId, User, UserId } from '@octo/protocol'

/** Times are milliseconds since 1970. */
export interface Tables {
  users: {
    id: UserId
    name: string
    role: User['role']
    password_hash: string
    created_at: number
  }
  logins: {
    id: LoginId
    user_id: UserId
    created_at: number
    last_seen_at: number
    user_agent: string
    address: string
  }
  /** Every refresh token of a login, so that the use of an old one is noticed. */
  refresh_tokens: {
    hash: string
    login_id: LoginId
    created_at: number
    replaced_at: number | null
  }
  /** Personal access tokens, for scripts. */
  access_tokens: {
    id: string
    hash: string
    user_id: UserId
    label: string
    created_at: number
    last_used_at: number | null
  }
  /** The secret that makes the first admin; empty as soon as there is one. */
  setup_secrets: {
    hash: string
    created_at: number
  }
  /** Results of commands, so that a repeated one gets its first result. */
  commands: {
    user_id: UserId
    command: string
    digest: string
    result: string
    created_at: number
  }
  /** Security-relevant acts. Rows are only ever added. */
  audit: {
    id: string
    at: number
    action: string
    user_id: UserId | null
    user_name: string | null
    address: string
    details: string
  }
}
