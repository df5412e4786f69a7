import {
  DEAD_LINK_MS,
  HEARTBEAT_MS,
  type Input,
  issueText,
  MAX_BLOB_BYTES,
  MAX_EDITABLE_BYTES,
  MAX_FRAME_BYTES,
  MAX_PROMPT_CHARS,
  type MethodName,
  methods as protocolMethods,
  OctoError,
  PROTOCOL_VERSION,
  type Result,
  TERMINAL_WINDOW_BYTES,
} from '@octo/protocol'
import type { Accounts } from '../accounts/accounts.ts'
import type { Caller } from '../accounts/authenticate.ts'
import type { Logins } from '../accounts/logins.ts'
import { version } from '../lib/version.ts'
import type { Runners } from '../runners/registry.ts'

type BackendMethod = Extract<MethodName, `system.${string}` | `accounts.${string}` | `admin.${string}`>
type Handlers = { readonly [Name in BackendMethod]: (input: Input<Name>, caller: Caller) => Promise<Result<Name>> }

interface Parts {
  readonly accounts: Accounts
  readonly logins: Logins
  readonly runners: Runners
  readonly status: () => Promise<Result<'admin.status'>>
}

/** The methods the backend answers itself. */
export class Methods {
  readonly #handlers: Handlers

  constructor({ accounts, logins, runners, status }: Parts) {
    this.#handlers = {
      'system.hello': async (input, caller) => {
        if (input.version !== PROTOCOL_VERSION) throw outdated(input.version)
        return {
          version: PROTOCOL_VERSION,
          build: version,
          user: caller.user,
          capabilities: [],
          limits: {
            frameBytes: MAX_FRAME_BYTES,
            promptChars: MAX_PROMPT_CHARS,
            blobBytes: MAX_BLOB_BYTES,
            editableBytes: MAX_EDITABLE_BYTES,
            terminalWindowBytes: TERMINAL_WINDOW_BYTES,
          },
          heartbeatMs: HEARTBEAT_MS,
          runners: [runners.status(caller.user)],
        }
      },
      'system.ping': async () => ({}),
      'accounts.me': async (_, caller) => caller.user,
      'accounts.logins': async (_, caller) => ({ logins: await logins.ofUser(caller.user.id, caller.login) }),
      'accounts.logoutEverywhere': async (_, caller) => ({ ended: await logins.endOfUser(caller.user.id, null) }),
      'accounts.changePassword': async (input, caller) => {
        await accounts.changePassword(caller.user, input, caller.login)
        return {}
      },
      'admin.status': status,
    }
  }

  /** @throws OctoError `unknown_method`, `bad_request`, or whatever the method answers with */
  async call(name: MethodName, params: unknown, caller: Caller): Promise<unknown> {
    if (!this.#has(name)) throw new OctoError('unknown_method', `There is no method "${name}".`)
    const parsed = protocolMethods[name].input.safeParse(params ?? {})
    if (!parsed.success) throw new OctoError('bad_request', `${name}: ${issueText(parsed.error)}`)
    // The name picks the schema and the handler alike; only the type of the pair is lost on the way.
    const handler = this.#handlers[name] as (input: unknown, caller: Caller) => Promise<unknown>
    return handler(parsed.data, caller)
  }

  #has(name: MethodName): name is BackendMethod {
    return Object.hasOwn(this.#handlers, name)
  }
}

function outdated(theirs: number): OctoError {
  return new OctoError(
    'version_mismatch',
    `This server speaks version ${PROTOCOL_VERSION} of the protocol, and you version ${theirs}. Load the page again.`,
  )
}

/** A socket that says nothing for this long is cut. */
export const SILENCE_MS = DEAD_LINK_MS
