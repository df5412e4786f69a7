import { growingParts, type Item, type ItemChange, OctoError, type Session, type SessionId } from '@octo/protocol'
import type { Log } from '../lib/log.ts'
import { MAX_CHANGE_BYTES, type CommandRecord, type Store } from '../store/index.ts'
import { jsonBytes, storableForm } from './condense.ts'
import type { LiveItems } from './live-items.ts'

/** How often text that is still growing is saved for a crash. */
const CHECKPOINT_MS = 2_000

/** How long to wait before a change that could not be stored is tried again. */
const RETRY_MS = 2_000

/** What a command does to a session, in memory and at once. */
export interface Effect<Answer> {
  readonly answer: Answer
  /** Takes the effect back, if it could not be stored. */
  readonly undo: () => void
  /** What follows from it outside, once it is stored. */
  readonly after?: () => void
}

/** A stored change, for telling. */
export interface StoredChange {
  readonly seq: number
  readonly items: readonly ItemChange[]
  /** Which properties changed. */
  readonly patch: Readonly<Record<string, unknown>>
}

export interface JournalOptions {
  readonly session: SessionId
  readonly properties: Session
  readonly seq: number
  readonly agentState: unknown
  readonly items: LiveItems
  readonly store: Pick<Store, 'commit' | 'checkpoint'>
  readonly blobs: { put(content: Uint8Array): Promise<unknown> }
  readonly log: Log
  /** Told after each change was stored, in order. */
  readonly onStored: (change: StoredChange) => void
}

/**
 * The one writer of a session. Changes are made in memory at once, stored one transaction after the other, and told only
 * then. What comes while a transaction is under way is stored together with the next.
 */
export class Journal {
  readonly #options: JournalOptions
  readonly #waiting: (() => Promise<void>)[] = []
  #working: Session
  #stored: Session
  #seq: number
  #agentState: unknown
  #propertiesDirty = false
  #agentStateDirty = false
  #running = false
  #closed = false
  #retry: NodeJS.Timeout | undefined
  #checkpoint: NodeJS.Timeout | undefined
  #idleWaiters: (() => void)[] = []

  constructor(options: JournalOptions) {
    this.#options = options
    this.#working = options.properties
    this.#stored = options.properties
    this.#seq = options.seq
    this.#agentState = options.agentState
  }

  /** The session as it is stored, and so as it may be told. */
  get stored(): Session {
    return this.#stored
  }

  /** The session as it will be once everything is stored. */
  get working(): Session {
    return this.#working
  }

  /** The last stored change. */
  get seq(): number {
    return this.#seq
  }

  get agentState(): unknown {
    return this.#agentState
  }

  /** Changes properties; `undefined` takes one away. */
  set(patch: { readonly [Name in keyof Session]?: Session[Name] | undefined }): void {
    const next: Record<string, unknown> = { ...this.#working }
    for (const [name, value] of Object.entries(patch)) {
      if (value === undefined) delete next[name]
      else next[name] = value
    }
    this.#working = next as Session
    this.#propertiesDirty = true
    this.#wake()
  }

  setAgentState(state: unknown): void {
    this.#agentState = state
    this.#agentStateDirty = true
    this.#wake()
  }

  /** Items were changed. */
  touch(): void {
    this.#wake()
  }

  /** Text has grown; it is saved within {@link CHECKPOINT_MS}, in case this process dies. */
  grew(): void {
    if (this.#checkpoint !== undefined || this.#closed) return
    this.#checkpoint = setTimeout(() => {
      this.#checkpoint = undefined
      this.#enqueue(() => this.#saveGrowing())
    }, CHECKPOINT_MS)
  }

  /**
   * Runs a command: its effect in memory, then one transaction with the effect and, if given, its record, then what
   * follows from it.
   * @throws OctoError what `decide` throws, or `no_space` and the like; then nothing of it has happened
   */
  async transact<Answer>(
    decide: () => Effect<Answer>,
    record?: (answer: Answer) => CommandRecord | undefined,
  ): Promise<Answer> {
    const done = Promise.withResolvers<Answer>()
    this.#enqueue(async () => {
      try {
        const effect = decide()
        const command = record?.(effect.answer)
        try {
          if (command !== undefined || this.#isDirty()) await this.#store(command)
        } catch (error) {
          effect.undo()
          throw error
        }
        effect.after?.()
        done.resolve(effect.answer)
      } catch (error) {
        done.reject(error)
      }
    })
    return await done.promise
  }

  /** Runs something while no transaction is under way, so that memory and store agree. */
  async exclusive<Value>(task: () => Promise<Value>): Promise<Value> {
    const done = Promise.withResolvers<Value>()
    this.#enqueue(() => task().then(done.resolve, done.reject))
    return await done.promise
  }

  /** Resolves when everything changed so far is stored, or cannot be for now. */
  async idle(): Promise<void> {
    if (!this.#running) return
    await new Promise<void>((resolve) => this.#idleWaiters.push(resolve))
  }

  /** Stores what there is, and nothing after that. */
  async close(): Promise<void> {
    clearTimeout(this.#checkpoint)
    await this.idle()
    this.#closed = true
    clearTimeout(this.#retry)
    clearTimeout(this.#checkpoint)
  }

  #enqueue(task: () => Promise<void>): void {
    if (this.#closed) throw new OctoError('not_found', 'This session was closed. Open it again, if it is still there.')
    this.#waiting.push(task)
    this.#wake()
  }

  #wake(): void {
    if (this.#running || this.#closed) return
    this.#running = true
    // After everything the present turn of the event loop has to say: a burst of an agent becomes one transaction.
    queueMicrotask(() => void this.#work())
  }

  async #work(): Promise<void> {
    let failed = false
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) await next()
      else if (this.#isDirty() && !failed) failed = !(await this.#tryStore())
      else break
    }
    this.#running = false
    for (const wake of this.#idleWaiters.splice(0)) wake()
  }

  /** Stores what changed without anybody waiting for it. A disk that is full is tried again later. */
  async #tryStore(): Promise<boolean> {
    try {
      await this.#store()
      return true
    } catch (error) {
      this.#options.log.error('sessions.not_stored', { session: this.#options.session, error })
      this.#retryLater()
      return false
    }
  }

  #isDirty(): boolean {
    return this.#propertiesDirty || this.#agentStateDirty || this.#options.items.dirtyCount > 0
  }

  #retryLater(): void {
    if (this.#closed) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#wake(), RETRY_MS)
  }

  /** Stores everything that has changed; large changes in several transactions, the record with the last. */
  async #store(command?: CommandRecord): Promise<void> {
    const { items, blobs } = this.#options
    const taken = items.takeDirty()
    const properties = this.#working
    const agentState = this.#agentStateDirty ? { agentState: this.#agentState } : {}
    this.#propertiesDirty = false
    this.#agentStateDirty = false
    const parts = split(taken.changes)
    const last = parts.pop() ?? []
    try {
      for (const bytes of taken.blobs.values()) await blobs.put(bytes)
      for (const part of parts) await this.#commit(part, { properties: this.#stored })
      await this.#commit(last, { properties, ...agentState, ...(command !== undefined && { command }) })
    } catch (error) {
      items.giveBack(taken)
      this.#propertiesDirty = true
      this.#agentStateDirty ||= 'agentState' in agentState
      throw error
    }
  }

  async #commit(
    changes: readonly ItemChange[],
    rest: { readonly properties: Session; readonly agentState?: unknown; readonly command?: CommandRecord },
  ): Promise<void> {
    const { session, store, items, onStored } = this.#options
    const seq = this.#seq + 1
    const stamped = changes.map((change) => (change.kind === 'removed' ? change : storableForm(change))).map(stamp(seq))
    await store.commit({ session, seq, items: stamped, ...rest })
    this.#seq = seq
    const patch = patchBetween(this.#stored, rest.properties)
    this.#stored = rest.properties
    items.stored(stamped, seq)
    onStored({ seq, items: stamped, patch })
  }

  async #saveGrowing(): Promise<void> {
    const { session, store, items } = this.#options
    const growing = items.values().filter((item) => item.seq > 0 && !items.isDirty(item.id) && hasGrowing(item))
    try {
      for (const item of growing) await store.checkpoint(session, storableForm(item))
    } catch (error) {
      this.#options.log.warn('sessions.checkpoint_failed', { session, error })
    }
  }
}

function stamp(seq: number): (change: ItemChange) => ItemChange {
  return (change) => ({ ...change, seq })
}

function hasGrowing(item: Item): boolean {
  return growingParts(item).some((part) => part?.growing === true)
}

/** Groups changes, in order, so that each group fits one transaction and one frame. */
function split(changes: readonly ItemChange[]): ItemChange[][] {
  if (changes.length < 2) return [[...changes]]
  const groups: ItemChange[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const change of changes) {
    const size = jsonBytes(change)
    const group = groups.at(-1)
    if (group === undefined || bytes + size > MAX_CHANGE_BYTES) {
      groups.push([change])
      bytes = size
    } else {
      group.push(change)
      bytes += size
    }
  }
  return groups
}

/** What has to be told so that one becomes the other; `null` is a property that is gone. */
function patchBetween(before: Session, after: Session): Record<string, unknown> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Session>
  const changed = [...names].filter((name) => before[name] !== after[name])
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]))
}
