import { type Answer, type Capabilities, type ItemId, type ModelRef, OctoError } from '@octo/protocol'
import type { z } from 'zod'
import type { Log } from '../../lib/log.ts'
import type { AgentCommands, AgentPrompt, AgentSink, AgentStart, AgentTimes, RunningAgent } from '../adapter.ts'
import type { ChildEnd, LineChild } from '../lib/line-child.ts'
import { RequestMap } from '../lib/request-map.ts'
import { Commands, NativeModel, Response, State, Stats, ThinkingLevels } from './events.ts'
import { classifyFailure } from './failures.ts'
import type { PiTranslator } from './translator.ts'

/** How long pi may take for what it does in milliseconds. */
const ANSWER_MS = 10_000

export interface RunningPiOptions {
  readonly title: string
  readonly sink: AgentSink
  readonly translator: PiTranslator
  readonly capabilities: Capabilities
  readonly times: AgentTimes
  readonly log: Log
  /** pi does not know a picked model: it must be told at its next start. */
  onUnknownModel(model: ModelRef): void
}

/** One pi process. */
export class RunningPi implements RunningAgent {
  readonly #options: RunningPiOptions
  readonly #requests = new RequestMap<Response>()
  readonly #watchers = new Set<() => void>()
  #child: LineChild | null = null
  #compacting = false
  /** Before this its end is a failure of the start. */
  #greeted = false
  #closed = false
  #stale = false

  constructor(options: RunningPiOptions) {
    this.#options = options
  }

  /** Takes what pi says; for the {@link LineChild}. */
  readonly onMessage = (message: object): void => {
    if (this.#closed || !('type' in message) || typeof message.type !== 'string') return
    if (message.type !== 'response') {
      this.#options.translator.event(message as { readonly type: string })
      this.#wake()
      if (message.type === 'agent_settled') this.#refreshStats().catch(this.#ignore)
      return
    }
    const response = Response.safeParse(message)
    if (!response.success || response.data.id === undefined) {
      this.#options.log.debug('agents.stray_response', { agent: 'pi' })
      return
    }
    this.#requests.settle(response.data.id, response.data)
  }

  /** Takes the end of the process; for the {@link LineChild}. */
  readonly onEnd = (end: ChildEnd): void => {
    const message = `${this.#options.title} ${end.reason}.`
    const details = end.details === '' ? {} : { details: { stderr: end.details } }
    this.#requests.endAll(new OctoError('agent_failed', message, details))
    const unexpected = this.#greeted && !this.#closed
    this.#closed = true
    this.#wake()
    if (unexpected) this.#options.sink.ended({ message, details: end.details })
  }

  /** Waits until pi is ready, and gives it its model. */
  async greet(child: LineChild, { model, effort }: Pick<AgentStart, 'model' | 'effort'>): Promise<State> {
    this.#child = child
    await this.#ask({ type: 'get_state' }, State, this.#options.times.readyMs)
    await this.setModel(model)
    if (effort !== undefined) await this.setEffort(effort)
    const state = await this.#ask({ type: 'get_state' }, State)
    if (!this.#stale) this.#options.translator.state(state)
    this.#greeted = true
    return state
  }

  get stale(): boolean {
    return this.#stale
  }

  markStale(): void {
    this.#stale = true
  }

  prompt(prompt: AgentPrompt): void {
    this.#options.translator.beginTurn()
    this.#prompt(prompt).catch((error: unknown) => {
      if (this.#closed) return
      const reason = error instanceof OctoError ? error.message : String(error)
      this.#options.translator.endTurn({ type: 'failed', kind: 'agent', message: reason })
    })
  }

  async steer(prompt: AgentPrompt): Promise<void> {
    // Before pi has begun, it would take this for a prompt of its own.
    await this.#until(() => this.#options.translator.running || !this.#options.translator.inTurn)
    this.#options.translator.steered()
    // As a prompt, not as `steer`: if the turn ends in this moment, pi begins another one instead of keeping the message.
    const response = await this.#send({ ...promptMessage(prompt), streamingBehavior: 'steer' }, null)
    if (!response.success) throw new OctoError('agent_failed', `pi did not take the message: ${response.error ?? ''}`)
  }

  async stop(): Promise<void> {
    const { translator, times } = this.#options
    if (!translator.inTurn && !this.#compacting) return
    translator.stop()
    const deadline = setTimeout(() => void this.#child?.kill(), times.stopMs)
    try {
      // What was steered but not taken in would otherwise begin the next turn.
      const cleared = this.#send({ type: 'clear_queue' }, times.stopMs)
      const aborted = this.#send({ type: 'abort' }, times.stopMs)
      // pi ends the abort only when its dialogs are closed, and closed before it, they would let the turn go on a little.
      const closed = translator.openDialogs.map((item) => this.answer(item, { type: 'cancel' }))
      await Promise.all([cleared, aborted, ...closed])
      await this.#until(() => !translator.inTurn)
    } catch (error) {
      if (!this.#closed) this.#options.log.warn('agents.stop_forced', { agent: 'pi', reason: String(error) })
      await this.#child?.kill()
    } finally {
      clearTimeout(deadline)
    }
  }

  async answer(item: ItemId, answer: Answer): Promise<void> {
    const response = this.#options.translator.answer(item, answer)
    if (response !== null) await this.#child?.send(response)
  }

  async setModel(model: ModelRef): Promise<void> {
    const response = await this.#send({ type: 'set_model', provider: model.provider, modelId: model.id }, ANSWER_MS)
    if (!response.success) {
      this.#options.onUnknownModel(model)
      this.#stale = true
      return
    }
    const native = NativeModel.safeParse(response.data)
    if (native.success) this.#options.translator.model(native.data)
    const { levels } = await this.#ask({ type: 'get_available_thinking_levels' }, ThinkingLevels)
    this.#options.sink.capabilities({ ...this.#options.capabilities, efforts: levels.length > 1 ? levels : [] })
  }

  async setEffort(effort: string): Promise<void> {
    await this.#ask({ type: 'set_thinking_level', level: effort })
    const state = await this.#ask({ type: 'get_state' }, State)
    if (state.thinkingLevel !== undefined) this.#options.sink.effort(state.thinkingLevel)
  }

  async setMode(): Promise<void> {
    throw new OctoError('unsupported', `${this.#options.title} has no modes.`)
  }

  async compact(hint: string | undefined): Promise<void> {
    this.#compacting = true
    try {
      // A failure is told by `compaction_end`, so here it is no error of the call.
      await this.#send({ type: 'compact', ...(hint !== undefined && { customInstructions: hint }) }, null)
      await this.#refreshStats().catch(this.#ignore)
    } finally {
      this.#compacting = false
    }
  }

  async rename(title: string): Promise<void> {
    await this.#ask({ type: 'set_session_name', name: title })
  }

  async commands(): Promise<AgentCommands> {
    const { commands } = await this.#ask({ type: 'get_commands' }, Commands)
    return commands.map(({ name, description, source }) => ({ name, description: description ?? '', source }))
  }

  pause(): void {
    this.#child?.pause()
  }

  resume(): void {
    this.#child?.resume()
  }

  async hasChildren(): Promise<boolean> {
    return ((await this.#child?.childCount()) ?? 0) > 0
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#requests.endAll(new OctoError('agent_failed', `${this.#options.title} was closed.`))
    await this.#child?.end()
  }

  async #prompt(prompt: AgentPrompt): Promise<void> {
    const { translator } = this.#options
    // No time-out: before it takes a prompt, pi may summarise for minutes, or an extension may ask a person.
    const response = await this.#send(promptMessage(prompt), null)
    if (!response.success) {
      translator.endTurn(classifyFailure(response.error ?? 'pi did not take the prompt'))
      return
    }
    if (translator.running) return
    // An extension's own command needs no model, so nothing will tell its end.
    const state = await this.#ask({ type: 'get_state' }, State)
    if (!state.isStreaming && !translator.running) translator.settle()
    this.#wake()
  }

  /** What is asked for information alone may fail with the process; that is told elsewhere. */
  readonly #ignore = (error: unknown): void => {
    this.#options.log.debug('agents.not_answered', { agent: 'pi', error })
  }

  #wake(): void {
    for (const wake of this.#watchers) wake()
    this.#watchers.clear()
  }

  /** Resolves as soon as `condition` holds after something pi has said, or the process has gone. */
  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#closed) await new Promise<void>((resolve) => this.#watchers.add(resolve))
  }

  /** Asks how full the context is, after a turn or a compaction. */
  async #refreshStats(): Promise<void> {
    this.#options.translator.stats(await this.#ask({ type: 'get_session_stats' }, Stats))
  }

  /** Sends a call and takes its answer apart. @throws OctoError `agent_failed` if pi refuses or answers nonsense */
  async #ask<Data = unknown>(
    message: { readonly type: string; readonly [key: string]: unknown },
    schema?: z.ZodType<Data>,
    timeoutMs = ANSWER_MS,
  ): Promise<Data> {
    const response = await this.#send(message, timeoutMs)
    if (!response.success) {
      throw new OctoError('agent_failed', `pi refused ${message.type}: ${response.error ?? 'without a reason'}`)
    }
    const data = schema?.safeParse(response.data)
    if (data?.success === false) throw new OctoError('agent_failed', `pi answered ${message.type} with nonsense.`)
    return data?.data as Data
  }

  async #send(
    message: { readonly type: string; readonly [key: string]: unknown },
    timeoutMs: number | null,
  ): Promise<Response> {
    const { id, reply } = this.#requests.open(message.type, timeoutMs)
    await Promise.all([this.#child?.send({ id, ...message }), reply.catch(() => undefined)])
    return reply
  }
}

function promptMessage(prompt: AgentPrompt): { readonly type: string; readonly [key: string]: unknown } {
  const images = prompt.images.map(({ data, mediaType }) => ({
    type: 'image',
    data: Buffer.from(data).toString('base64'),
    mimeType: mediaType,
  }))
  return { type: 'prompt', message: prompt.text, ...(images.length > 0 && { images }) }
}
