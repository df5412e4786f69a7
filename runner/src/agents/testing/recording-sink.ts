import type { ItemId } from '@octo/protocol'
import type { AgentSink, ItemDraft } from '../adapter.ts'

/** One call of a sink: its name and what it was given. */
export type SinkCall = readonly [name: keyof AgentSink, ...given: readonly unknown[]]

/** A sink that keeps every call in order, and what the items look like after them. */
export class RecordingSink implements AgentSink {
  readonly calls: SinkCall[] = []
  readonly items = new Map<ItemId, ItemDraft>()
  readonly #watchers = new Set<() => void>()

  put = (item: ItemDraft): void => {
    this.items.set(item.id, item)
    this.#note('put', item)
  }

  remove = (item: ItemId): void => {
    this.items.delete(item)
    this.#note('remove', item)
  }

  append = (item: ItemId, part: number, text: string): void => {
    const draft = this.items.get(item)
    if (draft === undefined) throw new Error(`${item} was never put.`)
    this.items.set(item, appended(draft, part, text))
    this.#note('append', item, part, text)
  }

  turnStarted: AgentSink['turnStarted'] = () => this.#note('turnStarted')
  turnEnded: AgentSink['turnEnded'] = (outcome) => this.#note('turnEnded', outcome)
  phase: AgentSink['phase'] = (phase) => this.#note('phase', phase)
  usage: AgentSink['usage'] = (usage, model) => this.#note('usage', usage, model)
  context: AgentSink['context'] = (context) => this.#note('context', context)
  model: AgentSink['model'] = (model) => this.#note('model', model)
  effort: AgentSink['effort'] = (effort) => this.#note('effort', effort)
  capabilities: AgentSink['capabilities'] = (capabilities) => this.#note('capabilities', capabilities)
  title: AgentSink['title'] = (title) => this.#note('title', title)
  state: AgentSink['state'] = (state) => this.#note('state', state)
  ended: AgentSink['ended'] = (end) => this.#note('ended', end)

  /** What one kind of call was given, each time. */
  given(name: keyof AgentSink): unknown[] {
    return this.calls.filter((call) => call[0] === name).map((call) => call[1])
  }

  /** Resolves as soon as `condition` holds; it is looked at after every call. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.add(resolve))
  }

  #note(...call: SinkCall): void {
    this.calls.push(call)
    for (const wake of this.#watchers) wake()
    this.#watchers.clear()
  }
}

function appended(draft: ItemDraft, at: number, text: string): ItemDraft {
  if (draft.kind === 'assistant') {
    const part = draft.parts[at]
    if (part?.growing !== true) throw new Error(`Part ${at} of ${draft.id} does not grow.`)
    return { ...draft, parts: draft.parts.with(at, { ...part, text: part.text + text }) }
  }
  const part = draft.kind === 'tool' ? draft.output[at] : undefined
  if (draft.kind !== 'tool' || part?.type !== 'text' || part.growing !== true) {
    throw new Error(`Part ${at} of ${draft.id} does not grow.`)
  }
  return { ...draft, output: draft.output.with(at, { ...part, text: part.text + text }) }
}
