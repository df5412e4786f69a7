import type { Notice, Result } from '../catalog.ts'
import type { Epoch, ItemId } from '../ids.ts'
import type { GrowingPart, Item, ItemChange } from '../items.ts'
import type { Session, Tail } from '../sessions.ts'
import { mergeItems } from './merge-items.ts'
import { growingParts, growingTexts, type MissingText, missingTexts, replacePart } from './parts.ts'

/** A session as a client holds it: what the fold of everything received so far has made. */
export interface SessionView {
  readonly session: Session | null
  readonly epoch: Epoch | null
  /** The last change that was applied. */
  readonly seq: number
  /** By rising index. */
  readonly items: readonly Item[]
  /** Whether the runner has items below {@link floor}. */
  readonly older: boolean
  /**
   * All items from this index on are held, so `sessions.page` is asked with `before: floor`. Single ones below it are held
   * when they changed meanwhile.
   */
  readonly floor: number
  /** The seq at which items were removed, so that a late page cannot bring one back. */
  readonly removed: ReadonlyMap<ItemId, number>
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
  floor: 0,
  removed: new Map(),
}

/** Applies an answer of `sessions.open`, page by page. Its `missing` names every text that is not whole. */
export function applyOpen(view: SessionView, reply: Result<'sessions.open'>): Applied {
  const base = reply.reset ? emptySessionView : view
  const merged = mergeItems(base, reply.items)
  const window =
    base.epoch === null ? { older: reply.older, floor: floorOf(reply) } : { older: base.older, floor: base.floor }
  const opened: SessionView = {
    session: reply.session,
    epoch: reply.epoch,
    seq: reply.seq,
    items: merged.items,
    ...window,
    removed: merged.removed,
  }
  const next = reply.tails.reduce(setTail, opened)
  return { view: next, gap: false, missing: missingTexts(next.items) }
}

/** Applies `sessions.changed`. A change that was applied before is a no-op. */
export function applyChanged(view: SessionView, change: Notice<'sessions.changed'>): Applied {
  if (view.session === null || change.seq <= view.seq) return unchanged(view)
  if (change.from !== view.seq) return { view, gap: true, missing: [] }
  const { items, removed, touched } = mergeItems(view, change.items)
  const next = { ...view, session: patched(view.session, change.patch), seq: change.seq, items, removed }
  return { view: next, gap: false, missing: missingTexts(touched) }
}

/** Applies an answer of `sessions.page` that was asked with `before: view.floor`. */
export function applyPage(view: SessionView, reply: Result<'sessions.page'>): Applied {
  const { items, removed, touched } = mergeItems(view, reply.items)
  const floor = floorOf(reply)
  const window = floor <= view.floor ? { floor, older: reply.older } : {}
  // A page shows growing text as it was last stored, so the rest is asked for.
  const missing = [...missingTexts(touched), ...growingTexts(touched)]
  return { view: { ...view, items, removed, ...window }, gap: false, missing }
}

/** Applies `sessions.tail`: text that goes on exactly where the view ends, or nothing. */
export function applyTail(view: SessionView, tail: Notice<'sessions.tail'>): Applied {
  const place = findPart(view, tail.item, tail.part)
  if (place === null) return unchanged(view)
  const { part } = place
  // The change that began this text anew was missed.
  if (tail.rev > part.rev) return { view, gap: true, missing: [] }
  const held = part.text.length
  if (tail.rev < part.rev || part.growing === undefined || tail.offset + tail.text.length <= held)
    return unchanged(view)
  if (tail.offset !== held) {
    return { view, gap: false, missing: [{ item: tail.item, part: tail.part, rev: part.rev, offset: held }] }
  }
  return { view: withPart(view, place, { ...part, text: part.text + tail.text }), gap: false, missing: [] }
}

/**
 * Applies an answer of `sessions.read`, if it tells of the text as the view knows it. If the text began again or ended
 * meanwhile, the change that says so brings what there is to know.
 * @returns in `missing` the rest to ask for, if the text did not fit one answer
 */
export function applyRead(
  view: SessionView,
  asked: { readonly item: ItemId; readonly part: number },
  reply: Result<'sessions.read'>,
): Applied {
  const place = findPart(view, asked.item, asked.part)
  if (place === null || !isWanted(place.part, reply)) return unchanged(view)
  const { part } = place
  const held = part.text
  const ask = { item: asked.item, part: asked.part, rev: part.rev }
  if (reply.offset > held.length) return { view, gap: false, missing: [{ ...ask, offset: held.length }] }
  const joined = held.slice(0, reply.offset) + reply.text
  const text = joined.length > held.length ? joined : held
  const { kept, ...rest } = part
  const read: GrowingPart = kept === undefined || text.length >= kept ? { ...rest, text } : { ...part, text }
  const missing = reply.more ? [{ ...ask, offset: text.length }] : []
  return { view: withPart(view, place, read), gap: false, missing }
}

function isWanted(part: GrowingPart, reply: Result<'sessions.read'>): boolean {
  if (reply.rev !== part.rev || reply.growing !== (part.growing === true)) return false
  return reply.growing || part.kept !== undefined
}

function unchanged(view: SessionView): Applied {
  return { view, gap: false, missing: [] }
}

/** Where an answer of the newest items, or of a page, begins: with nothing older, everything is held. */
function floorOf(reply: { readonly items: readonly ItemChange[]; readonly older: boolean }): number {
  if (!reply.older) return 0
  return reply.items.reduce(
    (floor, item) => (item.kind === 'removed' ? floor : Math.min(floor, item.index)),
    Number.MAX_SAFE_INTEGER,
  )
}

/** The text of a growing part as it is in the runner's memory, whatever came of it before. */
function setTail(view: SessionView, tail: Tail): SessionView {
  const place = findPart(view, tail.item, tail.part)
  if (place === null) return view
  const { kept: _, ...part } = place.part
  return withPart(view, place, { ...part, rev: tail.rev, text: tail.text, growing: true })
}

interface Place {
  readonly at: number
  readonly item: Item
  readonly index: number
  readonly part: GrowingPart
}

/** What grows stands at the end, so it is looked for from there. */
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

/** A patch names the properties that changed; `null` takes one away. */
function patched(session: Session, patch: Readonly<Record<string, unknown>>): Session {
  const next: Record<string, unknown> = { ...session }
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete next[name]
    else next[name] = value
  }
  return next as Session
}
