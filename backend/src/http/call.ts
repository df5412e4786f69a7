import { COMMAND_HEADER, MAX_FRAME_BYTES } from '@octo/protocol'
import type { Accounts } from '../accounts/index.ts'
import { type Dispatcher, readCommandId } from '../mux/index.ts'
import type { Runners } from '../runners/index.ts'
import { readJson, sendJson } from './exchange.ts'
import { forward } from './forward.ts'
import type { UserHandler } from './routes.ts'

export interface CallOptions {
  readonly accounts: Accounts
  readonly dispatcher: Dispatcher
  readonly runners: Runners
}

/** What answers calls as single requests, and everything that a runner answers. */
export function callRoutes({ accounts, dispatcher, runners }: CallOptions): {
  readonly call: UserHandler
  readonly runner: UserHandler
} {
  const runner: UserHandler = async (exchange) => {
    const running = await runners.of(exchange.identity.user).ready()
    const ended = new AbortController()
    const forget = accounts.onEnd(exchange.identity, () => ended.abort())
    try {
      await forward(exchange, { socket: running.socket, signal: ended.signal })
    } finally {
      forget()
    }
  }
  const call: UserHandler = async (exchange) => {
    const { request, response, params, identity, peer } = exchange
    const facts = dispatcher.allow(params['method'] ?? '', exchange)
    if (facts.side === 'runner') return runner(exchange)
    const header = request.headers[COMMAND_HEADER]
    const command = readCommandId(typeof header === 'string' ? header : undefined)
    const input = await readJson(request, MAX_FRAME_BYTES)
    const result = await dispatcher.call(facts, input, { identity, address: peer.address, command })
    sendJson(response, { result })
  }
  return { call, runner }
}
