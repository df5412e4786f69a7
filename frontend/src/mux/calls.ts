import type { CommandId, ErrorBody, MethodName } from '@octo/protocol'
import { fromErrorBody, MAX_FRAME_BYTES, OctoError } from '@octo/protocol/client'

/** Far above what views ask at a time; reaching it means that a loop of ours asks without end. */
export const MAX_OPEN_CALLS = 1_000

/** How long a call waits for a lost runner to come back before it fails: longer than a runner's start. */
export const RUNNER_WAIT_MS = 30_000

export interface CallRequest {
  readonly method: MethodName
  readonly params: unknown
  readonly command?: CommandId | undefined
  readonly runner?: string | undefined
  readonly signal?: AbortSignal | undefined
}

interface Call {
  readonly text: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: OctoError) => void
  /** Runs while the call waits for a runner that was lost. */
  parked: ReturnType<typeof setTimeout> | null
}

export interface Reply {
  readonly id: number
  readonly result?: unknown
  readonly error?: ErrorBody
}

export interface Calls {
  /** Sends a call, or keeps it until there is a connection. Rejects with an `OctoError`. */
  open(request: CallRequest): Promise<unknown>
  /** Settles the call that a reply belongs to; replies to calls that were given up are ignored. */
  settle(reply: Reply): void
  /** A new connection: sends everything that is not answered, each under its old ids. */
  connected(send: (text: string) => void): void
  disconnected(): void
  /** A lost runner is back: sends again what waited for it. */
  runnerBack(): void
  /** Ends every open call. */
  failAll(error: OctoError): void
}

/**
 * Keeps every call until it is answered once. The frame of a call is made once, so that a repetition is the very same
 * request: the server knows a command again by its id and body.
 */
export function createCalls(): Calls {
  const calls = new Map<number, Call>()
  let send: ((text: string) => void) | null = null
  let lastId = 0

  const take = (id: number): Call | undefined => {
    const call = calls.get(id)
    calls.delete(id)
    if (call?.parked) clearTimeout(call.parked)
    return call
  }

  const park = (id: number, call: Call, error: OctoError): void => {
    call.parked ??= setTimeout(() => take(id)?.reject(error), RUNNER_WAIT_MS)
  }

  return {
    open({ signal, ...request }) {
      if (signal?.aborted) return Promise.reject(cancelled(request.method))
      if (calls.size >= MAX_OPEN_CALLS) {
        return Promise.reject(new OctoError('overloaded', 'Too many calls wait for the server. Try again shortly.'))
      }
      lastId += 1
      const id = lastId
      const text = JSON.stringify({ jsonrpc: '2.0', id, ...request })
      if (byteLength(text) > MAX_FRAME_BYTES) {
        return Promise.reject(new OctoError('too_large', 'This is too large for one message. Attach it as a file.'))
      }
      return new Promise((resolve, reject) => {
        const abort = (): void => take(id)?.reject(cancelled(request.method))
        const settled = (): void => signal?.removeEventListener('abort', abort)
        signal?.addEventListener('abort', abort)
        calls.set(id, {
          text,
          parked: null,
          resolve: (result) => {
            settled()
            resolve(result)
          },
          reject: (error) => {
            settled()
            reject(error)
          },
        })
        send?.(text)
      })
    },
    settle(reply) {
      const call = calls.get(reply.id)
      if (call === undefined) return
      if (reply.error === undefined) return take(reply.id)?.resolve(reply.result)
      const error = fromErrorBody(reply.error)
      if (error.code === 'runner_lost') park(reply.id, call, error)
      else take(reply.id)?.reject(error)
    },
    connected(sendNow) {
      send = sendNow
      for (const call of calls.values()) resend(call, sendNow)
    },
    disconnected() {
      send = null
    },
    runnerBack() {
      if (send === null) return
      for (const call of calls.values()) if (call.parked !== null) resend(call, send)
    },
    failAll(error) {
      for (const id of calls.keys()) take(id)?.reject(error)
    },
  }
}

function resend(call: Call, send: (text: string) => void): void {
  if (call.parked !== null) clearTimeout(call.parked)
  call.parked = null
  send(call.text)
}

/** In bytes, as the server counts: a frame that is too large ends the connection, and would be sent again on each next. */
function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength
}

function cancelled(method: string): OctoError {
  return new OctoError('cancelled', `${method} was given up.`)
}
