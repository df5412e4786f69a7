import type { ClientId } from '@octo/protocol'

export interface Size {
  readonly cols: number
  readonly rows: number
}

/**
 * Decides the size of a terminal that several clients show: whoever typed last. Pure; knows only clients that show it.
 */
export class SizeRule {
  /** What each client would like, the one heard last at the end. */
  readonly #wishes = new Map<ClientId, Size>()
  #decider: ClientId | null = null

  /**
   * Notes what a client would like.
   * @returns the size to take, or `null` if another client decides
   */
  wish(client: ClientId, size: Size): Size | null {
    this.#wishes.delete(client)
    this.#wishes.set(client, size)
    return this.#decider === null || this.#decider === client ? size : null
  }

  /**
   * Notes that a client typed.
   * @returns the size to take if that makes it decide, else `null`
   */
  typed(client: ClientId): Size | null {
    if (this.#decider === client) return null
    this.#decider = client
    return this.#wishes.get(client) ?? null
  }

  /**
   * Notes that a client shows the terminal no longer.
   * @returns the size to take: if it decided, what the client heard last would like
   */
  left(client: ClientId): Size | null {
    this.#wishes.delete(client)
    if (this.#decider !== client) return null
    this.#decider = null
    return [...this.#wishes.values()].at(-1) ?? null
  }
}
