import { type Model, OctoError, type ProviderId, type ProviderKind } from '@octo/protocol'
import { z } from 'zod'
import { isKnownKind, knownProviders } from './known-providers.ts'

/** A listing is one small request; a provider that takes longer is as good as not there. */
const TIMEOUT_MS = 10_000

/** The largest listing known (OpenRouter's, with hundreds of models) is below 1 MB. */
const MAX_LISTING_BYTES = 8 * 1_048_576

/** More models than this nobody picks from. */
const MAX_MODELS = 500

export interface Target {
  readonly provider: ProviderId
  readonly kind: ProviderKind
  readonly address: string | undefined
  readonly key: string | undefined
}

export interface Listing {
  readonly models: Model[]
  /** The address that answered, which may be the given one with `/v1` behind it. */
  readonly address: string
}

/**
 * Asks a provider for its models, which also proves address and key.
 * @throws OctoError `provider_rejected` if it refuses the key or does not know the call, `provider_unreachable` if it does
 *   not answer, `bad_request` if no address is known
 */
export async function listModels(target: Target, signal?: AbortSignal): Promise<Listing> {
  const address = (target.address ?? usualAddress(target.kind)).replace(/\/+$/u, '')
  // OpenRouter lists its models to everybody, so the key needs a question of its own.
  if (target.kind === 'openrouter') await fetchJson(`${address}/key`, target, signal)
  const first = await fetchJson(`${address}/models`, target, signal).catch((error: unknown) => {
    if (isWrongPath(error) && target.kind === 'openai-compatible' && !address.endsWith('/v1')) return null
    throw error
  })
  if (first !== null) return { models: readModels(target, first), address }
  const second = await fetchJson(`${address}/v1/models`, target, signal)
  return { models: readModels(target, second), address: `${address}/v1` }
}

function usualAddress(kind: ProviderKind): string {
  if (isKnownKind(kind)) return knownProviders[kind].address
  throw new OctoError('bad_request', 'This provider needs an address, such as http://localhost:11434/v1.')
}

function headersFor({ kind, key }: Target): Record<string, string> {
  if (key === undefined) return {}
  if (kind === 'anthropic') return { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
  if (kind === 'google') return { 'x-goog-api-key': key }
  return { authorization: `Bearer ${key}` }
}

async function fetchJson(url: string, target: Target, signal: AbortSignal | undefined): Promise<unknown> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const host = new URL(url).host
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...headersFor(target) },
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw rejection(response.status, host, target.key !== undefined)
    }
    return JSON.parse(await readText(response)) as unknown
  } catch (error) {
    if (error instanceof OctoError) throw error
    if (signal?.aborted) throw new OctoError('cancelled', 'The test was cancelled.', { cause: error })
    throw unreachable(error, host)
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength
    if (bytes > MAX_LISTING_BYTES) {
      throw new OctoError('provider_rejected', 'The list of models is too large to be one. Is this the right address?')
    }
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

function rejection(status: number, host: string, hadKey: boolean): OctoError {
  const details = { status }
  if (status === 401 || status === 403) {
    const what = hadKey
      ? 'refused the key. Check that it is complete and still valid.'
      : 'wants a key. Enter one and test again.'
    return new OctoError('provider_rejected', `${host} ${what}`, { details })
  }
  if (status === 404) {
    return new OctoError('provider_rejected', `${host} has no list of models there. Does the address end in /v1?`, {
      details,
    })
  }
  if (status === 429)
    return new OctoError('provider_rejected', `${host} asks to wait: too many requests. Try again later.`, { details })
  return new OctoError(
    'provider_rejected',
    `${host} answered with status ${status}. Try again later, or check the address.`,
    { details },
  )
}

function isWrongPath(error: unknown): boolean {
  return error instanceof OctoError && error.details?.['status'] === 404
}

function unreachable(error: unknown, host: string): OctoError {
  if (error instanceof SyntaxError) {
    return new OctoError('provider_rejected', `${host} answered, but not with JSON. Is this the address of an API?`, {
      cause: error,
    })
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new OctoError('provider_unreachable', `${host} did not answer within ${TIMEOUT_MS / 1_000} seconds.`, {
      cause: error,
    })
  }
  return new OctoError('provider_unreachable', `${host} cannot be reached. Is it running, and is the address right?`, {
    cause: error,
  })
}

/** The common form of OpenAI's listing, with what Mistral, OpenRouter, Groq, vLLM and Anthropic add to it. */
const OpenAiListing = z.object({
  data: z.array(
    z.looseObject({
      id: z.string().min(1).max(200),
      name: z.string().optional(),
      display_name: z.string().optional(),
      context_length: z.number().int().positive().optional(),
      max_context_length: z.number().int().positive().optional(),
      context_window: z.number().int().positive().optional(),
      max_model_len: z.number().int().positive().optional(),
      capabilities: z
        .looseObject({ vision: z.boolean().optional(), completion_chat: z.boolean().optional() })
        .optional(),
      architecture: z.looseObject({ input_modalities: z.array(z.string()).optional() }).optional(),
      supported_parameters: z.array(z.string()).optional(),
    }),
  ),
})

const GoogleListing = z.object({
  models: z.array(
    z.looseObject({
      name: z.string().min(1).max(200),
      displayName: z.string().optional(),
      inputTokenLimit: z.number().int().positive().optional(),
      supportedGenerationMethods: z.array(z.string()).optional(),
      thinking: z.boolean().optional(),
    }),
  ),
})

function readModels(target: Target, listing: unknown): Model[] {
  const models = target.kind === 'google' ? readGoogle(target, listing) : readOpenAi(target, listing)
  if (models === null) {
    throw new OctoError('provider_rejected', 'The answer is no list of models. Is this the address of an API?')
  }
  return models.slice(0, MAX_MODELS)
}

/** Providers whose models all take images, though their listing does not say so. */
const TAKE_IMAGES: ReadonlySet<ProviderKind> = new Set(['anthropic', 'openai'])

function readOpenAi(target: Target, listing: unknown): Model[] | null {
  const parsed = OpenAiListing.safeParse(listing)
  if (!parsed.success) return null
  return parsed.data.data
    .filter((entry) => entry.capabilities?.completion_chat !== false && isChatModel(target.kind, entry.id))
    .map((entry) => {
      const contextTokens =
        entry.context_length ?? entry.max_context_length ?? entry.context_window ?? entry.max_model_len
      const images = entry.capabilities?.vision ?? entry.architecture?.input_modalities?.includes('image')
      return {
        provider: target.provider,
        id: entry.id,
        name: entry.display_name ?? entry.name ?? entry.id,
        ...(contextTokens === undefined ? {} : { contextTokens }),
        images: images ?? TAKE_IMAGES.has(target.kind),
        reasoning: entry.supported_parameters?.includes('reasoning') ?? TAKE_IMAGES.has(target.kind),
      }
    })
}

/** OpenAI and Groq list speech, image and embedding models beside those one can talk to, without saying which is which. */
function isChatModel(kind: ProviderKind, id: string): boolean {
  if (kind !== 'openai' && kind !== 'groq') return true
  return !/embed|whisper|tts|audio|realtime|transcribe|image|dall-e|moderation|sora|guard/u.test(id)
}

function readGoogle(target: Target, listing: unknown): Model[] | null {
  const parsed = GoogleListing.safeParse(listing)
  if (!parsed.success) return null
  return parsed.data.models
    .filter((entry) => entry.supportedGenerationMethods?.includes('generateContent') ?? true)
    .map((entry) => {
      const id = entry.name.replace(/^models\//u, '')
      return {
        provider: target.provider,
        id,
        name: entry.displayName ?? id,
        ...(entry.inputTokenLimit === undefined ? {} : { contextTokens: entry.inputTokenLimit }),
        images: true,
        reasoning: entry.thinking ?? false,
      }
    })
}
