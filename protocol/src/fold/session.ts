import type { Notice, Result } from '../catalog.ts'
import type { Epoch, ItemId } from '../ids.ts'
import type { GrowingPart, Item, ItemChange } from '../items.ts'
import type { Session, Tail } from '../sessions.ts'

/** A session as a client holds it: what the fold of everything received so far has made. */
export interface SessionView {
  readonly session: Session | null
  readonly epoch: Epoch | null
  /** The last change that was applied. */
  readonly seq: number
  /** By rising index. */
  readonly items: readonly Item[]
  /** Whether the runner has items before the first. */
  readonly older: boolean
  /** The seq at which items were removed, so that a late page cannot bring one back. */
  readonly removed: ReadonlyMap<ItemId, number>
}

/** A stretch of text the view lacks; the client asks for it with `sessions.read`. */
export interface MissingText {
  readonly item: ItemId
  readonly part: number
  readonly rev: number
  readonly offset: number
}

export interface Applied {
  readonly view: SessionView
  /** True when changes are missing: open the session again with `after: view.seq`. */
  readonly gap: boolean
  readonly missing: readonly MissingText[]
}

export const emptySessionView: SessionView = {
  session: null,
  epoch: null,
  seq: 0,
  items: [],
  older: false,
  removed: new Map(),
}

/** Applies an answer of `sessions.open`, page by page. */
export function applyOpen(view: SessionView, reply: Result<'sessions.open'>): Applied {
  const base = reply.reset ? emptySessionView : view
  const fresh = base.epoch === null
  const merged = mergeItems(base, reply.items)
  const opened: SessionView = {
    session: reply.session,
    epoch: reply.epoch,
    seq: reply.seq,
    items: merged.items,
    older: fresh ? reply.older : base.older,
    removed: merged.removed,
  }
  return { view: reply.tails.reduce(setTail, opened), gap: false, missing: merged.missing }
}

/** Applies `sessions.changed`. A change that was applied before is a no-op. */
export function applyChanged(view: SessionView, change: Notice<'sessions.changed'>): Applied {
  if (view.session === null || change.seq <= view.seq) return { view, gap: false, missing: [] }
  if (change.from !== view.seq) return { view, gap: true, missing: [] }
  const merged = mergeItems(view, change.items)
  return {
    view: {
      ...view,
      session: patched(view.session, change.patch),
      seq: change.seq,
      items: merged.items,
      removed: merged.removed,
    },
    gap: false,
    missing: merged.missing,
  }
}

/** Applies an answer of `sessions.page`: older items, none of which is newer than what the view holds. */
export function applyPage(view: SessionView, reply: Result<'sessions.page'>): Applied {
  const merged = mergeItems(view, reply.items)
  return { view: { ...view, items: merged.items, older: reply.older }, gap: false, missing: merged.missing }
}

/** Applies `sessions.tail`: text that goes on exactly where the view ends, or nothing. */
export function applyTail(view: SessionView, tail: Notice<'sessions.tail'>): Applied {
  const place = findPart(view, tail.item, tail.part)
  if (place === null) return { view, gap: false, missing: [] }
  const { part } = place
  if (tail.rev < part.rev || (tail.rev === part.rev && !part.growing)) return { view, gap: false, missing: [] }
  const held = part.text.length
  if (tail.rev === part.rev && tail.offset + tail.text.length <= held) return { view, gap: false, missing: [] }
  if (tail.rev !== part.rev || tail.offset !== held) {
    return { view, gap: false, missing: [{ item: tail.item, part: tail.part, rev: part.rev, offset: held }] }
  }
  return { view: withPart(view, place, { ...part, text: part.text + tail.text }), gap: false, missing: [] }
}

/**
 * Applies an answer of `sessions.read`.
 * @returns in `missing` the rest to ask for, if the text did not fit one answer
 */
export function applyRead(
  view: SessionView,
  asked: { readonly item: ItemId; readonly part: number },
  reply: Result<'sessions.read'>,
): Applied {
  const place = findPart(view, asked.item, asked.part)
  if (place === null || reply.rev < place.part.rev) return { view, gap: false, missing: [] }
  const { part } = place
  const begins = reply.rev === part.rev ? part.text : ''
  if (reply.offset > begins.length) {
    return { view, gap: false, missing: [{ ...asked, rev: part.rev, offset: begins.length }] }
  }
  const text = begins.slice(0, reply.offset) + reply.text
  const next = text.length >= begins.length ? text : begins
  const { growing: _, kept: __, ...settled } = part
  const read: GrowingPart = { ...settled, rev: reply.rev, text: next, ...(reply.growing ? { growing: true } : {}) }
  const missing = reply.more ? [{ ...asked, rev: reply.rev, offset: next.length }] : []
  return { view: withPart(view, place, read), gap: false, missing }
}

interface Merged {
  readonly items: readonly Item[]
  readonly removed: ReadonlyMap<ItemId, number>
  readonly missing: readonly MissingText[]
}

function mergeItems(view: SessionView, changes: readonly ItemChange[]): Merged {
  if (changes.length === 0) return { items: view.items, removed: view.removed, missing: [] }
  const byId = new Map(view.items.map((item) => [item.id, item]))
  const removed = new Map(view.removed)
  const missing: MissingText[] = []
  for (const change of changes) {
    const known = Math.max(byId.get(change.id)?.seq ?? -1, removed.get(change.id) ?? -1)
    if (change.seq <= known) continue
    if (change.kind === 'removed') {
      byId.delete(change.id)
      removed.set(change.id, change.seq)
    } else {
      byId.set(change.id, resolveKept(change, byId.get(change.id), missing))
      removed.delete(change.id)
    }
  }
  return { items: [...byId.values()].toSorted((a, b) => a.index - b.index), removed, missing }
}

/** Puts back the text that a change left out because the view has streamed it. */
function resolveKept(item: Item, held: Item | undefined, missing: MissingText[]): Item {
  const parts = growingParts(item)
  if (!parts.some((part) => part?.kept !== undefined)) return item
  const heldParts = held === undefined ? [] : growingParts(held)
  let resolved = item
  for (const [at, part] of parts.entries()) {
    if (part?.kept === undefined) continue
    const { kept, ...rest } = part
    const own = heldParts[at]
    const text = own !== undefined && own !== null && own.rev === part.rev ? own.text : ''
    if (text.length !== kept)
      missing.push({ item: item.id, part: at, rev: part.rev, offset: Math.min(text.length, kept) })
    resolved = replacePart(resolved, at, { ...rest, text: text.slice(0, kept) })
  }
  return resolved
}

function setTail(view: SessionView, tail: Tail): SessionView {
  const place = findPart(view, tail.item, tail.part)
  if (place === null || tail.rev < place.part.rev) return view
  return withPart(view, place, { ...place.part, rev: tail.rev, text: tail.text, growing: true })
}

interface Place {
  readonly at: number
  readonly item: Item
  readonly index: number
  readonly part: GrowingPart
}

function findPart(view: SessionView, id: ItemId, index: number): Place | null {
  const at = view.items.findLastIndex((item) => item.id === id)
  const item = view.items[at]
  if (item === undefined) return null
  const part = growingParts(item)[index]
  return part === undefined || part === null ? null : { at, item, index, part }
}

function withPart(view: SessionView, place: Place, part: GrowingPart): SessionView {
  return { ...view, items: view.items.with(place.at, replacePart(place.item, place.index, part)) }
}

/** The parts of an item by position, `null` where a part holds no growing text. */
export function growingParts(item: Item): readonly (GrowingPart | null)[] {
  switch (item.kind) {
    case 'assistant':
      return item.parts
    case 'user':
      return item.parts.map(asGrowing)
    case 'tool':
      return item.output.map(asGrowing)
    case 'turn':
    case 'request':
    case 'plan':
    case 'task':
    case 'notice':
      return []
  }
}

function asGrowing(part: { readonly type: string }): GrowingPart | null {
  return part.type === 'text' || part.type === 'thinking' ? (part as GrowingPart) : null
}

/** The item with one part replaced; the part must be of the kind that stands there. */
export function replacePart(item: Item, at: number, part: GrowingPart): Item {
  switch (item.kind) {
    case 'assistant':
      return { ...item, parts: item.parts.with(at, part) }
    case 'user':
      return part.type === 'text' ? { ...item, parts: item.parts.with(at, part) } : item
    case 'tool':
      return part.type === 'text' ? { ...item, output: item.output.with(at, part) } : item
    case 'turn':
    case 'request':
    case 'plan':
    case 'task':
    case 'notice':
      return item
  }
}

/** A patch names the properties that changed; `null` takes one away. */
function patched(session: Session, patch: Readonly<Record<string, unknown>>): Session {
  const next: Record<string, unknown> = { ...session }
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete next[name]
    else next[name] = value
  }
  return next as Session
}
