import type { Actor, User } from '@octo/protocol'

/** Who is asking, as the header {@link ACTOR_HEADER} tells a runner. */
export function encodeActor({ id, name, role }: User): string {
  const actor: Actor = { user: id, name, role }
  return Buffer.from(JSON.stringify(actor)).toString('base64url')
}
