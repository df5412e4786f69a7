import type { Epoch } from '../ids.ts'
import type { RemovedEntry } from '../lists.ts'

/** A live list as a client holds it. */
export interface ListState<Entry extends { readonly id: string }> {
  readonly epoch: Epoch | null
  readonly seq: number
  readonly entries: ReadonlyMap<string, Entry>
}

interface ListReply<Entry> {
  readonly epoch: Epoch
  readonly seq: number
  readonly reset: boolean
  readonly items: readonly (Entry | RemovedEntry)[]
}

interface ListChange<Entry> {
  readonly from: number
  readonly seq: number
  readonly items: readonly (Entry | RemovedEntry)[]
}

export function emptyList<Entry extends { readonly id: string }>(): ListState<Entry> {
  return { epoch: null, seq: 0, entries: new Map() }
}

/** Applies the answer to `ROOM.list`. */
export function applyList<Entry extends { readonly id: string }>(
  state: ListState<Entry>,
  reply: ListReply<Entry>,
): ListState<Entry> {
  const before: ReadonlyMap<string, Entry> = reply.reset ? new Map() : state.entries
  return { epoch: reply.epoch, seq: reply.seq, entries: merged(before, reply.items) }
}

/**
 * Applies `ROOM.changed`.
 * @returns the new state, or `null` if changes before it are missing and the list must be asked for again
 */
export function applyListChanged<Entry extends { readonly id: string }>(
  state: ListState<Entry>,
  change: ListChange<Entry>,
): ListState<Entry> | null {
  if (change.seq <= state.seq) return state
  if (change.from !== state.seq) return null
  return { ...state, seq: change.seq, entries: merged(state.entries, change.items) }
}

function merged<Entry extends { readonly id: string }>(
  before: ReadonlyMap<string, Entry>,
  items: readonly (Entry | RemovedEntry)[],
): ReadonlyMap<string, Entry> {
  const entries = new Map(before)
  for (const item of items) {
    if (isRemoved(item)) entries.delete(item.id)
    else entries.set(item.id, item)
  }
  return entries
}

function isRemoved(item: object): item is RemovedEntry {
  return 'removed' in item && item.removed === true
}
