import { type CommandId, OctoError, type Outcome, type Session } from '@octo/protocol'
import type { AgentRegistry, AgentStart } from '../agents/index.ts'
import type { Log } from '../lib/log.ts'
import type { ModelsForAgents } from '../models/index.ts'
import type { CommandRecord, Store, StoredSession } from '../store/index.ts'
import { AgentSlot } from './agent-slot.ts'
import { Conversation } from './conversation.ts'
import { Journal } from './journal.ts'
import { LiveItems } from './live-items.ts'
import { hasImages, type PromptBlobs, type PromptPart } from './prompts.ts'
import { Viewers } from './viewers.ts'

export type Nothing = Record<string, never>

/** Who gives a command, and how its record is made. */
export interface Giver<Answer> {
  readonly by: string
  readonly command: CommandId
  readonly record: (answer: Answer) => CommandRecord
}

/** What all sessions share. */
export interface Surroundings {
  readonly store: Store
  readonly blobs: PromptBlobs
  readonly models: Pick<ModelsForAgents, 'list' | 'find'>
  readonly agents: Pick<AgentRegistry, 'find'>
  readonly workspaces: { resolve(id: Session['workspace']): Promise<{ readonly path: string }> }
  readonly log: Log
  readonly now: () => number
  /** See {@link AgentSlot}. */
  readonly admit: () => Promise<void>
  readonly idleMs?: number | undefined
  /** Told after each change of a session was stored. */
  readonly onStored: (session: Session) => void
}

/** The parts of one session, put together: what it keeps, who watches it, what happens in it, and its agent. */
export class SessionCore {
  readonly around: Surroundings
  readonly items: LiveItems
  readonly viewers: Viewers
  readonly journal: Journal
  readonly conversation: Conversation
  readonly slot: AgentSlot

  constructor(stored: StoredSession, around: Surroundings, onTurnEnded: (outcome: Outcome) => void) {
    const { properties, seq, nextIndex, agentState } = stored
    const { store, blobs, log, now } = around
    this.around = around
    this.items = new LiveItems({ nextIndex, now })
    this.viewers = new Viewers(properties.id, this.items)
    this.journal = new Journal({
      session: properties.id,
      properties,
      seq,
      agentState,
      items: this.items,
      store,
      blobs,
      log,
      onStored: (change) => {
        this.viewers.announce(change)
        this.conversation.checkCrowd()
        around.onStored(this.journal.stored)
      },
    })
    this.conversation = new Conversation({
      journal: this.journal,
      items: this.items,
      viewers: this.viewers,
      now,
      onTurnEnded,
      onAgentEnded: () => this.slot.clear(),
      onCrowded: (crowded) => (crowded ? this.slot.running?.pause() : this.slot.running?.resume()),
    })
    this.slot = new AgentSlot({
      adapter: () => around.agents.find(properties.agent).adapter,
      sink: this.conversation,
      start: () => this.#startOptions(),
      admit: around.admit,
      isBusy: () => this.isBusy || this.conversation.openRequests().length > 0,
      log,
      ...(around.idleMs !== undefined && { idleMs: around.idleMs }),
    })
  }

  get id(): Session['id'] {
    return this.journal.stored.id
  }

  get isBusy(): boolean {
    return this.conversation.work !== null
  }

  /** @throws OctoError `conflict` for an archived session */
  refuseArchived(): void {
    if (!this.journal.working.archived) return
    throw new OctoError('conflict', 'This session is archived. Bring it back first.')
  }

  /**
   * Looks whether a prompt could be sent now.
   * @throws OctoError `workspace_gone`, `no_model`, `agent_missing`, or `unsupported` for images the model does not take
   */
  async checkReady(parts: readonly PromptPart[]): Promise<void> {
    const { workspaces, agents } = this.around
    agents.find(this.journal.working.agent)
    await workspaces.resolve(this.journal.working.workspace)
    const model = this.#model()
    if (hasImages(parts) && !model.images) {
      throw new OctoError('unsupported', `${model.name} takes no images. Switch to a model that does.`)
    }
  }

  /** Does something with the agent that nobody waits for; a failure becomes a notice. */
  attempt(what: string, task: () => Promise<void>): void {
    task().catch((error: unknown) => this.tellFailure(what, error))
  }

  /** Tells a failure as a notice. @returns its sentence */
  tellFailure(what: string, error: unknown): string {
    if (!(error instanceof OctoError)) this.around.log.error('sessions.failed', { session: this.id, error })
    const message = error instanceof OctoError ? error.message : 'Something failed inside octo.'
    const stderr = error instanceof OctoError ? error.details?.['stderr'] : undefined
    this.conversation.notice({
      level: 'error',
      code: typeof stderr === 'string' ? 'crash' : 'error',
      text: `${what}: ${message}`,
      ...(typeof stderr === 'string' && { details: stderr }),
    })
    return message
  }

  /** The session's model, or the first of those that are picked. @throws OctoError `no_model` */
  #model(): ReturnType<ModelsForAgents['find']> {
    const { models } = this.around
    const own = this.journal.working.model
    if (own !== undefined) return models.find(own)
    const [first] = models.list()
    if (first !== undefined) return first
    throw new OctoError(
      'no_model',
      'No model is set up yet. Add a provider, or the demo model, in the settings under Models.',
    )
  }

  async #startOptions(): Promise<AgentStart> {
    const { id, title, workspace, effort } = this.journal.working
    const { path } = await this.around.workspaces.resolve(workspace)
    const { provider, id: model } = this.#model()
    return { session: id, cwd: path, title, model: { provider, id: model }, effort, state: this.journal.agentState }
  }
}
