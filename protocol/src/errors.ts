/**
 * Every way a call can fail, in one table. Codes are only ever added: clients of any age branch on them.
 *
 * `status` is the HTTP answer for the same failure; `retryable` says whether the very same call may succeed later
 * without anyone changing anything.
 */
const table = {
  // The request itself
  malformed: { status: 400, retryable: false },
  bad_request: { status: 400, retryable: false },
  unknown_method: { status: 404, retryable: false },
  too_large: { status: 413, retryable: false },
  version_mismatch: { status: 426, retryable: false },

  // Who is asking
  unauthenticated: { status: 401, retryable: false },
  invalid_credentials: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  origin_refused: { status: 403, retryable: false },
  rate_limited: { status: 429, retryable: true },
  setup_done: { status: 409, retryable: false },

  // What is asked for
  not_found: { status: 404, retryable: false },
  exists: { status: 409, retryable: false },
  conflict: { status: 409, retryable: false },
  stale_write: { status: 412, retryable: false },
  unsupported: { status: 422, retryable: false },
  busy: { status: 409, retryable: true },
  queue_full: { status: 429, retryable: true },
  already_answered: { status: 409, retryable: false },
  stream_in_use: { status: 409, retryable: false },

  // Commands
  command_conflict: { status: 409, retryable: false },
  outcome_unknown: { status: 409, retryable: false },
  cancelled: { status: 499, retryable: true },
  timeout: { status: 504, retryable: true },

  // Files and folders
  path_outside: { status: 403, retryable: false },
  special_file: { status: 422, retryable: false },
  not_a_file: { status: 422, retryable: false },
  not_a_folder: { status: 422, retryable: false },
  permission_denied: { status: 403, retryable: false },
  no_space: { status: 507, retryable: true },
  workspace_gone: { status: 410, retryable: false },

  // Agents and models
  agent_missing: { status: 424, retryable: false },
  agent_failed: { status: 502, retryable: true },
  agent_timeout: { status: 504, retryable: true },
  no_model: { status: 424, retryable: false },
  provider_rejected: { status: 424, retryable: false },
  provider_unreachable: { status: 502, retryable: true },

  // The house itself
  runner_lost: { status: 502, retryable: true },
  runner_unavailable: { status: 503, retryable: true },
  overloaded: { status: 503, retryable: true },
  internal: { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>

export type ErrorCode = keyof typeof table

export const errorCodes = Object.keys(table) as readonly ErrorCode[]

/** The wire form of an error, as JSON-RPC 2.0 wants it: a number for the envelope, our code in `data`. */
export interface ErrorBody {
  readonly code: number
  readonly message: string
  readonly data: ErrorData
}

export interface ErrorData {
  readonly code: ErrorCode
  readonly retryable: boolean
  /** Facts a client can act on, such as the etag that is on disk now. */
  readonly details?: Readonly<Record<string, unknown>>
}

export interface OctoErrorOptions {
  readonly retryable?: boolean
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * A failure its receiver can understand. The message says what failed, which thing, and what to do next.
 * Any other exception is a bug of ours: it is logged and answered as `internal`.
 */
export class OctoError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, options: OctoErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'OctoError'
    this.code = code
    this.retryable = options.retryable ?? table[code].retryable
    this.details = options.details
  }

  /** The HTTP status that says the same. */
  get status(): number {
    return table[this.code].status
  }
}

/** JSON-RPC 2.0 reserves these numbers; all codes of our own share the first free one. */
function rpcNumber(code: ErrorCode): number {
  if (code === 'malformed') return -32_700
  if (code === 'unknown_method') return -32_601
  if (code === 'bad_request') return -32_602
  if (code === 'internal') return -32_603
  return -32_000
}

/** Turns an error into its wire form. A plain exception tells the client nothing but `internal`. */
export function toErrorBody(error: unknown): ErrorBody {
  const known =
    error instanceof OctoError
      ? error
      : new OctoError('internal', 'Something failed inside octo. The log of the server has the details.')
  const data: ErrorData =
    known.details === undefined
      ? { code: known.code, retryable: known.retryable }
      : { code: known.code, retryable: known.retryable, details: known.details }
  return { code: rpcNumber(known.code), message: known.message, data }
}

/** Turns a wire error back into an exception. A code of a newer server reads as `internal`, its message kept. */
export function fromErrorBody(body: ErrorBody): OctoError {
  const code = Object.hasOwn(table, body.data.code) ? body.data.code : 'internal'
  return new OctoError(
    code,
    body.message,
    body.data.details === undefined
      ? { retryable: body.data.retryable }
      : { retryable: body.data.retryable, details: body.data.details },
  )
}
