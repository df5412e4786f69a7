import {
  type BlobId,
  type GrowingPart,
  growingParts,
  type Item,
  type ItemChange,
  type ItemId,
  replacePart,
  type TurnId,
  type TurnItem,
  type UserItem,
} from '@octo/protocol'
import type { ItemDraft } from '../agents/index.ts'
import { isUnfinished } from '../store/index.ts'
import { condenseFields, condenseParts, type NewBlobs, type PartBody } from './condense.ts'

/** Text that grows beyond this starts again with its end; the whole comes when it has ended. */
const MAX_GROWING_CHARS = 262_144
const KEPT_ON_OVERFLOW_CHARS = 65_536

/** Agents often say a last word about what has just ended; so long its text stays, and need not be told again. */
const KEPT_ENDED_ITEMS = 8

/** Items that only sessions make. */
export type OwnDraft = Omit<TurnItem, 'seq' | 'index' | 'createdAt'> | Omit<UserItem, 'seq' | 'index' | 'createdAt'>

/** What is remembered of an item whose text was let go, for when a further form of it comes. */
interface Place {
  readonly seq: number
  readonly index: number
  readonly createdAt: number
  readonly turn: TurnId | undefined
  /** The revision each part has reached. */
  readonly revs: readonly number[]
}

/** What is to be stored next. */
export interface DirtyItems {
  readonly changes: readonly ItemChange[]
  readonly blobs: NewBlobs
}

/**
 * The items of a session that still change, in memory.
 *
 * It gives each its place, and each of its texts a revision: text that goes on where it ended keeps it, any other text
 * begins the next. What has ended and is stored is let go before long; only its place is remembered until the turn ends.
 */
export class LiveItems {
  readonly #items = new Map<ItemId, Item>()
  readonly #places = new Map<ItemId, Place>()
  readonly #now: () => number
  /** Items that have ended and are stored, oldest first. */
  readonly #ended = new Set<ItemId>()
  #inTurn = false
  #dirty = new Set<ItemId>()
  #removed = new Set<ItemId>()
  /** What was taken last, and so is stored or on its way. */
  #taken: ReadonlySet<ItemId> = new Set()
  #blobs = new Map<BlobId, Uint8Array>()
  #blobBytes = 0
  #nextIndex: number

  constructor(options: { readonly nextIndex: number; readonly now: () => number }) {
    this.#nextIndex = options.nextIndex
    this.#now = options.now
  }

  get(id: ItemId): Item | undefined {
    return this.#items.get(id)
  }

  values(): Item[] {
    return [...this.#items.values()]
  }

  get dirtyCount(): number {
    return this.#dirty.size + this.#removed.size
  }

  /** Bytes that wait to be stored as blobs. */
  get blobBytes(): number {
    return this.#blobBytes
  }

  isDirty(id: ItemId): boolean {
    return this.#dirty.has(id)
  }

  /** Sets an item: a new one at the end, or a new form of one. */
  put(draft: ItemDraft | OwnDraft, turn: TurnId | undefined): void {
    const place = this.#placeOf(draft.id, turn)
    const { seq, index, createdAt } = place
    const base = { seq, index, createdAt, ...(place.turn !== undefined && { turn: place.turn }) }
    this.#set({ ...this.#body(draft, place), ...base } as Item)
  }

  /** Puts an item back as it was stored, to change it. */
  adopt(item: Item): void {
    this.#set(item)
  }

  append(id: ItemId, at: number, text: string): void {
    const item = this.#items.get(id)
    const part = item === undefined ? undefined : growingParts(item)[at]
    if (item === undefined || part?.growing !== true) return
    const whole = part.text + text
    if (whole.length <= MAX_GROWING_CHARS) {
      this.#items.set(id, replacePart(item, at, { ...part, text: whole }))
      return
    }
    const end = `…\n${whole.slice(-KEPT_ON_OVERFLOW_CHARS).toWellFormed()}`
    this.#set(replacePart(item, at, { ...part, text: end, rev: part.rev + 1 }))
  }

  remove(id: ItemId): void {
    const known = this.#items.get(id) ?? this.#places.get(id)
    this.#items.delete(id)
    this.#places.delete(id)
    this.#dirty.delete(id)
    this.#ended.delete(id)
    // What was never stored was never told either; what is being stored now will be.
    if ((known !== undefined && known.seq > 0) || this.#taken.has(id)) this.#removed.add(id)
  }

  /** Takes what is to be stored, by place. Seqs are for the store's writer to give. */
  takeDirty(): DirtyItems {
    const items = [...this.#dirty].flatMap((id) => this.#items.get(id) ?? []).toSorted((a, b) => a.index - b.index)
    const tombstones = [...this.#removed].map((id) => ({ id, seq: 0, kind: 'removed' as const }))
    const taken = { changes: [...items, ...tombstones], blobs: this.#blobs }
    this.#taken = new Set(items.map(({ id }) => id))
    this.#dirty = new Set()
    this.#removed = new Set()
    this.#blobs = new Map()
    this.#blobBytes = 0
    return taken
  }

  /** Gives back what could not be stored; newer forms stay. */
  giveBack(taken: DirtyItems): void {
    for (const change of taken.changes) {
      if (change.kind === 'removed') this.#removed.add(change.id)
      else if (this.#items.has(change.id)) this.#dirty.add(change.id)
    }
    for (const [id, bytes] of taken.blobs) this.#addBlob(id, bytes)
  }

  /** Notes that these forms are stored under a seq, and lets go of those that have ended. */
  stored(changes: readonly ItemChange[], seq: number): void {
    for (const change of changes) {
      const item = this.#items.get(change.id)
      if (item === undefined) continue
      this.#items.set(item.id, { ...item, seq })
      this.#ended.delete(item.id)
      if (!isUnfinished(item) && !this.#dirty.has(item.id)) this.#ended.add(item.id)
    }
    this.#letGo(this.#inTurn ? KEPT_ENDED_ITEMS : 0)
  }

  /** A turn begins: none of the items before it will come again. */
  beginTurn(): void {
    this.#letGo(0)
    this.#places.clear()
    this.#inTurn = true
  }

  endTurn(): void {
    this.#inTurn = false
  }

  #set(item: Item): void {
    this.#items.set(item.id, item)
    this.#dirty.add(item.id)
  }

  /** Lets the text of all but the last ended items go. */
  #letGo(kept: number): void {
    for (const id of this.#ended) {
      if (this.#ended.size <= kept) return
      this.#ended.delete(id)
      const item = this.#items.get(id)
      if (item === undefined || this.#dirty.has(id)) continue
      const { seq, index, createdAt, turn } = item
      this.#items.delete(id)
      this.#places.set(id, { seq, index, createdAt, turn, revs: revsOf(item, this.#places.get(id)) })
    }
  }

  #placeOf(id: ItemId, turn: TurnId | undefined): Place {
    const item = this.#items.get(id)
    const place = this.#places.get(id)
    if (item !== undefined) {
      const { seq, index, createdAt } = item
      return { seq, index, createdAt, turn: item.turn, revs: revsOf(item, place) }
    }
    if (place !== undefined) return place
    const index = this.#nextIndex
    this.#nextIndex += 1
    return { seq: 0, index, createdAt: this.#now(), turn, revs: [] }
  }

  #body(draft: ItemDraft | OwnDraft, place: Place): object {
    switch (draft.kind) {
      case 'turn':
      case 'user':
        return draft
      case 'assistant':
        return { ...draft, parts: this.#revised(draft.id, this.#condensed(draft.parts), place) }
      case 'tool':
        return { ...condenseFields(draft), output: this.#revised(draft.id, this.#condensed(draft.output), place) }
      case 'request':
      case 'plan':
      case 'task':
      case 'notice':
        return condenseFields(draft)
    }
  }

  #condensed(drafts: Parameters<typeof condenseParts>[0]): readonly PartBody[] {
    const { parts, blobs } = condenseParts(drafts)
    for (const [id, bytes] of blobs) this.#addBlob(id, bytes)
    return parts
  }

  #addBlob(id: BlobId, bytes: Uint8Array): void {
    if (this.#blobs.has(id)) return
    this.#blobs.set(id, bytes)
    this.#blobBytes += bytes.length
  }

  #revised(id: ItemId, parts: readonly PartBody[], place: Place): readonly object[] {
    const item = this.#items.get(id)
    const held = item === undefined ? [] : growingParts(item)
    // Kept for parts that vanish and may come back.
    this.#places.set(id, place)
    return parts.map((part, at) => {
      if (part.type !== 'text' && part.type !== 'thinking') return part
      const before = held[at]
      if (before !== undefined && before !== null && goesOn(before, part)) return { ...part, rev: before.rev }
      return { ...part, rev: (place.revs[at] ?? -1) + 1 }
    })
  }
}

function goesOn(before: GrowingPart, now: { readonly type: string; readonly text: string }): boolean {
  return before.type === now.type && now.text.startsWith(before.text)
}

/** The highest revision of each part, those that are gone included. */
function revsOf(item: Item, place: Place | undefined): readonly number[] {
  const now = growingParts(item).map((part) => part?.rev ?? -1)
  const before = place?.revs ?? []
  return Array.from({ length: Math.max(now.length, before.length) }, (_, at) =>
    Math.max(now[at] ?? -1, before[at] ?? -1),
  )
}
