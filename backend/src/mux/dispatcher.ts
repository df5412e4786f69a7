import { CommandId, methodFacts, type MethodFacts, methods, OctoError } from '@octo/protocol'
import type { z } from 'zod'
import { parseInput } from '../lib/parse-input.ts'
import { requireRole } from '../lib/roles.ts'
import type { Log } from '../lib/log.ts'
import type { BackendMethodName, Caller, Handlers } from './room.ts'

/** A call as it came, not yet looked at. */
export interface Call {
  readonly method: string
  readonly params: unknown
}

type AnyHandler = (input: unknown, caller: Caller) => Promise<unknown>

/** Looks methods up, checks roles, and runs those that the backend answers. */
export class Dispatcher {
  readonly #handlers: Readonly<Record<BackendMethodName, AnyHandler>>
  readonly #log: Log

  constructor(handlers: Handlers<BackendMethodName>, log: Log) {
    // Each handler gets what its own schema made, which is looked up under the same name.
    this.#handlers = handlers as Readonly<Record<BackendMethodName, AnyHandler>>
    this.#log = log
  }

  /**
   * What is known of a method that this user calls.
   * @throws OctoError `unknown_method`, or `forbidden` if the role is not enough
   */
  allow(method: string, { identity }: Pick<Caller, 'identity'>): MethodFacts {
    const facts = methodFacts(method)
    if (facts === undefined) throw new OctoError('unknown_method', `There is no method ${JSON.stringify(method)}.`)
    requireRole(identity.user, facts.role, method)
    return facts
  }

  /**
   * Answers a method of the backend.
   * @throws OctoError what the method throws; anything else is logged and thrown on
   */
  async call({ name }: MethodFacts, params: unknown, caller: Caller): Promise<unknown> {
    try {
      const schema: z.ZodType = methods[name].input
      const input = parseInput(schema, params ?? {})
      return await this.#handlers[name as BackendMethodName](input, caller)
    } catch (error) {
      if (!(error instanceof OctoError)) this.#log.error('mux.method_failed', { method: name, error })
      throw error
    }
  }
}

/** Reads a command id that came beside a call over HTTP. @throws OctoError `bad_request` if it could be none */
export function readCommandId(value: string | undefined): CommandId | undefined {
  return value === undefined ? undefined : parseInput(CommandId, value)
}
