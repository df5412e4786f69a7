import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AgentConfig,
  type Input,
  type ItemId,
  OctoError,
  type PromptInput,
  randomId,
  type Result,
  type Session,
  type SessionId,
  type WorkspaceId,
} from '@octo/protocol'
import { type ModelServer, startModelServer, TEST_MODEL } from '../../../../tests/model-server/index.ts'
import { type AgentsRoom, type AgentTimes, createAgentsRoom } from '../../agents/index.ts'
import { type BlobsRoom, createBlobsRoom } from '../../blobs/index.ts'
import { createPipeHost, type ProcessHost } from '../../holder/index.ts'
import { type Home, openHome } from '../../lib/home.ts'
import { silentLog } from '../../lib/log.ts'
import { createModelsRoom, type ModelsRoom } from '../../models/index.ts'
import { openStore, type Store } from '../../store/index.ts'
import { fakeCaller } from '../../wire/testing/fake-caller.ts'
import { createSessionsRoom, type SessionsRoom, type SessionsRoomOptions } from '../index.ts'
import { Watcher } from './watcher.ts'

/** As octo's own, but asking a failing provider again at once. */
const QUICK_SETTINGS = {
  retry: { enabled: true, maxRetries: 2, baseDelayMs: 10 },
  compaction: { enabled: true, keepRecentTokens: 1, reserveTokens: 16_384 },
}

export interface HouseOptions {
  /** Source of an extension of pi. */
  readonly extension?: string
  readonly agents?: Readonly<Record<string, AgentConfig>>
  readonly sessions?: Pick<SessionsRoomOptions, 'idleMs'>
  readonly times?: AgentTimes
}

/** A runner's rooms around sessions, with a real store, real files, a real pi and a scripted model. */
export class House {
  readonly folder: string
  readonly workspace: WorkspaceId = randomId('wsp')
  readonly server: ModelServer
  home: Home
  store: Store
  host: ProcessHost
  blobs: BlobsRoom
  models: ModelsRoom
  agents: AgentsRoom
  sessions: SessionsRoom

  private constructor(folder: string, server: ModelServer, rooms: Rooms) {
    this.folder = folder
    this.server = server
    this.home = rooms.home
    this.store = rooms.store
    this.host = rooms.host
    this.blobs = rooms.blobs
    this.models = rooms.models
    this.agents = rooms.agents
    this.sessions = rooms.sessions
  }

  static async open(options: HouseOptions = {}): Promise<House> {
    const folder = await mkdtemp(join(tmpdir(), 'octo-sessions-'))
    await mkdir(join(folder, 'work'))
    await mkdir(join(folder, 'home', 'agents', 'pi', 'extensions'), { recursive: true })
    await writeFile(join(folder, 'home', 'agents', 'pi', 'settings.json'), JSON.stringify(QUICK_SETTINGS))
    if (options.extension !== undefined) {
      await writeFile(join(folder, 'home', 'agents', 'pi', 'extensions', 'gate.ts'), options.extension)
    }
    const server = await startModelServer()
    const house = new House(folder, server, await openRooms(folder, options))
    await house.saveProvider({ models: [{ id: TEST_MODEL, images: true }] })
    return house
  }

  get work(): string {
    return join(this.folder, 'work')
  }

  /** Ends the runner as a signal does, and starts another one on what is stored. */
  async restart(options: HouseOptions = {}): Promise<void> {
    await this.sessions.close()
    await this.host.close()
    await this.models.close()
    await this.store.close()
    Object.assign(this, await openRooms(this.folder, options))
  }

  async close(): Promise<void> {
    await this.sessions.close()
    await this.host.close()
    await this.models.close()
    await this.store.close()
    await this.server.close()
    await rm(this.folder, { recursive: true })
  }

  async saveProvider(provider: {
    readonly key?: string
    readonly models: readonly { readonly id: string; readonly images: boolean }[]
  }): Promise<void> {
    const models = provider.models.map(({ id, images }) => ({
      provider: 'test',
      id,
      name: `Model ${id}`,
      contextTokens: 200_000,
      images,
      reasoning: true,
    }))
    const input: Input<'models.save'> = {
      provider: 'test',
      kind: 'openai-compatible',
      address: this.server.url,
      key: provider.key ?? 'good-key',
      models,
    }
    await this.models.methods['models.save'](input, fakeCaller())
  }

  /** Makes a session, with a prompt if one is given, and watches it. */
  async begin(
    prompt?: string | PromptInput,
    more: Partial<Input<'sessions.create'>> = {},
  ): Promise<{ readonly session: Session; readonly watcher: Watcher }> {
    const input = {
      workspace: this.workspace,
      agent: 'pi',
      ...(prompt !== undefined && { prompt: toInput(prompt) }),
      ...more,
    }
    const session = await this.sessions.methods['sessions.create'](input, fakeCaller())
    return { session, watcher: await this.watch(session.id) }
  }

  async watch(session: SessionId): Promise<Watcher> {
    return new Watcher(this.sessions, session).open()
  }

  async prompt(session: SessionId, prompt: string | PromptInput): Promise<Result<'sessions.prompt'>> {
    return this.sessions.methods['sessions.prompt']({ session, prompt: toInput(prompt) }, fakeCaller())
  }

  async steer(session: SessionId, prompt: string): Promise<Result<'sessions.steer'>> {
    return this.sessions.methods['sessions.steer']({ session, prompt: toInput(prompt) }, fakeCaller())
  }

  async stop(session: SessionId): Promise<void> {
    await this.sessions.methods['sessions.stop']({ session }, fakeCaller())
  }

  async resume(session: SessionId): Promise<void> {
    await this.sessions.methods['sessions.resume']({ session }, fakeCaller())
  }

  async answer(session: SessionId, item: ItemId, answer: Input<'sessions.answer'>['answer']): Promise<void> {
    await this.sessions.methods['sessions.answer']({ session, item, answer }, fakeCaller())
  }
}

type Rooms = Pick<House, 'home' | 'store' | 'host' | 'blobs' | 'models' | 'agents' | 'sessions'>

async function openRooms(folder: string, options: HouseOptions): Promise<Rooms> {
  const log = silentLog
  const home = await openHome(join(folder, 'home'))
  const host = createPipeHost({ home: home.root })
  await host.killLeftovers()
  const store = await openStore({ path: home.database, log, onLost: () => undefined })
  const blobs = createBlobsRoom({ folder: home.blobs, store, log })
  const models = await createModelsRoom({ keyFile: home.keys, log })
  const config = options.agents ?? { pi: { kind: 'pi' } }
  const agents = createAgentsRoom({
    config,
    folder: home.agents,
    host,
    models,
    log,
    ...(options.times && { times: options.times }),
  })
  const sessions = await createSessionsRoom({
    store,
    blobs,
    models,
    agents: agents.registry,
    workspaces: { resolve: () => findFolder(join(folder, 'work')) },
    log,
    ...options.sessions,
  })
  return { home, store, host, blobs, models, agents, sessions }
}

async function findFolder(path: string): Promise<{ readonly path: string }> {
  await access(path).catch((error: unknown) => {
    throw new OctoError('workspace_gone', `${path} is gone.`, { cause: error })
  })
  return { path }
}

function toInput(prompt: string | PromptInput): PromptInput {
  return typeof prompt === 'string' ? { text: prompt } : prompt
}
