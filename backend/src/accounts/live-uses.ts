import type { Credential, Identity } from './identity.ts'

/**
 * What is open under each credential: sockets, downloads. When a login or token ends, all of it is closed at once.
 */
export class LiveUses {
  readonly #uses = new Map<string, { readonly identity: Identity; readonly closers: Set<() => void> }>()

  /** @returns a function that takes it out, to be called when it has ended by itself */
  add(identity: Identity, close: () => void): () => void {
    const { id } = identity.credential
    const entry = this.#uses.get(id) ?? { identity, closers: new Set() }
    this.#uses.set(id, entry)
    entry.closers.add(close)
    return () => {
      entry.closers.delete(close)
      if (entry.closers.size === 0 && this.#uses.get(id) === entry) this.#uses.delete(id)
    }
  }

  /** Closes everything that was opened with a credential. */
  end(id: Credential['id']): void {
    const entry = this.#uses.get(id)
    this.#uses.delete(id)
    for (const close of entry?.closers ?? []) close()
  }

  /** Everybody who has something open. */
  identities(): Identity[] {
    return Array.from(this.#uses.values(), ({ identity }) => identity)
  }
}
