import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Model } from '@octo/protocol'
import { writeFileAtomic } from '../../lib/atomic-write.ts'
import type { ReachableProvider } from '../../models/index.ts'

/** What pi is told besides where its models are; a user's own changes to the file stay. */
const SETTINGS = {
  retry: { enabled: true, maxRetries: 3, baseDelayMs: 2_000 },
  enableInstallTelemetry: false,
  quietStartup: true,
}

/** Names a model over all providers. */
export type ModelKey = `${string}/${string}`

export function modelKey(model: { readonly provider: string; readonly id: string }): ModelKey {
  return `${model.provider}/${model.id}`
}

/**
 * Writes pi's files, if they are not so already. Keys are in none of them: they name environment variables, which
 * {@link keyEnvironment} fills.
 * @param folder pi's agent folder
 * @param unknown picked models of known providers that are not in pi's own catalogue
 */
export async function writePiFiles(
  folder: string,
  providers: readonly ReachableProvider[],
  unknown: ReadonlySet<ModelKey>,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const entries = providers.map((provider) => [provider.id, providerEntry(provider, unknown)] as const)
  await writeIfOther(join(folder, 'models.json'), { providers: Object.fromEntries(entries) })
  const settings = join(folder, 'settings.json')
  if ((await readIfThere(settings)) === null) await writeIfOther(settings, SETTINGS)
}

/** The variables that bring the keys to pi and, through it, to nobody else. */
export function keyEnvironment(providers: readonly ReachableProvider[]): Record<string, string> {
  return Object.fromEntries(providers.flatMap(({ id, key }) => (key === undefined ? [] : [[keyVariable(id), key]])))
}

/** Ids have no underscore, so two of them never share a variable. */
function keyVariable(id: string): string {
  return `OCTO_KEY_${id.toUpperCase().replaceAll('-', '_')}`
}

function providerEntry(provider: ReachableProvider, unknown: ReadonlySet<ModelKey>): object {
  // pi wants some key for every provider; servers without keys ignore it.
  const apiKey = provider.key === undefined ? 'none' : `$${keyVariable(provider.id)}`
  if (provider.kind === 'openai-compatible' || provider.kind === 'demo') {
    return {
      name: provider.title,
      baseUrl: provider.address,
      api: 'openai-completions',
      apiKey,
      // What every server of this API understands, the smallest ones included.
      compat: { supportsDeveloperRole: false, supportsStore: false, maxTokensField: 'max_tokens' },
      models: provider.models.map(modelEntry),
    }
  }
  return {
    apiKey,
    ...(provider.address !== undefined && { baseUrl: baseOf(provider) }),
    models: provider.models.filter((model) => unknown.has(modelKey(model))).map(modelEntry),
  }
}

/** pi adds the version itself where the vendor's own client does. */
function baseOf({ kind, address }: ReachableProvider): string {
  const base = (address ?? '').replace(/\/+$/u, '')
  return kind === 'anthropic' || kind === 'mistral' ? base.replace(/\/v1$/u, '') : base
}

function modelEntry(model: Model): object {
  return {
    id: model.id,
    name: model.name,
    reasoning: model.reasoning,
    input: model.images ? ['text', 'image'] : ['text'],
    ...(model.contextTokens !== undefined && { contextWindow: model.contextTokens }),
  }
}

async function writeIfOther(path: string, content: object): Promise<void> {
  const text = `${JSON.stringify(content, null, 2)}\n`
  if ((await readIfThere(path)) !== text) await writeFileAtomic(path, text, 0o600)
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
