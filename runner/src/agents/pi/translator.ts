import type { Answer, ItemId, ModelRef, Outcome, Usage } from '@octo/protocol'
import type { AgentSink, NoticeDraft } from '../adapter.ts'
import { capValue } from '../lib/cap-value.ts'
import { AssistantMessage, isRefusal, type Tools } from './assistant-message.ts'
import { toRequest, toUiResponse } from './dialogs.ts'
import {
  type Message,
  type NativeUsage,
  PiEvent,
  redundantEvents,
  type State,
  type Stats,
  type UiRequest,
  type Update,
} from './events.ts'
import { classifyFailure } from './failures.ts'
import { CompactionNotice, RetryNotice } from './progress-notices.ts'
import { ToolCalls } from './tool-calls.ts'

export interface TranslatorOptions {
  readonly sink: AgentSink
  readonly cwd: string
  readonly newId: () => ItemId
  readonly now: () => number
}

/**
 * Makes of what pi says what a session keeps. It does nothing else: the same lines make the same calls on the sink.
 */
export class PiTranslator {
  readonly #tools: Tools
  readonly #sink: AgentSink
  readonly #calls: ToolCalls
  readonly #retry: RetryNotice
  readonly #compaction: CompactionNotice
  readonly #dialogs = new Map<ItemId, UiRequest>()
  #message: AssistantMessage | null = null
  /** The answer that broke off before pi asked again; the next one takes its place. */
  #broken: AssistantMessage | null = null
  #lastEnd: Message | null = null
  #inTurn = false
  #running = false
  #stopping = false
  /** Prompts and steered messages given to pi that it has not yet repeated as its own. */
  #expectedPrompts = 0
  #window: number | null = null

  constructor(options: TranslatorOptions) {
    const { sink, newId, now } = options
    this.#tools = { sink, newId, now }
    this.#sink = sink
    this.#calls = new ToolCalls(this.#tools, options.cwd)
    this.#retry = new RetryNotice(this.#tools)
    this.#compaction = new CompactionNotice(this.#tools)
  }

  /** Whether pi has begun to work on the turn; an extension's command may never make it begin. */
  get running(): boolean {
    return this.#running
  }

  get inTurn(): boolean {
    return this.#inTurn
  }

  /** Open dialogs, which hold pi up until they are answered. */
  get openDialogs(): readonly ItemId[] {
    return [...this.#dialogs.keys()]
  }

  /** A prompt is given to pi. */
  beginTurn(): void {
    this.#reset()
    this.#inTurn = true
    this.#expectedPrompts += 1
    this.#sink.phase('thinking')
  }

  steered(): void {
    this.#expectedPrompts += 1
  }

  /** From now on the turn's end is a stop, whatever pi calls it. */
  stop(): void {
    this.#stopping = true
  }

  /** Ends the turn, if one runs. */
  endTurn(outcome: Outcome): void {
    if (!this.#inTurn) return
    this.#inTurn = false
    this.#running = false
    this.#sink.phase(null)
    this.#sink.turnEnded(outcome)
  }

  /** pi will not go on by itself: the turn ends as its last answer did. */
  settle(): void {
    this.#retry.giveUp()
    this.endTurn(this.#outcome())
  }

  /** @returns what to tell pi, or `null` if nobody waits for this answer any more */
  answer(item: ItemId, answer: Answer): object | null {
    const native = this.#dialogs.get(item)
    if (native === undefined) return null
    const response = toUiResponse(native, answer)
    this.#dialogs.delete(item)
    return response
  }

  state(state: State): void {
    if (state.model !== undefined) this.model(state.model)
    if (state.thinkingLevel !== undefined) this.#sink.effort(state.thinkingLevel)
  }

  model(model: NonNullable<State['model']>): void {
    this.#window = model.contextWindow ?? null
    const ref: ModelRef = { provider: model.provider, id: model.id }
    this.#sink.model({ ...ref, name: model.name ?? model.id })
  }

  stats(stats: Stats): void {
    const { contextUsage } = stats
    if (contextUsage === undefined) return
    const { tokens, contextWindow } = contextUsage
    this.#sink.context(tokens === null ? null : { tokens, window: contextWindow })
  }

  /** Takes an event; one that is not known is kept as a notice if it says something to people. */
  event(native: { readonly type: string }): void {
    if (redundantEvents.has(native.type)) return
    const parsed = PiEvent.safeParse(native)
    if (parsed.success) this.#take(parsed.data)
    else this.#stranger(native)
  }

  #take(event: PiEvent): void {
    switch (event.type) {
      case 'agent_start':
        this.#begin()
        return
      case 'agent_settled':
        this.settle()
        return
      case 'message_start':
        this.#messageStart(event.message)
        return
      case 'message_update':
        this.#update(event.assistantMessageEvent)
        return
      case 'message_end':
        this.#messageEnd(event.message)
        return
      case 'tool_execution_start':
        this.#calls.start(event.toolCallId, event.toolName, event.args)
        this.#sink.phase(`running ${event.toolName}`)
        return
      case 'tool_execution_update':
        this.#calls.progress(event.toolCallId, event.partialResult)
        return
      case 'tool_execution_end':
        this.#calls.end(event.toolCallId, event.result, event.isError)
        this.#sink.phase('thinking')
        return
      case 'session_info_changed':
        if (event.name !== undefined && event.name.trim() !== '') this.#sink.title(event.name.trim())
        return
      case 'thinking_level_changed':
        this.#sink.effort(event.level)
        return
      case 'auto_retry_start':
        this.#voidMessage()
        this.#retry.start(event)
        this.#sink.phase('retrying')
        return
      case 'auto_retry_end':
        this.#retry.end(event)
        return
      case 'compaction_start':
        this.#compaction.start(event.reason)
        this.#sink.phase('compacting')
        return
      case 'compaction_end':
        this.#compacted(event)
        return
      case 'extension_error':
        this.#notice('error', `An extension of pi failed: ${event.error}`, [event.extensionPath, event.event])
        return
      case 'extension_ui_request':
        this.#dialog(event)
        return
      case 'queue_update':
    }
  }

  #begin(): void {
    this.#running = true
    if (this.#inTurn) return
    this.#reset()
    this.#inTurn = true
    this.#sink.turnStarted()
    this.#sink.phase('thinking')
  }

  #reset(): void {
    this.#message = null
    this.#broken = null
    this.#lastEnd = null
    this.#stopping = false
    this.#running = false
    this.#expectedPrompts = 0
    this.#calls.beginTurn()
  }

  #outcome(): Outcome {
    const last = this.#lastEnd
    const stop = last?.stopReason
    if (stop === 'aborted' || (this.#stopping && stop !== 'stop')) return { type: 'stopped' }
    if (stop === 'length') return { type: 'token_limit' }
    if (last === null || stop !== 'error') return { type: 'done' }
    if (isRefusal(last)) return { type: 'refusal' }
    return classifyFailure(last.errorMessage ?? 'pi gave no reason')
  }

  #messageStart(message: Message): void {
    if (message.role === 'user') this.#userMessage(message)
    if (message.role === 'custom' && message.display === true) this.#notice('info', textOf(message), [])
    if (message.role !== 'assistant') return
    this.#message = new AssistantMessage(this.#tools, this.#broken)
    this.#broken = null
    this.#message.model = modelName(message)
    this.#calls.beginMessage()
    if (message.stopReason !== 'error') this.#sink.phase('thinking')
  }

  /** pi repeats what it was given; what it was not given came from an extension. */
  #userMessage(message: Message): void {
    if (this.#expectedPrompts > 0) this.#expectedPrompts -= 1
    else this.#notice('info', `An extension of pi asked: ${textOf(message)}`, [])
  }

  #update(update: Update): void {
    this.#message?.update(update)
    if (update.type === 'text_start') this.#sink.phase('writing')
    if (update.type === 'toolcall_start') this.#calls.announce(update.id, update.toolName)
    if (update.type !== 'toolcall_end') return
    const { id, name, arguments: input } = update.toolCall
    this.#calls.specify(id, name, input)
  }

  #messageEnd(message: Message): void {
    if (message.role !== 'assistant') return
    this.#lastEnd = message
    this.#message?.end(message)
    this.#calls.endMessage(message)
    if (message.usage === undefined) return
    const { input, output, cacheRead, cacheWrite } = message.usage
    const tokens = input + output + cacheRead + cacheWrite
    if (tokens === 0) return
    this.#used(message.usage, modelName(message))
    if (this.#window !== null) this.#sink.context({ tokens, window: this.#window })
  }

  #compacted(event: Extract<PiEvent, { type: 'compaction_end' }>): void {
    this.#compaction.end(event)
    if (event.willRetry === true) this.#voidMessage()
    if (event.result?.usage !== undefined) this.#used(event.result.usage, undefined)
    if (event.result !== undefined && event.result !== null) this.#sink.context(null)
    this.#sink.phase(this.#inTurn ? 'thinking' : null)
  }

  /** The last answer broke off and is asked for again. */
  #voidMessage(): void {
    this.#broken = this.#message ?? this.#broken
    this.#message = null
    this.#calls.voidMessage()
  }

  #used(native: NativeUsage, model: string | undefined): void {
    const { input, output, cacheRead, cacheWrite, cost } = native
    // A model without a price list costs 0 to pi; that is not known, not free.
    const usage: Usage = { input, output, cacheRead, cacheWrite, ...(cost && cost.total > 0 && { cost: cost.total }) }
    this.#sink.usage(usage, model)
  }

  #dialog(native: UiRequest): void {
    const request = toRequest(native, this.#tools.newId(), this.#tools.now())
    if (request !== null) {
      this.#dialogs.set(request.id, native)
      this.#sink.put(request)
    } else if (native.method === 'notify' && native.message !== undefined) {
      this.#notice(levelOf(native.notifyType), native.message, [])
    }
  }

  #stranger(native: { readonly type: string }): void {
    const { message, text, error } = native as { message?: unknown; text?: unknown; error?: unknown }
    const said = [error, message, text].find((value) => typeof value === 'string' && value.trim() !== '')
    if (typeof said !== 'string') return
    this.#notice(typeof error === 'string' ? 'error' : 'info', `pi says: ${said}`, [], native)
  }

  #notice(
    level: NoticeDraft['level'],
    text: string,
    details: readonly (string | undefined)[],
    native?: { readonly type: string },
  ): void {
    const more = details.filter((line) => line !== undefined).join('\n')
    this.#sink.put({
      id: this.#tools.newId(),
      kind: 'notice',
      level,
      code: 'agent',
      text,
      ...(more !== '' && { details: more }),
      ...(native && { native: capValue(native) }),
    })
  }
}

function modelName(message: Message): string | undefined {
  return message.model
}

function textOf(message: Message): string {
  return message.content.flatMap((block) => (block.type === 'text' ? [block.text ?? ''] : [])).join('\n')
}

function levelOf(notifyType: string | undefined): NoticeDraft['level'] {
  return notifyType === 'error' || notifyType === 'warning' ? notifyType : 'info'
}
