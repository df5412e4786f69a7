/**
 * What every connection begins with: hello and heartbeat.
 *
 * Promises: a client of another version is told so, and nothing else.
 */
import {
  HEARTBEAT_MS,
  MAX_BLOB_BYTES,
  MAX_EDITABLE_BYTES,
  MAX_FRAME_BYTES,
  MAX_PROMPT_CHARS,
  OctoError,
  PROTOCOL_VERSION,
  type RunnerStatus,
  TERMINAL_WINDOW_BYTES,
  type User,
} from '@octo/protocol'
import type { Accounts } from '../accounts/index.ts'
import { type OpenHandler, sendJson } from '../http/index.ts'
import { version as build } from '../lib/version.ts'
import type { RoomMethods } from '../mux/index.ts'
import type { Runners } from '../runners/index.ts'

const limits = {
  frameBytes: MAX_FRAME_BYTES,
  promptChars: MAX_PROMPT_CHARS,
  blobBytes: MAX_BLOB_BYTES,
  editableBytes: MAX_EDITABLE_BYTES,
  terminalWindowBytes: TERMINAL_WINDOW_BYTES,
}

/** The methods of the room. */
export function systemMethods(runners: Runners): RoomMethods<'system'> {
  return {
    'system.hello': async (input, { identity }) => {
      if (input.version !== PROTOCOL_VERSION) {
        throw new OctoError(
          'version_mismatch',
          `This server speaks version ${PROTOCOL_VERSION} of the protocol, you speak ${input.version}. Load the client anew.`,
          { details: { version: PROTOCOL_VERSION } },
        )
      }
      const { user } = identity
      const statuses = runnersOf(user, runners)
      return {
        version: PROTOCOL_VERSION,
        build,
        user,
        capabilities: [],
        limits,
        heartbeatMs: HEARTBEAT_MS,
        runners: statuses,
      }
    },
    'system.ping': async () => ({}),
  }
}

/** A viewer may call nothing of a runner, and so has none. */
function runnersOf(user: User, runners: Runners): RunnerStatus[] {
  return user.role === 'viewer' ? [] : [runners.of(user).status]
}

/** Says that the server lives, and whether it waits for its first admin. */
export function healthRoute(accounts: Accounts): OpenHandler {
  return async ({ response }) => sendJson(response, { ok: true, version: build, setup: await accounts.needsSetup() })
}
