import {
  type GrowingPart,
  growingParts,
  type Item,
  type ItemChange,
  type ItemId,
  replacePart,
  type SessionId,
  type Tail,
} from '@octo/protocol'
import type { Connection } from '../wire/room.ts'
import type { StoredChange } from './journal.ts'
import type { LiveItems } from './live-items.ts'

/** A socket with this much unsent gets growing text in larger pieces, once it has caught up. */
const BUSY_BYTES = 65_536

/** A viewer this far behind is asked to open again when it can read: the answer is then shorter than what it missed. */
const MAX_BEHIND_BYTES = 4_194_304

/** One notification of text; worst-case characters included, it fits a frame. */
const MAX_TAIL_CHARS = 65_536

/** How much growing text the answer to an opening carries; the rest follows at once as tails. */
const MAX_OPENING_CHARS = 16_384

/** More texts than an agent works on at a time; one that is forgotten is sent again whole. */
const MAX_REMEMBERED_TEXTS = 200

interface Viewer {
  /** The last change sent on this connection. */
  seq: number
  /** How much of each text was sent, for those that grow or have ended lately. */
  readonly sent: Map<string, Sent>
  /** Whether it waits for its socket to drain. */
  waiting: boolean
  /** Stops listening for the end of its connection. */
  readonly forget: () => void
}

interface Sent {
  readonly rev: number
  readonly offset: number
}

/** A part that viewers know to be growing: its text is sent as it comes. */
interface Growing {
  readonly item: ItemId
  readonly part: number
  readonly rev: number
}

/** The connections that watch a session, and what each of them has. */
export class Viewers {
  readonly #session: SessionId
  readonly #items: LiveItems
  readonly #viewers = new Map<Connection, Viewer>()
  readonly #growing = new Map<string, Growing>()
  #pumping = false

  constructor(session: SessionId, items: LiveItems) {
    this.#session = session
    this.#items = items
  }

  get count(): number {
    return this.#viewers.size
  }

  /** Begins to send a connection what changes after `seq`. */
  add(connection: Connection, seq: number): void {
    const before = this.#viewers.get(connection)
    const forget = before?.forget ?? connection.onClose(() => this.#viewers.delete(connection))
    this.#viewers.set(connection, { seq, sent: new Map(), waiting: false, forget })
  }

  /** The texts that grow now, as far as an answer has room for them; what is left out comes as tails. */
  tails(connection: Connection | undefined): Tail[] {
    const viewer = connection === undefined ? undefined : this.#viewers.get(connection)
    let room = MAX_OPENING_CHARS
    const tails: Tail[] = []
    for (const [key, growing] of this.#growing) {
      const part = this.#livePart(growing)
      if (part === null) continue
      const text = part.text.slice(0, room)
      room -= text.length
      tails.push({ ...growing, text })
      if (viewer !== undefined) remember(viewer, key, { rev: growing.rev, offset: text.length })
    }
    this.grew()
    return tails
  }

  remove(connection: Connection): void {
    this.#viewers.get(connection)?.forget()
    this.#viewers.delete(connection)
  }

  /** Tells every viewer to open again, e.g. because the session is gone. */
  dismiss(): void {
    for (const connection of this.#viewers.keys()) this.#sendAway(connection)
  }

  /** An item as an opening shows it: texts that grow are left to the tails. */
  shown(change: ItemChange): ItemChange {
    if (change.kind === 'removed') return change
    return growingParts(change).reduce((item: Item, part, at) => {
      const known = this.#growing.get(keyOf(change.id, at))
      if (part?.growing !== true || known === undefined || known.rev !== part.rev) return item
      return replacePart(item, at, { ...part, text: '' })
    }, change)
  }

  /** Tells a stored change to everybody. */
  announce(change: StoredChange): void {
    this.#noteGrowing(change.items)
    for (const [connection, viewer] of this.#viewers) {
      if (this.#isTooSlow(connection)) continue
      const items = change.items.map((item) => this.#forViewer(item, viewer))
      connection.notify('sessions.changed', {
        session: this.#session,
        from: viewer.seq,
        seq: change.seq,
        items,
        patch: change.patch,
      })
      viewer.seq = change.seq
    }
    this.grew()
  }

  /** Text has grown: it is sent when the present turn of the event loop has said all it has to say. */
  grew(): void {
    if (this.#pumping || this.#viewers.size === 0 || this.#growing.size === 0) return
    this.#pumping = true
    queueMicrotask(() => {
      this.#pumping = false
      for (const [connection, viewer] of this.#viewers) this.#pump(connection, viewer)
    })
  }

  #pump(connection: Connection, viewer: Viewer): void {
    if (viewer.waiting) return
    for (const [key, growing] of this.#growing) {
      const part = this.#livePart(growing)
      if (part === null) continue
      let offset = sentOf(viewer, key, growing.rev)
      while (offset < part.text.length) {
        if (this.#holdBack(connection, viewer)) return
        const text = part.text.slice(offset, offset + MAX_TAIL_CHARS)
        connection.notify('sessions.tail', { session: this.#session, ...growing, offset, text })
        offset += text.length
        remember(viewer, key, { rev: growing.rev, offset })
      }
    }
  }

  /** Lets a busy socket drain before it gets more text. @returns whether it is busy */
  #holdBack(connection: Connection, viewer: Viewer): boolean {
    if (connection.bufferedBytes < BUSY_BYTES) return false
    viewer.waiting = true
    connection.onDrained(() => {
      viewer.waiting = false
      if (this.#viewers.get(connection) === viewer) this.#pump(connection, viewer)
    })
    return true
  }

  #isTooSlow(connection: Connection): boolean {
    if (connection.bufferedBytes <= MAX_BEHIND_BYTES) return false
    this.#sendAway(connection)
    return true
  }

  #sendAway(connection: Connection): void {
    this.remove(connection)
    connection.notify('sessions.reopen', { session: this.#session })
  }

  /** The live text under the revision viewers know; `null` once it has begun again, until that is told. */
  #livePart(growing: Growing): GrowingPart | null {
    const item = this.#items.get(growing.item)
    const part = item === undefined ? null : (growingParts(item)[growing.part] ?? null)
    return part?.rev === growing.rev ? part : null
  }

  #noteGrowing(changes: readonly ItemChange[]): void {
    for (const change of changes) {
      for (const [key, growing] of this.#growing) if (growing.item === change.id) this.#growing.delete(key)
      if (change.kind === 'removed') continue
      for (const [at, part] of growingParts(change).entries()) {
        if (part?.growing !== true) continue
        this.#growing.set(keyOf(change.id, at), { item: change.id, part: at, rev: part.rev })
      }
    }
  }

  /** Leaves out the texts this viewer has; those that grow follow as tails. */
  #forViewer(change: ItemChange, viewer: Viewer): ItemChange {
    if (change.kind === 'removed') return change
    return growingParts(change).reduce((item: Item, part, at) => {
      if (part === null) return item
      const key = keyOf(change.id, at)
      const sent = viewer.sent.get(key)
      const has = sent?.rev === part.rev ? sent.offset : 0
      if (part.growing === true) {
        remember(viewer, key, { rev: part.rev, offset: has })
        return replacePart(item, at, has === 0 ? { ...part, text: '' } : { ...part, text: '', kept: has })
      }
      remember(viewer, key, { rev: part.rev, offset: part.text.length })
      return has > 0 && has === part.text.length ? replacePart(item, at, { ...part, text: '', kept: has }) : item
    }, change)
  }
}

function keyOf(item: ItemId, part: number): string {
  return `${item} ${part}`
}

/** Notes what a viewer has of a text; of those that have ended only the last are worth remembering. */
function remember(viewer: Viewer, key: string, sent: Sent): void {
  viewer.sent.delete(key)
  viewer.sent.set(key, sent)
  const [oldest] = viewer.sent.keys()
  if (viewer.sent.size > MAX_REMEMBERED_TEXTS && oldest !== undefined) viewer.sent.delete(oldest)
}

function sentOf(viewer: Viewer, key: string, rev: number): number {
  const sent = viewer.sent.get(key)
  return sent?.rev === rev ? sent.offset : 0
}
