import type { AssistantItem, ItemId } from '@octo/protocol'
import type { AgentSink, AssistantDraft, TextDraft, ThinkingDraft } from '../adapter.ts'
import type { Block, Message, Update } from './events.ts'

type Draft = TextDraft | ThinkingDraft
type Stop = NonNullable<AssistantItem['stop']>

export interface Tools {
  readonly sink: AgentSink
  readonly newId: () => ItemId
  readonly now: () => number
}

/**
 * One answer of the model while it is streamed: its text and thinking, one part for each block. A later answer may take
 * its place when the provider broke off and pi asks again.
 */
export class AssistantMessage {
  readonly #tools: Tools
  readonly #id: ItemId
  /** Where a content block stands among the parts. */
  readonly #places = new Map<number, number>()
  #parts: readonly Draft[] = []
  #model: string | undefined
  #announced = false

  /** @param broken an answer that this one takes the place of: what it had said is void */
  constructor(tools: Tools, broken: AssistantMessage | null) {
    this.#tools = tools
    this.#id = broken === null ? tools.newId() : broken.#id
    if (broken === null || !broken.#announced) return
    this.#put()
  }

  set model(model: string | undefined) {
    this.#model = model
  }

  update(update: Update): void {
    switch (update.type) {
      case 'text_start':
        this.#endThinking()
        this.#open(update.contentIndex, { type: 'text', text: '', growing: true })
        return
      case 'thinking_start':
        this.#open(update.contentIndex, { type: 'thinking', text: '', growing: true, startedAt: this.#tools.now() })
        return
      case 'text_delta':
      case 'thinking_delta':
        this.#grow(update.contentIndex, update.delta)
        return
      case 'text_end':
      case 'thinking_end':
        this.#settle(update.contentIndex, update.content)
        return
      case 'toolcall_start':
        this.#endThinking()
        return
      case 'toolcall_delta':
      case 'toolcall_end':
    }
  }

  /** The whole message has come: what it says counts, whatever was streamed before. */
  end(message: Message): void {
    this.#parts = message.content.filter(isShown).map((block, place) => this.#finished(block, this.#parts[place]))
    if (this.#parts.length === 0 && !this.#announced) return
    this.#put({
      ...(message.usage && {
        usage: {
          input: message.usage.input,
          output: message.usage.output,
          cacheRead: message.usage.cacheRead,
          cacheWrite: message.usage.cacheWrite,
        },
      }),
      ...(stopOf(message) && { stop: stopOf(message) }),
    })
  }

  #open(index: number, part: Draft): void {
    if (this.#places.has(index)) return
    this.#places.set(index, this.#parts.length)
    this.#parts = [...this.#parts, part]
    this.#put()
  }

  #grow(index: number, delta: string): void {
    const place = this.#places.get(index)
    const part = place === undefined ? undefined : this.#parts[place]
    if (place === undefined || part === undefined || delta === '') return
    this.#parts = this.#parts.with(place, { ...part, text: part.text + delta })
    this.#tools.sink.append(this.#id, place, delta)
  }

  #settle(index: number, text: string): void {
    const place = this.#places.get(index)
    const part = place === undefined ? undefined : this.#parts[place]
    if (place === undefined || part === undefined) return
    const { growing: _, ...settled } = part
    this.#parts = this.#parts.with(place, this.#timed({ ...settled, text }))
    this.#put()
  }

  /** Some providers end a thinking block only with the whole message; it is over when the next block begins. */
  #endThinking(): void {
    this.#parts = this.#parts.map((part) => this.#timed(part))
  }

  #timed(part: Draft): Draft {
    if (part.type !== 'thinking' || part.endedAt !== undefined) return part
    return { ...part, endedAt: this.#tools.now() }
  }

  #finished(block: Block, streamed: Draft | undefined): Draft {
    if (block.type === 'text') return { type: 'text', text: block.text ?? '' }
    const times = streamed?.type === 'thinking' ? { startedAt: streamed.startedAt, endedAt: streamed.endedAt } : {}
    const { startedAt, endedAt = this.#tools.now() } = times
    return {
      type: 'thinking',
      text: block.thinking ?? '',
      ...(startedAt !== undefined && { startedAt, endedAt }),
    }
  }

  #put(more: Partial<AssistantDraft> = {}): void {
    this.#announced = true
    this.#tools.sink.put({
      id: this.#id,
      kind: 'assistant',
      parts: this.#parts,
      ...(this.#model !== undefined && { model: this.#model }),
      ...more,
    })
  }
}

function isShown(block: Block): boolean {
  return block.type === 'text' || block.type === 'thinking'
}

function stopOf(message: Message): Stop | undefined {
  switch (message.stopReason) {
    case 'stop':
      return 'end'
    case 'toolUse':
      return 'tool'
    case 'length':
      return 'token_limit'
    case 'aborted':
      return 'stopped'
    case 'error':
      return isRefusal(message) ? 'refusal' : 'error'
    case undefined:
    default:
      return undefined
  }
}

/** Whether the model, not the machinery, ended the answer. */
export function isRefusal(message: Message): boolean {
  return /^(?:refusal|content_filter|safety|prohibited_content|blocklist|spii)$/iu.test(message.rawStopReason ?? '')
}
