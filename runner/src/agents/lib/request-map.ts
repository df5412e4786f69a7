import { OctoError } from '@octo/protocol'

/** More open calls than this an adapter never makes; whoever reaches it talks to an agent that answers nothing. */
const MAX_OPEN_REQUESTS = 1_000

interface OpenRequest<Reply> {
  readonly promise: PromiseWithResolvers<Reply>
  readonly timer: NodeJS.Timeout | undefined
}

/** Calls to an agent that wait for their answers, by id. Every one ends: in its answer, in time, or with the agent. */
export class RequestMap<Reply> {
  readonly #open = new Map<string, OpenRequest<Reply>>()
  #next = 1
  #ended: OctoError | null = null

  /**
   * Opens a call.
   * @param what names it in messages, e.g. `get_state`
   * @param timeoutMs how long to wait; `null` where the answer takes as long as the agent works
   * @returns its id and the answer. Rejects with `agent_timeout`, or with what {@link endAll} was given
   */
  open(what: string, timeoutMs: number | null): { readonly id: string; readonly reply: Promise<Reply> } {
    const id = `octo-${this.#next}`
    this.#next += 1
    const promise = Promise.withResolvers<Reply>()
    if (this.#ended !== null) promise.reject(this.#ended)
    else if (this.#open.size >= MAX_OPEN_REQUESTS) {
      promise.reject(new OctoError('agent_failed', `The agent leaves ${MAX_OPEN_REQUESTS} calls unanswered.`))
    } else this.#open.set(id, { promise, timer: this.#startTimer(id, what, timeoutMs) })
    return { id, reply: promise.promise }
  }

  /** Gives a call its answer. @returns whether one with this id was open */
  settle(id: string, reply: Reply): boolean {
    const request = this.#take(id)
    request?.promise.resolve(reply)
    return request !== undefined
  }

  /** Fails all calls that are open or still come. */
  endAll(error: OctoError): void {
    this.#ended = error
    for (const id of this.#open.keys()) this.#take(id)?.promise.reject(error)
  }

  #take(id: string): OpenRequest<Reply> | undefined {
    const request = this.#open.get(id)
    this.#open.delete(id)
    clearTimeout(request?.timer)
    return request
  }

  #startTimer(id: string, what: string, timeoutMs: number | null): NodeJS.Timeout | undefined {
    if (timeoutMs === null) return undefined
    return setTimeout(() => {
      const seconds = Math.round(timeoutMs / 1_000)
      const error = new OctoError('agent_timeout', `The agent did not answer ${what} within ${seconds} s.`)
      this.#take(id)?.promise.reject(error)
    }, timeoutMs)
  }
}
