import {
  type CommandId,
  MAX_QUEUED_PROMPTS,
  OctoError,
  type Outcome,
  type PromptInput,
  type QueuedId,
  type QueuedPrompt,
  randomId,
  type Result,
} from '@octo/protocol'
import { jsonBytes } from './condense.ts'
import type { Giver, Nothing, SessionCore } from './core.ts'
import type { Effect } from './journal.ts'
import { type PromptPart, readPrompt, type ReadPrompt, titleOf, toAgentPrompt } from './prompts.ts'
import type { Turn } from './turn.ts'

export const UNTITLED = 'New session'

/** The queue is a property of the session, which must fit a frame beside a page of items. */
const MAX_QUEUE_BYTES = 131_072
const MAX_QUEUED_TEXT_BYTES = 2_048

/** What an agent whose turn broke off is told to make it go on; it knows its own history. */
const GO_ON = 'Continue where you were interrupted.'

type Delivered = Result<'sessions.prompt'>

/** Who a prompt comes from. */
interface From {
  readonly by: string
  readonly command: CommandId | undefined
  readonly origin: 'user' | 'queue'
}

/** Prompts on their way to the agent: at once, into the running turn, or through the queue. */
export class Prompting {
  readonly #core: SessionCore
  /** After a stop the queue waits for the user, however the turn ended. */
  #held = false
  /** The prompt that is being given to the agent; what is steered must not overtake it. */
  #delivery: Promise<void> = Promise.resolve()

  constructor(core: SessionCore) {
    this.#core = core
  }

  /** Reads what a new session begins with, and looks whether it could be sent. */
  async prepare(input: PromptInput): Promise<ReadPrompt> {
    const read = await this.#read(input)
    await this.#core.checkReady(read.parts)
    return read
  }

  async prompt(input: PromptInput, giver: Giver<Delivered>): Promise<Delivered> {
    const { parts } = await this.#readForNow(input)
    return this.#core.journal.transact(() => {
      this.#core.refuseArchived()
      return this.#core.isBusy ? this.#enqueue(parts, giver) : this.send(parts, { ...giver, origin: 'user' })
    }, giver.record)
  }

  async steer(input: PromptInput, giver: Giver<Delivered>): Promise<Delivered> {
    const { journal, conversation, items } = this.#core
    if (!journal.working.capabilities.steer) {
      throw new OctoError('unsupported', 'This agent takes no messages while it works.')
    }
    if (!this.#canSteer()) return this.prompt(input, giver)
    const { parts } = await this.#read(input)
    return journal.transact(() => {
      if (!this.#canSteer()) {
        return this.#core.isBusy ? this.#enqueue(parts, giver) : this.send(parts, { ...giver, origin: 'user' })
      }
      const item = conversation.addUser({ parts, author: giver.by, delivery: 'steer', command: giver.command })
      const give = (): void => this.#core.attempt('The message did not reach the agent', () => this.#steerAgent(parts))
      return { answer: { delivery: 'sent', item }, undo: () => items.remove(item), after: give }
    }, giver.record)
  }

  async stop(giver: Giver<Nothing>): Promise<Nothing> {
    const { journal, conversation } = this.#core
    return journal.transact(() => {
      if (!this.#core.isBusy || conversation.stopping) return { answer: {}, undo() {} }
      const undo = conversation.beginStop(giver.by)
      this.#held = true
      return { answer: {}, undo, after: () => void this.#stopAgent() }
    }, giver.record)
  }

  async resume(giver: Giver<Nothing>): Promise<Nothing> {
    const { journal } = this.#core
    if (journal.working.state === 'interrupted') await this.#core.checkReady([])
    return journal.transact(() => {
      this.#core.refuseArchived()
      if (this.#core.isBusy) throw new OctoError('busy', 'The agent is working already.', { retryable: false })
      this.#held = false
      if (journal.working.state === 'interrupted') {
        const sent = this.send([{ type: 'text', text: GO_ON, rev: 0 }], { ...giver, origin: 'user' })
        return { ...sent, answer: {} }
      }
      if (journal.working.queue.length === 0) {
        throw new OctoError('conflict', 'Nothing waits to go on with. Send a prompt.')
      }
      return this.#sendNext()
    }, giver.record)
  }

  async editQueued(queued: QueuedId, input: PromptInput, giver: Giver<Nothing>): Promise<Nothing> {
    const { parts } = await this.#read(input, MAX_QUEUED_TEXT_BYTES)
    return this.#changeQueue(giver, (queue) => {
      const at = placeOf(queue, queued)
      return queue.map((entry, index) => (index === at ? { ...entry, parts: [...parts] } : entry))
    })
  }

  async removeQueued(queued: QueuedId, giver: Giver<Nothing>): Promise<Nothing> {
    return this.#changeQueue(giver, (queue) => queue.toSpliced(placeOf(queue, queued), 1))
  }

  async moveQueued(queued: QueuedId, to: number, giver: Giver<Nothing>): Promise<Nothing> {
    return this.#changeQueue(giver, (queue) => {
      const at = placeOf(queue, queued)
      return queue.toSpliced(at, 1).toSpliced(to, 0, ...queue.slice(at, at + 1))
    })
  }

  /** Begins a turn with a prompt; the agent gets it once that is stored. */
  send(parts: readonly PromptPart[], { by, command, origin }: From): Effect<Delivered> {
    const { journal, conversation, items } = this.#core
    const before = journal.working
    this.#held = false
    if (before.title === UNTITLED) journal.set({ title: titleOf(textOf(parts)) ?? UNTITLED })
    const turn = conversation.beginTurn(origin)
    const item = conversation.addUser({ parts, author: by, delivery: 'prompt', command })
    const undo = (): void => {
      items.remove(item)
      conversation.undoTurn(turn, before)
      journal.set({ title: before.title })
    }
    const give = (): void => {
      this.#delivery = this.#deliver(turn, parts)
    }
    return { answer: { delivery: 'sent', item }, undo, after: give }
  }

  /** Lets nothing of the queue be sent until the user says so. */
  hold(): void {
    this.#held = true
  }

  /** What waits in the queue is sent once the turn before it has come to a good end. */
  afterTurn(outcome: Outcome): void {
    const { slot, journal, around, id } = this.#core
    slot.rest()
    const goesOn = outcome.type === 'done' || outcome.type === 'token_limit' || outcome.type === 'refusal'
    const mayGoOn = (): boolean => !this.#held && !this.#core.isBusy && journal.working.queue.length > 0
    if (!goesOn || !mayGoOn()) return
    journal
      .transact(() => (mayGoOn() ? this.#sendNext() : { answer: {}, undo() {} }))
      .catch((error: unknown) => around.log.error('sessions.queue_stuck', { session: id, error }))
  }

  #canSteer(): boolean {
    const { conversation, slot } = this.#core
    return conversation.work === 'turn' && !conversation.stopping && slot.running !== null
  }

  #read(input: PromptInput, maxTextBytes?: number): Promise<ReadPrompt> {
    return readPrompt(input, this.#core.around.blobs, maxTextBytes)
  }

  /** Reads a prompt for where it will go, as far as that can be told before it is this command's turn. */
  async #readForNow(input: PromptInput): Promise<ReadPrompt> {
    return this.#core.isBusy ? this.#read(input, MAX_QUEUED_TEXT_BYTES) : this.prepare(input)
  }

  /** Gives a stored prompt to the agent, and ends the turn if that is not possible. */
  async #deliver(turn: Turn, parts: readonly PromptPart[]): Promise<void> {
    const { conversation, slot, around } = this.#core
    try {
      const [agent, prompt] = await Promise.all([slot.ensure(), toAgentPrompt(parts, around.blobs)])
      // It may have been stopped while the agent was starting.
      if (conversation.turn === turn && !conversation.stopping) agent.prompt(prompt)
    } catch (error) {
      if (conversation.turn !== turn) return
      const message = this.#core.tellFailure('The agent could not begin', error)
      conversation.turnEnded({ type: 'failed', kind: 'agent', message })
    }
  }

  async #steerAgent(parts: readonly PromptPart[]): Promise<void> {
    const prompt = await toAgentPrompt(parts, this.#core.around.blobs)
    await this.#delivery
    await this.#core.slot.running?.steer(prompt)
  }

  async #stopAgent(): Promise<void> {
    const { conversation, slot } = this.#core
    try {
      await slot.running?.stop()
    } catch (error) {
      this.#core.tellFailure('The agent did not stop by itself', error)
    }
    // One that was still starting, or had gone, has told no end.
    if (conversation.work === 'turn' && conversation.stopping) conversation.turnEnded({ type: 'stopped' })
  }

  #sendNext(): Effect<Nothing> {
    const { journal } = this.#core
    const [next, ...rest] = journal.working.queue
    if (next === undefined) return { answer: {}, undo() {} }
    journal.set({ queue: rest })
    const sent = this.send(next.parts, { by: next.author, command: next.command, origin: 'queue' })
    const undo = (): void => {
      sent.undo()
      journal.set({ queue: [next, ...journal.working.queue] })
    }
    return { ...sent, answer: {}, undo }
  }

  #enqueue(parts: readonly PromptPart[], { by, command }: Giver<Delivered>): Effect<Delivered> {
    const { journal, around } = this.#core
    const { queue } = journal.working
    if (queue.length >= MAX_QUEUED_PROMPTS) {
      throw new OctoError('queue_full', `${MAX_QUEUED_PROMPTS} prompts wait already. Let some of them be sent first.`)
    }
    const entry = { id: randomId('que'), parts: [...parts], author: by, command, createdAt: around.now() }
    this.#setQueue([...queue, entry])
    const undo = (): void => journal.set({ queue: journal.working.queue.filter(({ id }) => id !== entry.id) })
    return { answer: { delivery: 'queued', queued: entry.id }, undo }
  }

  async #changeQueue(
    giver: Giver<Nothing>,
    edit: (queue: readonly QueuedPrompt[]) => QueuedPrompt[],
  ): Promise<Nothing> {
    const { journal } = this.#core
    return journal.transact(() => {
      const before = journal.working.queue
      this.#setQueue(edit(before))
      return { answer: {}, undo: () => journal.set({ queue: before }) }
    }, giver.record)
  }

  #setQueue(queue: QueuedPrompt[]): void {
    if (jsonBytes(queue) > MAX_QUEUE_BYTES) {
      throw new OctoError('queue_full', 'The prompts that wait are too large together. Let some of them be sent first.')
    }
    this.#core.journal.set({ queue })
  }
}

function textOf(parts: readonly PromptPart[]): string {
  return parts.find((part) => part.type === 'text')?.text ?? ''
}

function placeOf(queue: readonly QueuedPrompt[], id: QueuedId): number {
  const at = queue.findIndex((entry) => entry.id === id)
  if (at === -1) throw new OctoError('not_found', 'This prompt does not wait any more. It may have been sent.')
  return at
}
