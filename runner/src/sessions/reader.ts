import { growingParts, type Input, type Item, OctoError, replacePart, type Result } from '@octo/protocol'
import type { Store } from '../store/index.ts'
import type { Connection } from '../wire/room.ts'
import type { SessionCore } from './core.ts'

/** Text in one answer; worst-case characters included, it fits a frame. */
const MAX_READ_CHARS = 131_072

/**
 * Opens a session for a connection. The last page subscribes it, with nothing between the page and the first change: it is
 * read while no transaction is under way.
 */
export async function openSession(
  core: SessionCore,
  store: Store,
  { input, connection }: { readonly input: Input<'sessions.open'>; readonly connection: Connection | undefined },
): Promise<Result<'sessions.open'>> {
  return core.journal.exclusive(async () => {
    const { after, epoch, window } = input
    const reset = after === undefined || epoch !== store.epoch || after > core.journal.seq
    const page = reset ? await store.newest(core.id, window) : await store.changedSince(core.id, after)
    const last = !page.more
    if (last && connection !== undefined) core.viewers.add(connection, page.seq)
    return {
      session: core.journal.stored,
      epoch: store.epoch,
      seq: page.seq,
      reset,
      items: page.items.map((item) => core.viewers.shown(item)),
      more: page.more,
      older: page.older,
      tails: last ? core.viewers.tails(connection) : [],
    }
  })
}

export async function readPage(
  core: SessionCore,
  store: Store,
  input: Input<'sessions.page'>,
): Promise<Result<'sessions.page'>> {
  const { items, older } = await store.before(core.id, input.before, input.limit)
  return { items: items.map((item) => liveForm(core, item)), older }
}

/** @throws OctoError `not_found` if there is no such part */
export async function readText(
  core: SessionCore,
  store: Store,
  input: Input<'sessions.read'>,
): Promise<Result<'sessions.read'>> {
  const item = core.items.get(input.item) ?? (await store.item(core.id, input.item))
  const part = item === null || item === undefined ? undefined : growingParts(item)[input.part]
  if (part === undefined || part === null) {
    throw new OctoError('not_found', `There is no text at part ${input.part} of ${input.item}. Open the session again.`)
  }
  const offset = part.rev === input.rev ? Math.min(input.offset, part.text.length) : 0
  const text = part.text.slice(offset, offset + MAX_READ_CHARS)
  const more = offset + text.length < part.text.length
  return { rev: part.rev, offset, text, growing: part.growing === true, more }
}

/** An item that still grows, with as much of its text as a page has room for; what is missing is asked for. */
function liveForm(core: SessionCore, stored: Item): Item {
  const live = core.items.get(stored.id)
  if (live === undefined) return stored
  const parts = growingParts(live)
  return growingParts(stored).reduce((item: Item, part, at) => {
    const now = parts[at]
    if (part?.growing !== true || now?.rev !== part.rev) return item
    return replacePart(item, at, { ...part, text: now.text.slice(0, part.text.length) })
  }, stored)
}
