import { OctoError, type Role, type User } from '@octo/protocol'

const RANK = { anyone: 0, viewer: 1, member: 2, admin: 3 } as const satisfies Record<Role, number>

/**
 * Each role includes the ones before it.
 * @param what what is asked for, for the message
 * @throws OctoError `forbidden` if the user's role is not enough
 */
export function requireRole(user: User, role: Role, what: string): void {
  if (RANK[user.role] >= RANK[role]) return
  throw new OctoError('forbidden', `${what} needs the role "${role}"; yours is "${user.role}". Ask an admin for it.`)
}
