import type { Actor, User } from '@octo/protocol'

/** Writes who is asking for the header in which runners read it. */
export function encodeActor(user: User): string {
  const actor: Actor = { user: user.id, name: user.name, role: user.role }
  return Buffer.from(JSON.stringify(actor)).toString('base64url')
}
