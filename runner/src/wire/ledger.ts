import { hash } from 'node:crypto'
import { fromErrorBody, OctoError, toErrorBody } from '@octo/protocol'
import { canonicalJson } from '../lib/canonical-json.ts'
import type { Log } from '../lib/log.ts'
import type { CommandRecord, CommandRun, Store } from '../store/index.ts'

/** Commands that run at the same time, of all connections together. Each may hold a process or a file. */
const MAX_RUNNING = 512

/** What a command does, and whether one store transaction is all of it. */
export interface CommandEffect<Answer> {
  /** True: the effect and the ledger's entry are stored together. False: the effect lies outside the store. */
  readonly atomic: boolean
  perform(record: (result: Answer) => CommandRecord): Promise<Answer>
}

type LedgerStore = Pick<Store, 'commandState' | 'commandStarted' | 'commandDone' | 'commandFailed'>

interface Running {
  readonly digest: string
  readonly outcome: Promise<unknown>
}

/** What a command was asked to do, as a digest: the same id with another one is a conflict. */
export function fingerprint(method: string, params: unknown): string {
  return hash('sha256', `${method}\n${canonicalJson(params)}`)
}

/**
 * Lets each command run once, under the id its client made. How is told in this folder's index.
 */
export class Ledger {
  readonly #store: LedgerStore
  readonly #log: Log
  readonly #running = new Map<string, Running>()

  constructor(store: LedgerStore, log: Log) {
    this.#store = store
    this.#log = log
  }

  /**
   * Runs a command, joins it if it runs, or answers what it answered before.
   * @throws OctoError `command_conflict` if the id was used for something else, `outcome_unknown` if it was cut by the end
   *   of the process, `overloaded` if too many run, and whatever the command itself ended with
   */
  async run<Answer>(run: CommandRun, effect: CommandEffect<Answer>): Promise<Answer> {
    const key = `${run.user} ${run.command}`
    const running = this.#running.get(key)
    if (running !== undefined) {
      refuseOther(running, run)
      return (await running.outcome) as Answer
    }
    if (this.#running.size >= MAX_RUNNING) {
      throw new OctoError('overloaded', `${MAX_RUNNING} commands are running already. Try again soon.`)
    }
    const outcome = this.#runNew(run, effect)
    this.#running.set(key, { digest: run.digest, outcome })
    try {
      return await outcome
    } finally {
      this.#running.delete(key)
    }
  }

  /** Resolves when no command runs any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(Array.from(this.#running.values(), ({ outcome }) => outcome))
  }

  async #runNew<Answer>(run: CommandRun, effect: CommandEffect<Answer>): Promise<Answer> {
    const known = await this.#store.commandState(run)
    switch (known.state) {
      case 'new':
        return effect.atomic ? this.#runAtomic(run, effect) : this.#runOutside(run, effect)
      case 'started':
        refuseOther(known, run)
        throw outcomeUnknown('The runner ended while this command ran')
      case 'done':
        refuseOther(known, run)
        return known.result as Answer
      case 'failed':
        refuseOther(known, run)
        throw fromErrorBody(known.error)
    }
  }

  /** The effect's transaction stores the entry; a crash leaves both or neither, so nothing is stored before. */
  async #runAtomic<Answer>(run: CommandRun, effect: CommandEffect<Answer>): Promise<Answer> {
    let recorded = false
    const result = await effect
      .perform((answer) => {
        recorded = true
        return { ...run, result: answer }
      })
      .catch(async (error: unknown) => {
        // Nothing happened. A failure that may pass leaves the id free, so that the same call may succeed later.
        if (!isRetryable(error)) await this.#storeFailure(run, error)
        throw error
      })
    if (!recorded) await this.#store.commandDone({ ...run, result })
    return result
  }

  /** `started` before and the end after: what a crash leaves in between is not known, and is not tried again. */
  async #runOutside<Answer>(run: CommandRun, effect: CommandEffect<Answer>): Promise<Answer> {
    await this.#store.commandStarted(run)
    const result = await effect
      .perform((answer) => ({ ...run, result: answer }))
      .catch(async (error: unknown) => {
        await this.#storeFailure(run, error)
        throw error
      })
    try {
      await this.#store.commandDone({ ...run, result })
    } catch (error) {
      this.#log.error('wire.outcome_not_stored', { method: run.method, command: run.command, error })
      throw outcomeUnknown('It ran, but its result could not be stored')
    }
    return result
  }

  /** A failure that cannot be stored is answered all the same; a repetition then meets `started` or runs anew. */
  async #storeFailure(run: CommandRun, error: unknown): Promise<void> {
    try {
      await this.#store.commandFailed({ ...run, error: toErrorBody(error) })
    } catch (storeError) {
      this.#log.warn('wire.failure_not_stored', { method: run.method, command: run.command, error: storeError })
    }
  }
}

function refuseOther(known: { readonly digest: string }, run: CommandRun): void {
  if (known.digest === run.digest) return
  throw new OctoError(
    'command_conflict',
    `The command id ${run.command} was used for something else. Make a new id for each new command.`,
  )
}

function outcomeUnknown(why: string): OctoError {
  return new OctoError('outcome_unknown', `${why}. Look at what it did before you try again under a new id.`)
}

function isRetryable(error: unknown): boolean {
  return error instanceof OctoError && error.retryable
}
