import { readFile } from 'node:fs/promises'
import { Model, OctoError, ProviderId, ProviderKind } from '@octo/protocol'
import { z } from 'zod'
import { writeFileAtomic } from '../lib/atomic-write.ts'

/** One provider as it is kept. */
const StoredProvider = z.strictObject({
  kind: ProviderKind,
  title: z.string(),
  address: z.string().optional(),
  key: z.string().optional(),
  models: z.array(Model),
})
export type StoredProvider = z.infer<typeof StoredProvider>

const KeyFile = z.strictObject({ version: z.literal(1), providers: z.record(ProviderId, StoredProvider) })

/**
 * Reads the providers and their keys; a file that is not there has none.
 * @throws OctoError `internal` if the file is not ours or damaged; it is left as it is
 */
export async function readKeyFile(path: string): Promise<Map<ProviderId, StoredProvider>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return new Map()
  const parsed = KeyFile.safeParse(parseJson(text))
  if (!parsed.success) {
    throw new OctoError('internal', `${path} cannot be read. Repair it, or move it away and enter your keys again.`)
  }
  return new Map(Object.entries(parsed.data.providers))
}

/** Writes all providers, readable for their user alone. */
export async function writeKeyFile(path: string, providers: ReadonlyMap<ProviderId, StoredProvider>): Promise<void> {
  const content = { version: 1, providers: Object.fromEntries(providers) }
  await writeFileAtomic(path, `${JSON.stringify(content, null, 2)}\n`, 0o600)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
