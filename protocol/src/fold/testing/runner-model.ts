import type { Notice, Result } from '../../catalog.ts'
import type { Epoch, ItemId, SessionId, WorkspaceId } from '../../ids.ts'
import type { AssistantItem, Item, ItemChange, TextPart } from '../../items.ts'
import type { Session } from '../../sessions.ts'

/** Small, so that a handful of items makes several pages and a sentence several reads. */
const PAGE_ITEMS = 3
const READ_CHARS = 4

export type Announcement =
  | { readonly type: 'changed'; readonly notice: Notice<'sessions.changed'> }
  | { readonly type: 'tail'; readonly notice: Notice<'sessions.tail'> }

function body(number: number): string {
  return String(number).padStart(26, 'a')
}

/**
 * A session of a runner, as far as its clients can see: what it announces, and what it answers. Text that grows is in memory
 * alone until it is checkpointed or settled, as in the real one.
 */
export class RunnerModel {
  readonly announced: Announcement[] = []
  epoch = `epo_${body(1)}` as Epoch
  seq = 1
  #session: Session = {
    id: `ses_${body(1)}` as SessionId,
    workspace: `wsp_${body(1)}` as WorkspaceId,
    title: 'first',
    agent: 'pi',
    state: 'idle',
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    capabilities: {
      steer: true,
      images: true,
      models: true,
      efforts: [],
      modes: [],
      compact: true,
      fork: true,
      commands: true,
      resume: true,
    },
    queue: [],
    waiting: 0,
    archived: false,
    createdAt: 0,
    updatedAt: 0,
  }
  /** The latest form of every item, and of those removed what is left; growing text as of the last checkpoint. */
  readonly #stored = new Map<ItemId, ItemChange>()
  /** Growing text as it is. */
  readonly #growing = new Map<ItemId, TextPart>()
  /** Everything a text under a `rev` has been: what was streamed, and what it was settled as. */
  readonly #texts = new Map<string, { streamed: string; final: string | null }>()
  #nextIndex = 0
  /** Changes that were made and not yet announced: they are announced together. */
  #unsaid: { readonly from: number; readonly items: Map<ItemId, ItemChange>; patch: Record<string, unknown> } | null =
    null
  #epochs = 1

  /** Items in the order of their making; a test picks one by number. */
  get items(): Item[] {
    return [...this.#stored.values()].filter((item) => item.kind !== 'removed')
  }

  get growing(): ItemId[] {
    return [...this.#growing.keys()]
  }

  /** The whole truth, which every client must come to. */
  get truth(): { readonly session: Session; readonly items: Item[] } {
    const items = this.items.map((item) => {
      const part = this.#growing.get(item.id)
      return part === undefined || item.kind !== 'assistant' ? item : { ...item, parts: [part] }
    })
    return { session: this.#session, items: items.toSorted((a, b) => a.index - b.index) }
  }

  add(text: string, growing: boolean): void {
    const index = this.#nextIndex
    this.#nextIndex += 1
    const part: TextPart = { type: 'text', text: growing ? '' : text, rev: 0, ...(growing && { growing: true }) }
    const item: AssistantItem = {
      id: `itm_${body(this.#epochs * 10_000 + index)}` as ItemId,
      index,
      seq: 0,
      createdAt: 0,
      kind: 'assistant',
      parts: [part],
    }
    if (growing) this.#growing.set(item.id, part)
    this.#note(item.id, part)
    this.#put(item)
    if (growing) this.grow(item.id, text)
  }

  /** Whether a view may show a text: some beginning of what was streamed under its `rev`, or what became of it. */
  couldBe(item: ItemId, rev: number, text: string): boolean {
    const known = this.#texts.get(`${item} ${rev}`)
    return known !== undefined && (known.streamed.startsWith(text) || known.final === text)
  }

  grow(item: ItemId, text: string): void {
    const part = this.#growing.get(item)
    if (part === undefined || text === '') return
    this.say()
    const notice = { session: this.#session.id, item, part: 0, rev: part.rev, offset: part.text.length, text }
    const grown = { ...part, text: part.text + text }
    this.#growing.set(item, grown)
    this.#note(item, grown)
    this.announced.push({ type: 'tail', notice })
  }

  /** The provider failed and began again: what was streamed is void. */
  restart(item: ItemId): void {
    const part = this.#growing.get(item)
    const stored = this.#stored.get(item)
    if (part === undefined || stored?.kind !== 'assistant') return
    const anew: TextPart = { ...part, rev: part.rev + 1, text: '' }
    this.#growing.set(item, anew)
    this.#note(item, anew)
    this.#put({ ...stored, parts: [anew] })
  }

  /** @param final another text than was streamed, or `null` for exactly that one, told by its length alone */
  settle(item: ItemId, final: string | null): void {
    const part = this.#growing.get(item)
    const stored = this.#stored.get(item)
    if (part === undefined || stored?.kind !== 'assistant') return
    const { growing: _, ...rest } = part
    this.#growing.delete(item)
    if (final === null) this.#put({ ...stored, parts: [rest] }, [{ ...rest, text: '', kept: rest.text.length }])
    else {
      const whole = { ...rest, text: final }
      this.#note(item, whole)
      this.#put({ ...stored, parts: [whole] })
    }
  }

  checkpoint(item: ItemId): void {
    const part = this.#growing.get(item)
    const stored = this.#stored.get(item)
    if (part !== undefined && stored?.kind === 'assistant') this.#stored.set(item, { ...stored, parts: [part] })
  }

  remove(item: ItemId): void {
    this.#growing.delete(item)
    this.#put({ id: item, seq: 0, kind: 'removed' })
  }

  patch(title: string, mode: string | null): void {
    const { mode: _, ...rest } = this.#session
    this.#session = { ...rest, title, ...(mode !== null && { mode }) }
    this.#change().patch = { ...this.#change().patch, title, mode }
  }

  /** The store was restored to an earlier state: everything after a seq is as if it had never been. */
  restore(): void {
    // The connections end with the process, and what they had not delivered.
    this.#unsaid = null
    this.announced.length = 0
    this.#epochs += 1
    this.epoch = `epo_${body(this.#epochs)}` as Epoch
    this.#growing.clear()
    const half = Math.floor(this.seq / 2)
    for (const [key, item] of this.#stored) if (item.seq > half) this.#stored.delete(key)
    this.seq = half
  }

  /** Announces what changed since the last announcement, as one change. */
  say(): void {
    if (this.#unsaid === null) return
    const { from, items, patch } = this.#unsaid
    this.#unsaid = null
    const notice = { session: this.#session.id, from, seq: this.seq, items: [...items.values()], patch }
    this.announced.push({ type: 'changed', notice })
  }

  open(asked: {
    readonly after?: number
    readonly epoch?: Epoch | null
    readonly window: number
  }): Result<'sessions.open'> {
    this.say()
    const { after } = asked
    const tails = Array.from(this.#growing, ([item, { rev, text }]) => ({ item, part: 0, rev, text }))
    const common = { session: this.#session, epoch: this.epoch, tails }
    if (after === undefined || asked.epoch !== this.epoch || after > this.seq) {
      const newest = this.#inOrder().slice(-asked.window)
      const older = this.items.length > newest.length
      return { ...common, seq: this.seq, reset: true, items: newest, more: false, older }
    }
    const changes = [...this.#stored.values()].filter((item) => item.seq > after).toSorted((a, b) => a.seq - b.seq)
    const page = changes.slice(0, PAGE_ITEMS)
    const more = changes.length > page.length
    const seq = more ? (page.at(-1)?.seq ?? this.seq) : this.seq
    return { ...common, seq, reset: false, items: page, more, older: false }
  }

  /** The items before an index, growing text as it was last stored. */
  page(before: number): Result<'sessions.page'> {
    const below = this.#inOrder().filter((item) => item.index < before)
    return { items: below.slice(-PAGE_ITEMS), older: below.length > PAGE_ITEMS }
  }

  read(asked: {
    readonly item: ItemId
    readonly rev: number
    readonly offset: number
  }): Result<'sessions.read'> | null {
    const stored = this.#stored.get(asked.item)
    if (stored?.kind !== 'assistant') return null
    const part = this.#growing.get(asked.item) ?? stored.parts[0]
    if (part === undefined) return null
    const offset = part.rev === asked.rev ? Math.min(asked.offset, part.text.length) : 0
    const text = part.text.slice(offset, offset + READ_CHARS)
    const more = offset + text.length < part.text.length
    return { rev: part.rev, offset, text, growing: part.growing === true, more }
  }

  #inOrder(): Item[] {
    return this.items.toSorted((a, b) => a.index - b.index)
  }

  #note(item: ItemId, part: TextPart): void {
    const key = `${item} ${part.rev}`
    const { streamed = '', final = null } = this.#texts.get(key) ?? {}
    this.#texts.set(key, part.growing ? { streamed: part.text, final } : { streamed, final: part.text })
  }

  /** Stores a form of an item under a new seq. @param said how its parts are announced, if not as they are */
  #put(item: ItemChange, said?: TextPart[]): void {
    const change = this.#change()
    const stored = { ...item, seq: this.seq }
    this.#stored.set(item.id, stored)
    change.items.set(item.id, said === undefined ? stored : { ...(stored as AssistantItem), parts: said })
  }

  #change(): { readonly items: Map<ItemId, ItemChange>; patch: Record<string, unknown> } {
    this.#unsaid ??= { from: this.seq, items: new Map(), patch: {} }
    this.seq += 1
    return this.#unsaid
  }
}
