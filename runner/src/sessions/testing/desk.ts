import { createHash } from 'node:crypto'
import {
  applyChanged,
  applyOpen,
  applyTail,
  BlobId,
  emptySessionView,
  type MissingText,
  type Model,
  type Notice,
  type NotificationName,
  OctoError,
  randomId,
  type Session,
  type SessionView,
} from '@octo/protocol'
import { silentLog } from '../../lib/log.ts'
import type { Store, StoredSession } from '../../store/index.ts'
import { FakeConnection } from '../../wire/testing/fake-connection.ts'
import { SessionActor } from '../actor.ts'
import type { Giver, Surroundings } from '../core.ts'
import { openSession } from '../reader.ts'
import { NO_USAGE } from '../turn.ts'
import { FAKE_CAPABILITIES, FakeAgent } from './fake-agent.ts'
import { MemoryStore } from './memory-store.ts'

const MODEL: Model = { provider: 'test', id: 'one', name: 'One', images: true, reasoning: false }

/** A session whose agent, store and clock a test has in its hands. */
export class Desk {
  readonly agent = new FakeAgent()
  readonly store: MemoryStore
  readonly blobs = new Map<string, Uint8Array>()
  readonly actor: SessionActor
  time = 1_000

  constructor(stored?: StoredSession, store?: MemoryStore) {
    const properties = stored?.properties ?? newSession()
    this.store = store ?? new MemoryStore(properties)
    const around: Surroundings = {
      store: this.store as unknown as Store,
      blobs: {
        put: async (content) => {
          const bytes = Buffer.from(content)
          const id = BlobId.parse(createHash('sha256').update(bytes).digest('hex'))
          this.blobs.set(id, bytes)
          return { id, bytes: bytes.length, type: 'text/plain' }
        },
        read: async (id) => Buffer.from(this.blobs.get(id) ?? []),
        describe: async (id) => {
          throw new OctoError('not_found', `There is no blob ${id}.`)
        },
      },
      models: { list: () => [MODEL], find: () => MODEL },
      agents: { find: (name) => ({ name, title: name, adapter: this.agent }) },
      workspaces: { resolve: async () => ({ path: '/work' }) },
      log: silentLog,
      now: () => this.time,
      admit: async () => {},
      onStored() {},
    }
    this.actor = new SessionActor(stored ?? { properties, seq: 0, nextIndex: 0, agentState: undefined }, around)
  }

  get session(): Session {
    return this.actor.core.journal.stored
  }

  giver<Answer>(by = 'ada'): Giver<Answer> {
    const command = randomId('cmd')
    return {
      by,
      command,
      record: (result) => ({ user: 'usr' as never, command, method: 'test', digest: '', result }),
    }
  }

  async prompt(text: string, by?: string): ReturnType<SessionActor['prompting']['prompt']> {
    return this.actor.prompting.prompt({ text }, this.giver(by))
  }

  /** Lets the agent answer the prompt it was given last, to the end. */
  async finish(text: string): Promise<void> {
    const { sink } = this.agent
    sink.put({ id: randomId('itm'), kind: 'assistant', parts: [{ type: 'text', text }], stop: 'end' })
    sink.turnEnded({ type: 'done' })
    await this.actor.core.journal.idle()
  }

  /** Everything stored, as kinds. */
  get kinds(): string[] {
    return this.store.items.map(({ kind }) => kind)
  }

  async watch(): Promise<DeskWatcher> {
    const watcher = new DeskWatcher()
    await watcher.open(this)
    return watcher
  }
}

/** A viewer that folds what it is sent. */
export class DeskWatcher extends FakeConnection {
  view: SessionView = emptySessionView
  readonly missing: MissingText[] = []
  gaps = 0
  /** Texts that were sent for nothing. */
  wasted = 0

  async open(desk: Desk): Promise<void> {
    const { epoch, seq } = this.view
    const cursor = epoch === null ? {} : { after: seq, epoch }
    const input = { session: desk.session.id, window: 1_000, ...cursor }
    const reply = await openSession(desk.actor.core, desk.store as unknown as Store, { input, connection: this })
    this.view = applyOpen(this.view, structuredClone(reply)).view
  }

  override notify<Name extends NotificationName>(name: Name, params: Notice<Name>): void {
    if (name === 'sessions.changed') this.#apply(applyChanged(this.view, params as Notice<'sessions.changed'>))
    if (name === 'sessions.tail') {
      const before = this.view
      this.#apply(applyTail(before, params as Notice<'sessions.tail'>))
      if (this.view === before) this.wasted += 1
    }
    super.notify(name, params)
  }

  #apply(applied: { view: SessionView; gap: boolean; missing: readonly MissingText[] }): void {
    this.view = applied.view
    if (applied.gap) this.gaps += 1
    this.missing.push(...applied.missing)
  }
}

function newSession(): Session {
  return {
    id: randomId('ses'),
    workspace: randomId('wsp'),
    title: 'New session',
    agent: 'fake',
    state: 'idle',
    usage: NO_USAGE,
    capabilities: FAKE_CAPABILITIES,
    queue: [],
    waiting: 0,
    archived: false,
    createdAt: 0,
    updatedAt: 0,
  }
}
