import {
  type Input,
  OctoError,
  randomId,
  type Result,
  type Session,
  type SessionId,
  type SessionSummary,
  type WorkspaceId,
} from '@octo/protocol'
import type { AgentCommands, AgentRegistry } from '../agents/index.ts'
import { LiveList } from '../lib/live-list.ts'
import type { Log } from '../lib/log.ts'
import type { ModelsForAgents } from '../models/index.ts'
import type { Store, StoredSession } from '../store/index.ts'
import type { Caller, CommandCaller, Connection, Room } from '../wire/room.ts'
import { SessionActor } from './actor.ts'
import type { Giver, Nothing, Surroundings } from './core.ts'
import { UNTITLED } from './prompting.ts'
import type { PromptBlobs } from './prompts.ts'
import { openSession, readPage, readText } from './reader.ts'
import { sameSummary, summaryOf } from './summary.ts'
import { NO_USAGE } from './turn.ts'

/** The list of sessions is one answer, and must fit a frame with room to spare. */
const MAX_SESSIONS = 2_000

/** Agents that run at the same time, each with some 80 MB. Idle ones make room for others. */
const MAX_AGENTS = 50

/** Slash commands are the same for all sessions of an agent in a workspace, or nearly so. */
const MAX_KNOWN_COMMANDS = 100

export interface SessionsRoomOptions {
  readonly store: Store
  readonly blobs: PromptBlobs
  readonly models: ModelsForAgents
  readonly agents: AgentRegistry
  readonly workspaces: Surroundings['workspaces']
  readonly log: Log
  readonly now?: () => number
  /** How long an agent may have nothing to do before it is ended. */
  readonly idleMs?: number
}

export interface SessionsRoom extends Room<'sessions'> {
  /** Ends the agents of a workspace's sessions, e.g. because its folder has gone. */
  endInWorkspace(workspace: WorkspaceId): Promise<void>
  /** The same, and forgets the sessions; the store deletes them with the workspace. */
  forgetWorkspace(workspace: WorkspaceId): Promise<void>
}

/** Opens the room on what the store holds, and marks what an earlier runner left unfinished. */
export async function createSessionsRoom(options: SessionsRoomOptions): Promise<SessionsRoom> {
  const room = new Sessions(options, await options.store.sessions())
  await room.recover()
  return room
}

class Sessions implements SessionsRoom {
  readonly #options: SessionsRoomOptions
  readonly #around: Surroundings
  readonly #actors = new Map<SessionId, SessionActor>()
  readonly #list = new LiveList<SessionSummary>()
  readonly #watching = new WeakSet<Connection>()
  readonly #commands = new Map<string, AgentCommands>()

  constructor(options: SessionsRoomOptions, stored: readonly StoredSession[]) {
    const { store, blobs, models, agents, workspaces, log, now = Date.now, idleMs } = options
    this.#options = options
    this.#around = {
      store,
      blobs,
      models,
      agents,
      workspaces,
      log,
      now,
      idleMs,
      admit: () => this.#admit(),
      onStored: (session) => this.#publish(session),
    }
    for (const session of stored) this.#keep(new SessionActor(session, this.#around))
  }

  readonly atomic = [
    'sessions.create',
    'sessions.prompt',
    'sessions.steer',
    'sessions.stop',
    'sessions.resume',
    'sessions.answer',
    'sessions.setModel',
    'sessions.setEffort',
    'sessions.setMode',
    'sessions.compact',
    'sessions.rename',
    'sessions.archive',
    'sessions.delete',
    'sessions.editQueued',
    'sessions.removeQueued',
    'sessions.moveQueued',
  ] as const

  readonly methods = {
    'sessions.list': async (input: Input<'sessions.list'>, caller: Caller) => this.#watch(input, caller),
    'sessions.open': async (input: Input<'sessions.open'>, { connection }: Caller) =>
      openSession(this.#find(input.session).core, this.#options.store, { input, connection }),
    'sessions.page': async (input: Input<'sessions.page'>) =>
      readPage(this.#find(input.session).core, this.#options.store, input),
    'sessions.read': async (input: Input<'sessions.read'>) =>
      readText(this.#find(input.session).core, this.#options.store, input),
    'sessions.close': async (input: Input<'sessions.close'>, { connection }: Caller) => {
      if (connection !== undefined) this.#actors.get(input.session)?.core.viewers.remove(connection)
      return {}
    },
    'sessions.commands': async (input: Input<'sessions.commands'>) => this.#listCommands(this.#find(input.session)),
    'sessions.search': async (input: Input<'sessions.search'>) => this.#search(input),
    'sessions.create': (input: Input<'sessions.create'>, caller: CommandCaller<Session>) => this.#create(input, caller),
    'sessions.prompt': async (input: Input<'sessions.prompt'>, caller: CommandCaller<Result<'sessions.prompt'>>) =>
      this.#find(input.session).prompting.prompt(input.prompt, giver(caller)),
    'sessions.steer': async (input: Input<'sessions.steer'>, caller: CommandCaller<Result<'sessions.steer'>>) =>
      this.#find(input.session).prompting.steer(input.prompt, giver(caller)),
    'sessions.stop': async (input: Input<'sessions.stop'>, caller: CommandCaller<Nothing>) =>
      this.#find(input.session).prompting.stop(giver(caller)),
    'sessions.resume': async (input: Input<'sessions.resume'>, caller: CommandCaller<Nothing>) =>
      this.#find(input.session).prompting.resume(giver(caller)),
    'sessions.answer': async (input: Input<'sessions.answer'>, caller: CommandCaller<Nothing>) =>
      this.#find(input.session).answer(input.item, input.answer, giver(caller)),
    'sessions.setModel': async (input: Input<'sessions.setModel'>, caller: CommandCaller<Session>) =>
      this.#find(input.session).setModel(input.model, giver(caller)),
    'sessions.setEffort': async (input: Input<'sessions.setEffort'>, caller: CommandCaller<Session>) =>
      this.#find(input.session).setEffort(input.effort, giver(caller)),
    'sessions.setMode': async (input: Input<'sessions.setMode'>, caller: CommandCaller<Session>) =>
      this.#find(input.session).setMode(input.mode, giver(caller)),
    'sessions.compact': async (input: Input<'sessions.compact'>, caller: CommandCaller<Nothing>) =>
      this.#find(input.session).compact(input.hint, giver(caller)),
    'sessions.rename': async (input: Input<'sessions.rename'>, caller: CommandCaller<Session>) =>
      this.#find(input.session).rename(input.title, giver(caller)),
    'sessions.archive': async (input: Input<'sessions.archive'>, caller: CommandCaller<Session>) =>
      this.#find(input.session).archive(input.archived, giver(caller)),
    'sessions.delete': async (input: Input<'sessions.delete'>, caller: CommandCaller<Nothing>) =>
      this.#delete(this.#find(input.session), caller),
    'sessions.editQueued': async (input: Input<'sessions.editQueued'>, caller: CommandCaller<Nothing>) =>
      this.#find(input.session).prompting.editQueued(input.queued, input.prompt, giver(caller)),
    'sessions.removeQueued': async (input: Input<'sessions.removeQueued'>, caller: CommandCaller<Nothing>) =>
      this.#find(input.session).prompting.removeQueued(input.queued, giver(caller)),
    'sessions.moveQueued': async (input: Input<'sessions.moveQueued'>, caller: CommandCaller<Nothing>) =>
      this.#find(input.session).prompting.moveQueued(input.queued, input.to, giver(caller)),
  }

  /** Marks the turns that a runner before this one left running. */
  async recover(): Promise<void> {
    for (const actor of this.#actors.values()) {
      const { state } = actor.core.journal.stored
      if (state === 'working' || state === 'waiting' || state === 'stopping') await actor.recover()
    }
  }

  counts(): { sessions: number; working: number } {
    const working = [...this.#actors.values()].filter(({ core }) => core.isBusy).length
    return { sessions: this.#actors.size, working }
  }

  async endInWorkspace(workspace: WorkspaceId): Promise<void> {
    const reason = 'The folder of the workspace is not there any more.'
    await Promise.all(this.#inWorkspace(workspace).map((actor) => actor.end({ type: 'interrupted', reason })))
  }

  async forgetWorkspace(workspace: WorkspaceId): Promise<void> {
    await Promise.all(
      this.#inWorkspace(workspace).map(async (actor) => {
        await actor.end({ type: 'stopped' })
        await this.#forget(actor)
      }),
    )
  }

  async close(): Promise<void> {
    await Promise.all([...this.#actors.values()].map((actor) => actor.close()))
  }

  #find(id: SessionId): SessionActor {
    const actor = this.#actors.get(id)
    if (actor === undefined) throw new OctoError('not_found', `There is no session ${id}. It may have been deleted.`)
    return actor
  }

  #inWorkspace(workspace: WorkspaceId): SessionActor[] {
    return [...this.#actors.values()].filter((actor) => actor.core.journal.stored.workspace === workspace)
  }

  #watch(cursor: Input<'sessions.list'>, { connection }: Caller): Result<'sessions.list'> {
    if (connection !== undefined && !this.#watching.has(connection)) {
      this.#watching.add(connection)
      connection.onClose(this.#list.subscribe((change) => connection.notify('sessions.listChanged', change)))
    }
    return this.#list.since(cursor)
  }

  async #create(input: Input<'sessions.create'>, caller: CommandCaller<Session>): Promise<Session> {
    if (this.#actors.size >= MAX_SESSIONS) {
      throw new OctoError('conflict', `There are ${MAX_SESSIONS} sessions. Delete some you do not need any more.`)
    }
    const { models, agents, workspaces } = this.#options
    const { adapter } = agents.find(input.agent)
    await workspaces.resolve(input.workspace)
    const model = input.model === undefined ? models.list()[0] : models.find(input.model)
    const now = this.#around.now()
    const session: Session = {
      id: randomId('ses'),
      workspace: input.workspace,
      title: input.title ?? UNTITLED,
      agent: input.agent,
      state: 'idle',
      ...(model !== undefined && { model: { provider: model.provider, id: model.id, name: model.name } }),
      ...(input.effort !== undefined && { effort: input.effort }),
      ...(input.mode !== undefined && { mode: input.mode }),
      usage: NO_USAGE,
      capabilities: adapter.capabilities,
      queue: [],
      waiting: 0,
      archived: false,
      createdAt: now,
      updatedAt: now,
    }
    const actor = new SessionActor({ properties: session, seq: 0, nextIndex: 0, agentState: undefined }, this.#around)
    this.#actors.set(session.id, actor)
    try {
      const created = await actor.create(input.prompt, giver(caller))
      this.#options.log.info('sessions.created', { session: session.id, agent: session.agent })
      return created
    } catch (error) {
      this.#actors.delete(session.id)
      await actor.close()
      throw error
    }
  }

  async #delete(actor: SessionActor, caller: CommandCaller<Nothing>): Promise<Nothing> {
    await actor.end({ type: 'stopped' })
    await actor.core.journal.exclusive(() => this.#options.store.deleteSession(actor.core.id, caller.record({})))
    await this.#forget(actor)
    this.#options.log.info('sessions.deleted', { session: actor.core.id })
    return {}
  }

  /** Lets go of a session that is, or is about to be, deleted from the store. */
  async #forget(actor: SessionActor): Promise<void> {
    this.#actors.delete(actor.core.id)
    this.#list.remove(actor.core.id)
    actor.core.viewers.dismiss()
    await actor.close()
    const { agent } = actor.core.journal.stored
    try {
      await this.#options.agents.find(agent).adapter.forget(actor.core.journal.agentState)
    } catch (error) {
      this.#options.log.warn('sessions.agent_history_kept', { session: actor.core.id, error })
    }
  }

  #keep(actor: SessionActor): void {
    this.#actors.set(actor.core.id, actor)
    this.#publish(actor.core.journal.stored)
  }

  #publish(session: Session): void {
    const summary = summaryOf(session)
    const before = this.#list.get(session.id)
    if (before === undefined || !sameSummary(before, summary)) this.#list.upsert(summary)
  }

  async #listCommands(actor: SessionActor): Promise<Result<'sessions.commands'>> {
    const { agent, workspace, capabilities } = actor.core.journal.stored
    if (!capabilities.commands) return { commands: [] }
    const key = `${agent} ${workspace}`
    const known = this.#commands.get(key)
    // An agent is not started for what another session of the same kind has learnt.
    if (actor.core.slot.running === null && known !== undefined) return { commands: known }
    const commands = await actor.commands()
    this.#commands.delete(key)
    this.#commands.set(key, commands)
    if (this.#commands.size > MAX_KNOWN_COMMANDS) this.#commands.delete(this.#commands.keys().next().value ?? '')
    return { commands }
  }

  async #search(input: Input<'sessions.search'>): Promise<Result<'sessions.search'>> {
    const hits = await this.#options.store.search(input.query, input.limit)
    return {
      hits: hits.flatMap((hit) => {
        const actor = this.#actors.get(hit.session)
        return actor === undefined ? [] : [{ ...hit, title: actor.core.journal.stored.title }]
      }),
    }
  }

  /** Makes room for another agent. @throws OctoError `overloaded` if all of them are at work */
  async #admit(): Promise<void> {
    const running = [...this.#actors.values()].filter(({ core }) => !core.slot.isEmpty)
    if (running.length <= MAX_AGENTS) return
    const byAge = running.toSorted((a, b) => a.core.journal.stored.updatedAt - b.core.journal.stored.updatedAt)
    for (const { core } of byAge) if (await core.slot.endIfIdle()) return
    throw new OctoError('overloaded', `${MAX_AGENTS} agents are working already. Wait for one of them, or stop one.`)
  }
}

function giver<Answer>(caller: CommandCaller<Answer>): Giver<Answer> {
  return { by: caller.actor.name, command: caller.command, record: (answer) => caller.record(answer) }
}
