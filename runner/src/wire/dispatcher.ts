import {
  type Actor,
  type AnyMethod,
  type BinaryFrame,
  type CommandId,
  issueText,
  methodFacts,
  type MethodName,
  methods,
  OctoError,
  type RunnerCounts,
} from '@octo/protocol'
import type { Hono } from 'hono'
import type { Log } from '../lib/log.ts'
import { fingerprint, type Ledger } from './ledger.ts'
import type { Caller, CommandCaller, Connection, HttpContext } from './room.ts'

/** Calls being answered at the same time, of all connections together. */
const MAX_CALLS = 1_024

/** A room as the wire sees it: whichever it is. */
export interface AnyRoom {
  readonly methods: object
  readonly atomic?: readonly string[]
  routes?(app: Hono<HttpContext>): void
  frame?(connection: Connection, frame: BinaryFrame): void
  counts?(): Partial<RunnerCounts>
  close(): Promise<void>
}

/** A call as it came, from a socket or as an HTTP request. */
export interface MethodCall {
  readonly method: string
  readonly params: unknown
  readonly command?: CommandId | undefined
}

export interface CallSource {
  readonly actor: Actor
  readonly connection?: Connection
  readonly signal: AbortSignal
}

type AnyHandler = (input: unknown, caller: Caller | CommandCaller<unknown>) => Promise<unknown>

/** Finds the handler of a call, parses its input, and runs it: queries at once, commands through the ledger. */
export class Dispatcher {
  readonly #handlers: ReadonlyMap<string, AnyHandler>
  readonly #atomic: ReadonlySet<string>
  readonly #ledger: Ledger
  readonly #log: Log
  #running = 0

  constructor(rooms: readonly AnyRoom[], { ledger, log }: { ledger: Ledger; log: Log }) {
    // The type of Room ties each name to its handler; here they only meet through the protocol's table.
    this.#handlers = new Map(rooms.flatMap((room) => Object.entries(room.methods) as [string, AnyHandler][]))
    this.#atomic = new Set(rooms.flatMap((room) => room.atomic ?? []))
    this.#ledger = ledger
    this.#log = log
  }

  /**
   * Answers a call.
   * @throws OctoError `unknown_method`, `bad_request` for input its schema refuses or a command without id, `overloaded`
   *   when too many calls run, and whatever the method itself ends with; any other exception is a bug, which is logged
   */
  async call(call: MethodCall, source: CallSource): Promise<unknown> {
    if (this.#running >= MAX_CALLS) {
      throw new OctoError('overloaded', `${MAX_CALLS} calls are being answered already. Try again soon.`)
    }
    this.#running += 1
    try {
      return await this.#run(call, source)
    } catch (error) {
      if (!(error instanceof OctoError)) this.#log.error('wire.call_failed', { method: call.method, error })
      throw error
    } finally {
      this.#running -= 1
    }
  }

  #run(call: MethodCall, source: CallSource): Promise<unknown> {
    const { params = {} } = call
    const facts = methodFacts(call.method)
    const handler = this.#handlers.get(call.method)
    if (facts === undefined || handler === undefined) {
      throw new OctoError('unknown_method', `A runner knows no method "${call.method}".`)
    }
    const input = parseInput(facts.name, params)
    if (facts.kind === 'query') return handler(input, source)
    const { command } = call
    if (command === undefined) {
      throw new OctoError(
        'bad_request',
        `${facts.name} changes something, so it needs a command id under which it runs once.`,
      )
    }
    const run = { user: source.actor.user, command, method: facts.name, digest: fingerprint(facts.name, params) }
    return this.#ledger.run(run, {
      atomic: this.#atomic.has(facts.name),
      perform: (record) => handler(input, { ...source, command, record }),
    })
  }
}

/** @throws OctoError `bad_request` that says what the schema refuses */
function parseInput(name: MethodName, params: unknown): unknown {
  const method: AnyMethod = methods[name]
  const parsed = method.input.safeParse(params)
  if (!parsed.success) throw new OctoError('bad_request', `${name}: ${issueText(parsed.error)}`)
  return parsed.data
}
