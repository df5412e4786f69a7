import type { AssistantItem, Item, ItemId, SessionId } from '@octo/protocol'
import type { FakeServer, Handler } from '../mux/fake-server.test-support.ts'

export const SESSION = 'ses_test' as SessionId

interface Fields {
  readonly title: string
  readonly state: string
}

/**
 * A session as a runner keeps it: every change raises its seq, text grows without one. It says what happens to the
 * connection that opened it, as the real one does.
 */
export class FakeSession {
  readonly items: Item[] = []
  seq = 1
  fields: Fields = { title: 'one', state: 'idle' }
  /** The seq the watching connection was told last; null while nobody watches. */
  #told: number | null = null
  readonly #server: FakeServer
  #index = 0

  constructor(server: FakeServer) {
    this.#server = server
    server.handler = this.#answer
  }

  /** The connection is gone, and with it the subscription. */
  cut(): void {
    this.#told = null
    this.#server.socket.close()
  }

  change(fields: Partial<Fields>): void {
    this.fields = { ...this.fields, ...fields }
    this.#announce([], fields)
  }

  /** Begins an answer whose text grows. */
  begin(text: string): void {
    this.#index += 1
    const part = { type: 'text', text, rev: 0, growing: true } as const
    const item: AssistantItem = {
      id: `itm_${this.#index}` as ItemId,
      kind: 'assistant',
      index: this.#index,
      seq: this.seq + 1,
      createdAt: this.#index,
      parts: [part],
    }
    this.items.push(item)
    this.#announce([item])
  }

  /** Adds text to the answer that grows, if one does; `told` false loses the word of it on the way. */
  grow(text: string, told = true): void {
    const item = this.#growing()
    const part = item?.parts[0]
    if (item === undefined || part === undefined) return
    this.#replace({ ...item, parts: [{ ...part, text: part.text + text }] })
    const tail = { session: SESSION, item: item.id, part: 0, rev: part.rev, offset: part.text.length, text }
    if (told && this.#told !== null) this.#server.notify('sessions.tail', tail)
  }

  /** Ends the answer; a watcher is told its length alone. */
  finish(): void {
    const item = this.#growing()
    const part = item?.parts[0]
    if (item === undefined || part === undefined) return
    const { growing: _, ...settled } = part
    const done = { ...item, seq: this.seq + 1, parts: [settled] }
    this.#replace(done)
    this.#announce([{ ...done, parts: [{ ...settled, text: '', kept: part.text.length }] }])
  }

  #growing(): AssistantItem | undefined {
    return this.items.find((item) => item.kind === 'assistant' && item.parts[0]?.growing === true) as
      | AssistantItem
      | undefined
  }

  #replace(item: Item): void {
    const at = this.items.findIndex(({ id }) => id === item.id)
    this.items[at] = item
  }

  #announce(items: readonly Item[], patch: object = {}): void {
    this.seq += 1
    if (this.#told === null) return
    const notice = { session: SESSION, from: this.#told, seq: this.seq, items, patch }
    this.#told = this.seq
    this.#server.notify('sessions.changed', notice)
  }

  readonly #answer: Handler = ({ method, params }) => {
    const asked = params as {
      after?: number
      before?: number
      limit?: number
      window: number
      offset: number
      item: string
    }
    if (method === 'sessions.open') return { result: this.#open(asked.after, asked.window) }
    if (method === 'sessions.page') return { result: this.#page(asked.before ?? 0, asked.limit ?? 0) }
    if (method === 'sessions.read') return { result: this.#read(asked.item, asked.offset) }
    if (method === 'sessions.prompt') return { result: { delivery: 'queued', queued: 'que_1' } }
    return { result: {} }
  }

  #open(after: number | undefined, window: number): object {
    this.#told = this.seq
    const reset = after === undefined
    const items = reset ? this.items.slice(-window) : this.items.filter((item) => item.seq > after)
    const growing = this.#growing()
    const tails =
      growing === undefined ? [] : [{ item: growing.id, part: 0, rev: 0, text: growing.parts[0]?.text ?? '' }]
    const older = reset && this.items.length > items.length
    const session = { id: SESSION, queue: [], ...this.fields }
    return { session, epoch: 'e', seq: this.seq, reset, items, more: false, older, tails }
  }

  #page(before: number, limit: number): object {
    const below = this.items.filter(({ index }) => index < before)
    const items = below.slice(-limit)
    return { items, older: below.length > items.length }
  }

  #read(id: string, offset: number): object {
    const item = this.items.find((known) => known.id === id)
    const part = item?.kind === 'assistant' ? item.parts[0] : undefined
    const text = part?.text.slice(offset) ?? ''
    return { rev: 0, offset, text, growing: part?.growing === true, more: false }
  }
}
