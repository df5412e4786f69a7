import { type Epoch, type RemovedEntry, randomId } from '@octo/protocol'

/** Entries that are gone are remembered for clients that were away; past this many, they get the whole list anew. */
const MAX_REMEMBERED_REMOVALS = 1_000

interface Row<Entry> {
  readonly seq: number
  readonly value: Entry | RemovedEntry
}

export interface ListReply<Entry> {
  readonly epoch: Epoch
  readonly seq: number
  readonly reset: boolean
  readonly items: (Entry | RemovedEntry)[]
}

export interface ListChange<Entry> {
  readonly from: number
  readonly seq: number
  readonly items: (Entry | RemovedEntry)[]
}

/**
 * A list that clients watch: `since` answers what changed after a sequence number, and every change goes to the
 * subscribers. It is a view in memory: its epoch lives as long as the process, so a restarted runner resets its clients.
 */
export class LiveList<Entry extends { readonly id: string }> {
  readonly epoch: Epoch = randomId('epo')
  readonly #rows = new Map<string, Row<Entry>>()
  readonly #subscribers = new Set<(change: ListChange<Entry>) => void>()
  #seq = 0
  #removals = 0
  /** Below this seq removals have been forgotten, so an older cursor gets a reset. */
  #floor = 0

  /** Sets an entry and tells the subscribers. */
  upsert(entry: Entry): void {
    this.#put(entry.id, entry)
  }

  /** Removes an entry and tells the subscribers; an unknown id is a no-op. */
  remove(id: string): void {
    const row = this.#rows.get(id)
    if (row === undefined || isRemoved(row.value)) return
    this.#removals += 1
    this.#put(id, { id, removed: true })
    if (this.#removals > MAX_REMEMBERED_REMOVALS) this.#forgetRemovals()
  }

  get(id: string): Entry | undefined {
    const value = this.#rows.get(id)?.value
    return value === undefined || isRemoved(value) ? undefined : value
  }

  values(): Entry[] {
    return [...this.#rows.values()].flatMap(({ value }) => (isRemoved(value) ? [] : [value]))
  }

  /** What changed after a cursor; without one, or with one this list cannot serve, everything there is. */
  since(cursor: { readonly after?: number | undefined; readonly epoch?: Epoch | undefined }): ListReply<Entry> {
    const { after, epoch } = cursor
    const known = after !== undefined && epoch === this.epoch && after >= this.#floor && after <= this.#seq
    if (!known) return { epoch: this.epoch, seq: this.#seq, reset: true, items: this.values() }
    const items = [...this.#rows.values()].filter((row) => row.seq > after).map((row) => row.value)
    return { epoch: this.epoch, seq: this.#seq, reset: false, items }
  }

  /** Calls `listener` with each change from now on. @returns a function that ends it */
  subscribe(listener: (change: ListChange<Entry>) => void): () => void {
    this.#subscribers.add(listener)
    return () => this.#subscribers.delete(listener)
  }

  #put(id: string, value: Entry | RemovedEntry): void {
    const from = this.#seq
    this.#seq += 1
    // Deleting first moves the row to the end, so that answers list changes in their order.
    this.#rows.delete(id)
    this.#rows.set(id, { seq: this.#seq, value })
    for (const tell of this.#subscribers) tell({ from, seq: this.#seq, items: [value] })
  }

  #forgetRemovals(): void {
    for (const [id, row] of this.#rows) if (isRemoved(row.value)) this.#rows.delete(id)
    this.#removals = 0
    this.#floor = this.#seq
  }
}

function isRemoved(value: object): value is RemovedEntry {
  return 'removed' in value && value.removed === true
}
