import { z } from 'zod'
import { OctoError } from './errors.ts'
import { CommandId, UserId } from './ids.ts'
import { MAX_NESTING } from './limits.ts'

/** JSON-RPC 2.0 request ids; the client chooses them and may not use one twice at a time. */
export const RequestId = z.union([z.number().int(), z.string().min(1).max(64)])
export type RequestId = z.infer<typeof RequestId>

/** The name of a runner; a user's first and usual one is `local`. */
export const RunnerName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/u, 'must be a short lower-case name')
export type RunnerName = z.infer<typeof RunnerName>

/**
 * A request. Beside what JSON-RPC has, `command` is the id under which a command runs once, and `runner` picks
 * another runner of the same user.
 */
export const Request = z.object({
  jsonrpc: z.literal('2.0'),
  id: RequestId,
  method: z.string().max(64),
  params: z.unknown(),
  command: CommandId.optional(),
  runner: RunnerName.optional(),
})
export type Request = z.infer<typeof Request>

/**
 * Who is asking. Set by the backend on its connection to a runner and by nobody else; a runner takes it from there
 * alone.
 */
export const Actor = z.object({
  user: UserId,
  name: z.string().max(64),
  role: z.enum(['viewer', 'member', 'admin']),
})
export type Actor = z.infer<typeof Actor>

/** The header in which the backend tells a runner the actor, as base64url of JSON. */
export const ACTOR_HEADER = 'x-octo-actor'

/** The header of an HTTP write that carries its command id. */
export const COMMAND_HEADER = 'idempotency-key'

/**
 * Reads one text frame as a request.
 * @throws OctoError `malformed` if it is no JSON or nested too deeply, `bad_request` if it is no request
 */
export function parseRequest(text: string): Request {
  const parsed = Request.safeParse(parseJson(text))
  if (!parsed.success) throw new OctoError('bad_request', `Not a request: ${issueText(parsed.error)}`)
  return parsed.data
}

/**
 * The id of a text frame that could not be answered otherwise, so that its error reaches the right call.
 * @returns `null` if it has none that could be one
 */
export function requestIdOf(text: string): RequestId | null {
  try {
    const parsed = z.object({ id: RequestId }).safeParse(parseJson(text))
    return parsed.success ? parsed.data.id : null
  } catch (error) {
    if (error instanceof OctoError) return null
    throw error
  }
}

/**
 * Parses JSON that came from outside.
 * @throws OctoError `malformed` if it is no JSON or nested deeper than {@link MAX_NESTING}
 */
export function parseJson(text: string): unknown {
  if (nestsDeeperThan(text, MAX_NESTING)) {
    throw new OctoError('malformed', `JSON may nest at most ${MAX_NESTING} levels deep.`)
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new OctoError('malformed', 'This is not valid JSON.', { cause: error })
  }
}

/** Says in one line what a schema found wrong: where and what, at most three faults. */
export function issueText(error: z.ZodError): string {
  const faults = error.issues.slice(0, 3).map((issue) => {
    const path = issue.path.join('.')
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  return faults.join('; ')
}

const QUOTE = 34
const BACKSLASH = 92
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** Looks at brackets outside strings, before parsing: a parsed tree a million levels deep would crash a later hop. */
function nestsDeeperThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (quoted) {
      if (char === BACKSLASH) at += 1
      else if (char === QUOTE) quoted = false
    } else if (char === QUOTE) quoted = true
    else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      depth += 1
      if (depth > limit) return true
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) depth -= 1
  }
  return false
}
