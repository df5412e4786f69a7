import {
  type Answer,
  type ItemId,
  type ModelRef,
  OctoError,
  type Outcome,
  type PromptInput,
  type RequestItem,
  type Session,
} from '@octo/protocol'
import type { AgentCommands, RunningAgent } from '../agents/index.ts'
import type { StoredSession } from '../store/index.ts'
import { type Giver, type Nothing, SessionCore, type Surroundings } from './core.ts'
import { Prompting } from './prompting.ts'

const RESTARTED = 'octo was restarted while this turn ran. Resume to let the agent go on.'

/**
 * One session: the only one who changes it. Commands come in, each decided at once and stored in one transaction; what the
 * agent does comes in through the conversation.
 */
export class SessionActor {
  readonly core: SessionCore
  /** Prompts, and what becomes of them. */
  readonly prompting: Prompting

  constructor(stored: StoredSession, around: Surroundings) {
    this.core = new SessionCore(stored, around, (outcome) => this.prompting.afterTurn(outcome))
    this.prompting = new Prompting(this.core)
  }

  /** Marks what a process before this one left unfinished, and waits until that is stored. */
  async recover(): Promise<void> {
    const { around, id, conversation, journal } = this.core
    conversation.recover(await around.store.unfinished(id), RESTARTED)
    await journal.idle()
  }

  /** Stores a new session, with its first prompt if there is one. */
  async create(prompt: PromptInput | undefined, giver: Giver<Session>): Promise<Session> {
    const { journal } = this.core
    const read = prompt === undefined ? null : await this.prompting.prepare(prompt)
    return journal.transact(() => {
      const { after } = read === null ? {} : this.prompting.send(read.parts, { ...giver, origin: 'user' })
      // A session that cannot be stored is thrown away whole.
      return { answer: journal.working, undo() {}, ...(after && { after }) }
    }, giver.record)
  }

  async answer(item: ItemId, answer: Answer, giver: Giver<Nothing>): Promise<Nothing> {
    const { items, journal, conversation, slot } = this.core
    const known = await this.#findRequest(item)
    if (known.state !== 'open') throw alreadyAnswered(known)
    checkAnswer(known, answer)
    const done = await journal.transact<Nothing | null>(
      () => {
        const request = items.get(item)
        if (request?.kind !== 'request' || request.state !== 'open') return { answer: null, undo() {} }
        const undo = conversation.answerRequest(request, { answer, by: giver.by })
        const tell = async (): Promise<void> => slot.running?.answer(item, answer)
        return { answer: {}, undo, after: () => this.core.attempt('The answer did not reach the agent', tell) }
      },
      (answered) => (answered === null ? undefined : giver.record(answered)),
    )
    if (done === null) throw alreadyAnswered(await this.#findRequest(item))
    return done
  }

  async setModel(ref: ModelRef, giver: Giver<Session>): Promise<Session> {
    const { provider, id, name } = this.core.around.models.find(ref)
    return this.#change({ model: { provider, id, name } }, giver, async (agent) => {
      await agent.setModel({ provider, id })
      this.core.conversation.notice({ level: 'info', code: 'model', text: `Switched to ${name}.` })
    })
  }

  async setEffort(effort: string, giver: Giver<Session>): Promise<Session> {
    const { efforts } = this.core.journal.working.capabilities
    if (efforts.length > 0 && !efforts.includes(effort)) {
      throw new OctoError('bad_request', `The effort "${effort}" is none of ${efforts.join(', ')}.`)
    }
    return this.#change({ effort }, giver, (agent) => agent.setEffort(effort))
  }

  async setMode(mode: string, giver: Giver<Session>): Promise<Session> {
    const { modes } = this.core.journal.working.capabilities
    if (!modes.some(({ id }) => id === mode)) throw new OctoError('unsupported', `This agent has no mode "${mode}".`)
    return this.#change({ mode }, giver, (agent) => agent.setMode(mode))
  }

  async rename(title: string, giver: Giver<Session>): Promise<Session> {
    return this.#change({ title }, giver, (agent) => agent.rename(title))
  }

  async compact(hint: string | undefined, giver: Giver<Nothing>): Promise<Nothing> {
    const { journal, conversation } = this.core
    if (!journal.working.capabilities.compact) {
      throw new OctoError('unsupported', 'This agent cannot summarise its history.')
    }
    await this.core.checkReady([])
    return journal.transact(() => {
      this.core.refuseArchived()
      if (this.core.isBusy) {
        throw new OctoError('busy', 'The agent is working. Wait for the end of the turn, or stop it.')
      }
      conversation.beginCompaction()
      return { answer: {}, undo: () => conversation.endCompaction(), after: () => void this.#compact(hint) }
    }, giver.record)
  }

  async archive(archived: boolean, giver: Giver<Session>): Promise<Session> {
    if (archived) await this.end({ type: 'stopped' })
    return this.#change({ archived }, giver, async () => {})
  }

  /** The slash commands, from the agent itself; it is started for that if need be. */
  async commands(): Promise<AgentCommands> {
    return (await this.core.slot.ensure()).commands()
  }

  /** Ends the turn, if one runs, and the agent with everything it has started. */
  async end(outcome: Outcome): Promise<void> {
    this.prompting.hold()
    this.core.conversation.withdraw(outcome)
    await this.core.slot.close()
    await this.core.journal.idle()
  }

  /** Ends everything; nothing is stored any more. */
  async close(): Promise<void> {
    this.core.conversation.close()
    await this.core.slot.close()
    await this.core.journal.close()
  }

  async #findRequest(item: ItemId): Promise<RequestItem> {
    const { items, around, id } = this.core
    const found = items.get(item) ?? (await around.store.item(id, item))
    if (found?.kind === 'request') return found
    throw new OctoError('not_found', `There is no request ${item} in this session.`)
  }

  async #compact(hint: string | undefined): Promise<void> {
    const { conversation, slot } = this.core
    try {
      const agent = await slot.ensure()
      if (conversation.work === 'compaction' && !conversation.stopping) await agent.compact(hint)
    } catch (error) {
      if (conversation.work === 'compaction') this.core.tellFailure('The history could not be summarised', error)
    }
    if (conversation.work !== 'compaction') return
    conversation.endCompaction()
    this.prompting.afterTurn({ type: 'done' })
  }

  /** Changes properties, and tells the agent if one runs. */
  async #change(
    patch: Partial<Session>,
    giver: Giver<Session>,
    tell: (agent: RunningAgent) => Promise<void>,
  ): Promise<Session> {
    const { journal, slot } = this.core
    return journal.transact(() => {
      const { working } = journal
      const before = Object.fromEntries(Object.keys(patch).map((name) => [name, working[name as keyof Session]]))
      journal.set(patch)
      const after = (): void => {
        const agent = slot.running
        // One that must be started anew anyway gets it then.
        if (agent !== null && !agent.stale) this.core.attempt('The agent did not take the change', () => tell(agent))
      }
      return { answer: journal.working, undo: () => journal.set(before), after }
    }, giver.record)
  }
}

/** @throws OctoError `bad_request` if the answer is not of the kind that is wanted */
function checkAnswer(request: RequestItem, answer: Answer): void {
  if (answer.type === 'cancel') return
  if (answer.type !== request.wants) {
    throw new OctoError('bad_request', `This request wants an answer of the kind "${request.wants}".`)
  }
  if (answer.type === 'option' && !request.options.some(({ id }) => id === answer.option)) {
    throw new OctoError('bad_request', `There is no option "${answer.option}" to choose.`)
  }
}

function alreadyAnswered(request: RequestItem): OctoError {
  if (request.state === 'withdrawn') {
    return new OctoError('already_answered', 'The agent does not wait for this answer any more.')
  }
  const by = request.answeredBy === undefined ? '' : ` by ${request.answeredBy}`
  return new OctoError('already_answered', `This was answered already${by}.`)
}
