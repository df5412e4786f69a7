import type { ItemId } from '../ids.ts'
import type { Item, ItemChange } from '../items.ts'
import { withKeptText } from './parts.ts'

/** What is held of a session's items: those there are, by rising index, and at which seq others were removed. */
export interface HeldItems {
  readonly items: readonly Item[]
  readonly removed: ReadonlyMap<ItemId, number>
}

export interface Merged extends HeldItems {
  /** The items that are new or changed. */
  readonly touched: readonly Item[]
}

/** Up to this many changes are put in their places one by one; for more, a table and a sort pay. */
const FEW = 4

/**
 * Merges changes into what is held. A form of an item that is not newer than the one held is passed over, so that no
 * repetition or reordering does harm. What did not change stays the same object.
 */
export function mergeItems(held: HeldItems, changes: readonly ItemChange[]): Merged {
  if (changes.length > FEW) return mergeMany(held, changes)
  return changes.reduce<Merged>(mergeOne, { items: held.items, removed: held.removed, touched: [] })
}

/** Nearly always it is the last item that changed, or one that comes after it. */
function mergeOne(held: Merged, change: ItemChange): Merged {
  const { items, removed } = held
  const at = items.findLastIndex((item) => item.id === change.id)
  const before = items[at]
  if (change.seq <= knownSeq(before, removed.get(change.id))) return held
  const touched = held.touched.filter((item) => item.id !== change.id)
  if (change.kind === 'removed') {
    return {
      items: at === -1 ? items : items.toSpliced(at, 1),
      removed: new Map(removed).set(change.id, change.seq),
      touched,
    }
  }
  const item = withKeptText(change, before)
  return {
    items:
      before?.index === item.index ? items.with(at, item) : inserted(at === -1 ? items : items.toSpliced(at, 1), item),
    removed: without(removed, change.id),
    touched: [...touched, item],
  }
}

function inserted(items: readonly Item[], item: Item): readonly Item[] {
  const after = items.findLastIndex((other) => other.index <= item.index)
  return items.toSpliced(after + 1, 0, item)
}

function without(removed: ReadonlyMap<ItemId, number>, id: ItemId): ReadonlyMap<ItemId, number> {
  if (!removed.has(id)) return removed
  const rest = new Map(removed)
  rest.delete(id)
  return rest
}

function mergeMany(held: HeldItems, changes: readonly ItemChange[]): Merged {
  const byId = new Map(held.items.map((item) => [item.id, item]))
  const removed = new Map(held.removed)
  const touched = new Map<ItemId, Item>()
  for (const change of changes) {
    const before = byId.get(change.id)
    if (change.seq <= knownSeq(before, removed.get(change.id))) continue
    touched.delete(change.id)
    if (change.kind === 'removed') {
      byId.delete(change.id)
      removed.set(change.id, change.seq)
    } else {
      const item = withKeptText(change, before)
      byId.set(item.id, item)
      touched.set(item.id, item)
      removed.delete(item.id)
    }
  }
  const items = [...byId.values()].toSorted((a, b) => a.index - b.index)
  return { items, removed, touched: [...touched.values()] }
}

function knownSeq(held: Item | undefined, removedAt: number | undefined): number {
  return Math.max(held?.seq ?? -1, removedAt ?? -1)
}
