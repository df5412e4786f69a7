import { OctoError, type RequestId } from '@octo/protocol'

/** As many as a runner takes on one connection. */
const MAX_CALLS = 128

/** What has to be done with streams when a reply comes. */
export type StreamEffect = { readonly kind: 'attach' | 'detach'; readonly stream: number }

export interface OpenCall<Upstream> {
  readonly id: RequestId
  /** Where it was forwarded to; `null` while the backend answers it itself. */
  readonly upstream: Upstream | null
  readonly effect: StreamEffect | null
}

/** The calls of one connection that are not answered yet. */
export class Calls<Upstream> {
  readonly #open = new Map<RequestId, OpenCall<Upstream>>()

  /** @throws OctoError `bad_request` if the id is in use, `overloaded` if there are too many */
  add(call: OpenCall<Upstream>): void {
    if (this.#open.has(call.id)) {
      throw new OctoError('bad_request', `The request id ${JSON.stringify(call.id)} is in use. Wait for its answer.`)
    }
    if (this.#open.size >= MAX_CALLS) {
      throw new OctoError('overloaded', `${MAX_CALLS} calls wait on this connection already.`)
    }
    this.#open.set(call.id, call)
  }

  has(id: RequestId): boolean {
    return this.#open.has(id)
  }

  /** What the reply to a call will mean for streams; `null` if nothing. */
  effectOf(id: RequestId): StreamEffect | null {
    return this.#open.get(id)?.effect ?? null
  }

  /** Takes a call out. @returns `undefined` if it is not open, or was asked elsewhere */
  take(id: RequestId, upstream: Upstream | null): OpenCall<Upstream> | undefined {
    const call = this.#open.get(id)
    if (call === undefined || call.upstream !== upstream) return undefined
    this.#open.delete(id)
    return call
  }

  /** Takes out all calls that were forwarded to a runner. */
  takeAll(upstream: Upstream): OpenCall<Upstream>[] {
    const taken = [...this.#open.values()].filter((call) => call.upstream === upstream)
    for (const { id } of taken) this.#open.delete(id)
    return taken
  }
}
