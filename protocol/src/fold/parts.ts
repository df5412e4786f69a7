import type { ItemId } from '../ids.ts'
import type { GrowingPart, Item } from '../items.ts'

/** A stretch of text the view lacks; the client asks for it with `sessions.read`. */
export interface MissingText {
  readonly item: ItemId
  readonly part: number
  readonly rev: number
  readonly offset: number
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

/**
 * Puts the text that an announced item left out back from the form that is held. A part whose text is not whole in it stays
 * marked with `kept`, so that it is known to be cut until it has been read.
 */
export function withKeptText(item: Item, held: Item | undefined): Item {
  let whole = item
  for (const [at, part] of growingParts(item).entries()) {
    if (part?.kept === undefined) continue
    const { kept, ...rest } = part
    const own = held === undefined ? null : growingParts(held)[at]
    const text = own?.rev === part.rev ? own.text.slice(0, kept) : ''
    whole = replacePart(whole, at, text.length === kept ? { ...rest, text } : { ...part, text })
  }
  return whole
}

/** The texts in items that are known not to be whole. */
export function missingTexts(items: readonly Item[]): MissingText[] {
  return textsWhere(items, (part) => part.kept !== undefined)
}

/** The texts in items that grow, from where they end. */
export function growingTexts(items: readonly Item[]): MissingText[] {
  return textsWhere(items, (part) => part.growing === true)
}

function textsWhere(items: readonly Item[], wanted: (part: GrowingPart) => boolean): MissingText[] {
  return items.flatMap((item) =>
    growingParts(item).flatMap((part, at) =>
      part !== null && wanted(part) ? [{ item: item.id, part: at, rev: part.rev, offset: part.text.length }] : [],
    ),
  )
}
