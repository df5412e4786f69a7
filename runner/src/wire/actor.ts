import { Actor, ACTOR_HEADER, OctoError, parseJson } from '@octo/protocol'

/**
 * Reads who is asking from the header that the backend sets.
 * @throws OctoError `forbidden` if it is missing or no actor: then it was not the backend that asked
 */
export function readActor(header: string | string[] | undefined): Actor {
  const actor = typeof header === 'string' ? Actor.safeParse(decoded(header)) : undefined
  if (actor?.success) return actor.data
  throw new OctoError('forbidden', `A runner answers its backend alone, which says who is asking in ${ACTOR_HEADER}.`)
}

function decoded(header: string): unknown {
  try {
    return parseJson(Buffer.from(header, 'base64url').toString())
  } catch (error) {
    if (error instanceof OctoError) return undefined
    throw error
  }
}
