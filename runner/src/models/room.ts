import {
  type Input,
  type Model,
  type ModelRef,
  OctoError,
  type Provider,
  type ProviderId,
  type ProviderKind,
  type Result,
} from '@octo/protocol'
import { LiveList } from '../lib/live-list.ts'
import type { Log } from '../lib/log.ts'
import { Serial } from '../lib/serial.ts'
import type { Caller, Room } from '../wire/room.ts'
import { DEMO_MODEL_ID, type DemoModelServer, startDemoModel } from './demo/server.ts'
import { readKeyFile, type StoredProvider, writeKeyFile } from './key-file.ts'
import { isKnownKind, type KnownKind, knownProviders } from './known-providers.ts'
import { listModels } from './list-models.ts'
import type { ModelsForAgents, ReachableProvider } from './models-for-agents.ts'

const DEMO: ProviderId = 'demo'

const DEMO_MODEL: Model = {
  provider: DEMO,
  id: DEMO_MODEL_ID,
  name: 'Demo model (scripted)',
  contextTokens: 128_000,
  images: false,
  reasoning: true,
}

/** A provider for each vendor and some addresses of one's own; more is a mistake or an attack. */
const MAX_PROVIDERS = 50

export interface ModelsRoom extends Room<'models'>, ModelsForAgents {}

/**
 * Opens the room on its key file.
 * @throws OctoError `internal` if the file is damaged
 */
export async function createModelsRoom(options: { readonly keyFile: string; readonly log: Log }): Promise<ModelsRoom> {
  return new Models(options, await readKeyFile(options.keyFile))
}

class Models implements ModelsRoom {
  readonly #options: { readonly keyFile: string; readonly log: Log }
  readonly #list = new LiveList<Provider>()
  readonly #listeners = new Set<() => void>()
  #stored: ReadonlyMap<ProviderId, StoredProvider>
  /** Writes of the key file follow each other, so that none undoes another. */
  readonly #writes = new Serial()
  #demo: Promise<DemoModelServer> | null = null

  readonly methods = {
    'models.list': async (input: Input<'models.list'>, caller: Caller) => this.#watch(input, caller),
    'models.test': async (input: Input<'models.test'>, caller: Caller) => this.#test(input, caller.signal),
    'models.save': async (input: Input<'models.save'>) => this.#save(input),
    'models.remove': async (input: Input<'models.remove'>) => this.#remove(input.provider),
  }

  constructor(
    options: { readonly keyFile: string; readonly log: Log },
    stored: ReadonlyMap<ProviderId, StoredProvider>,
  ) {
    this.#options = options
    this.#stored = stored
    for (const kind of Object.keys(knownProviders) as KnownKind[]) this.#publish(kind)
    this.#publish(DEMO)
    for (const id of stored.keys()) this.#publish(id)
  }

  list(): readonly Model[] {
    return [...this.#stored.values()].flatMap((provider) => provider.models)
  }

  find(ref: ModelRef): Model {
    const model = this.list().find(({ provider, id }) => provider === ref.provider && id === ref.id)
    if (model !== undefined) return model
    const hint =
      this.#stored.size === 0 ? 'Add a provider or the demo model first.' : 'Pick one of the models in the settings.'
    throw new OctoError('no_model', `The model ${ref.provider}/${ref.id} is not set up. ${hint}`)
  }

  async providers(): Promise<readonly ReachableProvider[]> {
    const reachable = [...this.#stored].map(async ([id, provider]) => ({
      id,
      kind: provider.kind,
      title: provider.title,
      address: provider.kind === 'demo' ? (await this.#startDemo()).url : provider.address,
      key: provider.key,
      models: provider.models,
    }))
    return Promise.all(reachable)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    await this.#writes.idle()
    await (await this.#demo)?.close()
  }

  #watch(input: Input<'models.list'>, { connection }: Caller): Result<'models.list'> {
    const reply = this.#list.since(input)
    if (connection !== undefined) {
      connection.onClose(this.#list.subscribe((change) => connection.notify('models.changed', change)))
    }
    return reply
  }

  async #test(input: Input<'models.test'>, signal: AbortSignal): Promise<Result<'models.test'>> {
    if (input.kind === 'demo') return { ok: true, message: 'The demo model is built in.', models: [DEMO_MODEL] }
    const stored = input.provider === undefined ? undefined : this.#stored.get(input.provider)
    const address = input.address ?? stored?.address
    // A stored key is sent only where it was stored for: another address must bring its own.
    const key = input.key ?? (address === stored?.address ? stored?.key : undefined)
    try {
      const listing = await listModels(
        { provider: input.provider ?? input.kind, kind: input.kind, address, key },
        signal,
      )
      const count = listing.models.length === 1 ? '1 model' : `${listing.models.length} models`
      return {
        ok: true,
        message: `It works: ${count} to choose from.`,
        models: listing.models,
        address: listing.address,
      }
    } catch (error) {
      if (!(error instanceof OctoError) || error.code === 'cancelled') throw error
      return { ok: false, message: error.message, models: [] }
    }
  }

  async #save(input: Input<'models.save'>): Promise<Provider> {
    checkName(input.provider, input.kind)
    await this.#change((providers) => {
      const before = providers.get(input.provider)
      if (before !== undefined && before.kind !== input.kind) {
        throw new OctoError('conflict', `"${input.provider}" is already another kind of provider. Choose another name.`)
      }
      if (before === undefined && providers.size >= MAX_PROVIDERS) {
        throw new OctoError('conflict', `There are ${MAX_PROVIDERS} providers already. Remove one first.`)
      }
      providers.set(input.provider, merged(input, before))
    })
    this.#options.log.info('models.saved', { provider: input.provider, kind: input.kind })
    return this.#publish(input.provider)
  }

  async #remove(id: ProviderId): Promise<Record<string, never>> {
    await this.#change((providers) => {
      if (!providers.delete(id)) throw new OctoError('not_found', `There is no provider "${id}" to remove.`)
    })
    this.#options.log.info('models.removed', { provider: id })
    if (id === DEMO || isKnownKind(id as ProviderKind)) this.#publish(id)
    else this.#list.remove(id)
    return {}
  }

  /** Changes the providers: stored first, then valid, then told. */
  async #change(edit: (providers: Map<ProviderId, StoredProvider>) => void): Promise<void> {
    await this.#writes.run(async () => {
      const next = new Map(this.#stored)
      edit(next)
      await writeKeyFile(this.#options.keyFile, next)
      this.#stored = next
    })
    for (const listener of this.#listeners) listener()
  }

  #publish(id: ProviderId): Provider {
    const provider = toProvider(id, this.#stored.get(id))
    this.#list.upsert(provider)
    return provider
  }

  #startDemo(): Promise<DemoModelServer> {
    this.#demo ??= startDemoModel({ port: 0 })
    return this.#demo
  }
}

/** Known providers and the demo model keep their own names, so that a list shows each once. */
function checkName(id: ProviderId, kind: ProviderKind): void {
  const reserved = id === DEMO || isKnownKind(id as ProviderKind)
  if (kind === 'openai-compatible' ? reserved : id !== kind) {
    throw new OctoError('bad_request', `A provider of kind ${kind} cannot be named "${id}".`)
  }
}

function merged(input: Input<'models.save'>, before: StoredProvider | undefined): StoredProvider {
  const address = input.address ?? before?.address
  if (input.kind === 'openai-compatible' && address === undefined) {
    throw new OctoError('bad_request', 'An own provider needs its address, such as http://localhost:11434/v1.')
  }
  const key = input.key ?? (address === before?.address ? before?.key : undefined)
  const models = input.kind === 'demo' ? [DEMO_MODEL] : (input.models ?? before?.models ?? [])
  return {
    kind: input.kind,
    title: input.title ?? before?.title ?? usualTitle(input.provider, input.kind),
    ...(address === undefined ? {} : { address }),
    ...(key === undefined ? {} : { key }),
    models: models.map((model) => ({ ...model, provider: input.provider })),
  }
}

function usualTitle(id: ProviderId, kind: ProviderKind): string {
  if (kind === 'demo') return 'Demo model'
  return isKnownKind(kind) ? knownProviders[kind].title : id
}

function toProvider(id: ProviderId, stored: StoredProvider | undefined): Provider {
  const kind = stored?.kind ?? (id as ProviderKind)
  return {
    id,
    kind,
    title: stored?.title ?? usualTitle(id, kind),
    ...(stored?.address === undefined ? {} : { address: stored.address }),
    hasKey: stored?.key !== undefined,
    enabled: stored !== undefined,
    models: stored?.models ?? [],
    ...(isKnownKind(kind) ? { keyUrl: knownProviders[kind].keyUrl } : {}),
  }
}
