import {
  type Epoch,
  type Item,
  type ItemChange,
  type ItemId,
  OctoError,
  type Session,
  type SessionId,
} from '@octo/protocol'
import { isUnfinished, type ItemPage, type SessionChange, type Store, type StoredSession } from '../../store/index.ts'

/** What sessions need of a store, kept in memory, one session alone, for tests that decide when a write is done. */
type SessionStore = Pick<Store, 'commit' | 'checkpoint' | 'changedSince' | 'newest' | 'before' | 'item' | 'unfinished'>

export class MemoryStore implements SessionStore {
  readonly epoch = 'epo_memory' as Epoch
  readonly commits: SessionChange[] = []
  readonly #items = new Map<ItemId, ItemChange>()
  readonly #failures: OctoError[] = []
  #properties: Session
  #seq = 0
  #agentState: unknown
  #gate: PromiseWithResolvers<void> | null = null

  constructor(properties: Session) {
    this.#properties = properties
  }

  /** Writes wait from now on, until {@link release}. */
  hold(): void {
    this.#gate ??= Promise.withResolvers()
  }

  release(): void {
    this.#gate?.resolve()
    this.#gate = null
  }

  /** Lets the next write fail as a full disk does. */
  failNext(): void {
    this.#failures.push(new OctoError('no_space', 'The disk is full.'))
  }

  /** What a new process would find. */
  get stored(): StoredSession {
    const indexes = [...this.#items.values()].map((item) => (item.kind === 'removed' ? -1 : item.index))
    return {
      properties: this.#properties,
      seq: this.#seq,
      nextIndex: Math.max(-1, ...indexes) + 1,
      agentState: this.#agentState,
    }
  }

  get items(): Item[] {
    return [...this.#items.values()].filter((item) => item.kind !== 'removed').toSorted((a, b) => a.index - b.index)
  }

  async commit(change: SessionChange): Promise<void> {
    await this.#gate?.promise
    const failure = this.#failures.shift()
    if (failure !== undefined) throw failure
    if (change.seq !== this.#seq + 1) throw new Error(`Change ${change.seq} follows ${this.#seq}.`)
    this.commits.push(structuredClone(change))
    for (const item of change.items) this.#items.set(item.id, structuredClone(item))
    this.#seq = change.seq
    this.#properties = structuredClone(change.properties)
    if ('agentState' in change) this.#agentState = change.agentState
  }

  async checkpoint(_session: SessionId, item: Item): Promise<void> {
    const known = this.#items.get(item.id)
    if (known !== undefined && known.kind !== 'removed' && known.seq <= item.seq)
      this.#items.set(item.id, structuredClone(item))
  }

  async changedSince(_session: SessionId, after: number): Promise<ItemPage> {
    const items = [...this.#items.values()].filter(({ seq }) => seq > after)
    return { items: structuredClone(items), seq: this.#seq, more: false, older: false }
  }

  async newest(_session: SessionId, window: number): Promise<ItemPage> {
    const items = this.items
    return { items: structuredClone(items.slice(-window)), seq: this.#seq, more: false, older: items.length > window }
  }

  async before(_session: SessionId, index: number, limit: number): Promise<{ items: Item[]; older: boolean }> {
    const below = this.items.filter((item) => item.index < index)
    return { items: structuredClone(below.slice(-limit)), older: below.length > limit }
  }

  async item(_session: SessionId, id: ItemId): Promise<Item | null> {
    return structuredClone(this.items.find((item) => item.id === id) ?? null)
  }

  async unfinished(): Promise<Item[]> {
    return structuredClone(this.items.filter(isUnfinished))
  }
}
