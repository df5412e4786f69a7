import { z } from 'zod'
import { command, notification, query, room } from './define.ts'
import { listChanged, ListInput, listOutput } from './lists.ts'

/** Names a provider entry: a known one by its own name, an own address by a name the user chose. */
export const ProviderId = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/u, 'must be a short lower-case name')
export type ProviderId = z.infer<typeof ProviderId>

export const ProviderKind = z.enum([
  'anthropic',
  'openai',
  'google',
  'mistral',
  'openrouter',
  'groq',
  'openai-compatible',
  'demo',
])
export type ProviderKind = z.infer<typeof ProviderKind>

export const ModelRef = z.object({ provider: ProviderId, id: z.string().min(1).max(200) })
export type ModelRef = z.infer<typeof ModelRef>

export const Model = ModelRef.extend({
  name: z.string(),
  contextTokens: z.number().int().optional(),
  /** Whether it takes images. */
  images: z.boolean(),
  /** Whether it can think before it answers. */
  reasoning: z.boolean(),
})
export type Model = z.infer<typeof Model>

/** Where models come from. The key itself never leaves the runner; only whether there is one. */
export const Provider = z.object({
  id: ProviderId,
  kind: ProviderKind,
  title: z.string(),
  /** Where it is reached, for own addresses. */
  address: z.string().optional(),
  hasKey: z.boolean(),
  /** Whether the user has set it up; an offered but unused provider is listed with `false`. */
  enabled: z.boolean(),
  /** The models the user picked; agents are offered these. */
  models: z.array(Model),
  /** Where a key is made, for the form's link. */
  keyUrl: z.string().optional(),
})
export type Provider = z.infer<typeof Provider>

const Key = z.string().trim().min(1).max(1_000)
const Address = z.url({ protocol: /^https?$/u }).max(500)

export const models = room('models', {
  side: 'runner',
  role: 'member',
  methods: {
    list: query({
      about: 'The providers, those in use and those on offer; over a socket, also subscribes.',
      input: ListInput,
      output: listOutput(Provider),
    }),
    test: query({
      about:
        'Asks a provider for its models with this key (or the stored one), changing nothing. A refusal is an answer, not an error.',
      input: z.object({
        provider: ProviderId.optional(),
        kind: ProviderKind,
        address: Address.optional(),
        key: Key.optional(),
      }),
      output: z.object({
        ok: z.boolean(),
        message: z.string(),
        models: z.array(Model),
        /** The address that answered, which may be the given one with `/v1` behind it: save this one. */
        address: z.string().optional(),
      }),
    }),
    save: command({
      about:
        'Sets a provider up or changes it: its key, its address, the models picked. What is left out stays as it is.',
      input: z.object({
        provider: ProviderId,
        kind: ProviderKind,
        title: z.string().trim().min(1).max(60).optional(),
        address: Address.optional(),
        key: Key.optional(),
        models: z.array(Model).max(500).optional(),
      }),
      output: Provider,
    }),
    remove: command({
      about: 'Forgets a provider and its key.',
      input: z.object({ provider: ProviderId }),
      output: z.object({}),
    }),
  },
  notifications: {
    changed: notification({ about: 'Providers changed.', params: listChanged(Provider) }),
  },
})
