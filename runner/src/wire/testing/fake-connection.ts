import type { Actor, BinaryFrame, Notice, NotificationName, UserId } from '@octo/protocol'
import type { Connection } from '../room.ts'

export const testActor: Actor = { user: `usr_${'a'.repeat(26)}` as UserId, name: 'ada', role: 'admin' }

interface Told {
  readonly name: NotificationName
  readonly params: unknown
}

/** A connection that keeps what it was sent, for tests of rooms; waiting is by event, never by time. */
export class FakeConnection implements Connection {
  readonly actor = testActor
  readonly told: Told[] = []
  readonly frames: BinaryFrame[] = []
  bufferedBytes = 0
  readonly #closers = new Set<() => void>()
  readonly #drainers: (() => void)[] = []
  readonly #waiters = new Set<() => void>()

  notify<Name extends NotificationName>(name: Name, params: Notice<Name>): void {
    this.told.push({ name, params })
    this.#wake()
  }

  sendFrame(frame: BinaryFrame): void {
    this.frames.push({ ...frame, payload: frame.payload.slice() })
    this.#wake()
  }

  onDrained(listener: () => void): void {
    if (this.bufferedBytes === 0) listener()
    else this.#drainers.push(listener)
  }

  onClose(listener: () => void): () => void {
    this.#closers.add(listener)
    return () => this.#closers.delete(listener)
  }

  /** Everything a notification of this name has brought so far. */
  notices<Name extends NotificationName>(name: Name): Notice<Name>[] {
    return this.told.filter((told) => told.name === name).map((told) => told.params as Notice<Name>)
  }

  /** Resolves as soon as `condition` holds; it is looked at after everything this connection is sent. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.add(resolve))
  }

  drain(): void {
    this.bufferedBytes = 0
    for (const listener of this.#drainers.splice(0)) listener()
  }

  close(): void {
    for (const listener of this.#closers) listener()
    this.#closers.clear()
  }

  #wake(): void {
    for (const resolve of this.#waiters) resolve()
    this.#waiters.clear()
  }
}
