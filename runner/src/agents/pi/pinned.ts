import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const Manifest = z.looseObject({ version: z.string() })

/** The pi that is installed with the runner. */
export interface PinnedPi {
  readonly script: string
  readonly version: string
}

/** Finds the pi that is installed with the runner; `null` if that part of the installation is missing. */
export async function findPinnedPi(): Promise<PinnedPi | null> {
  try {
    const script = fileURLToPath(import.meta.resolve('@earendil-works/pi-coding-agent/rpc-entry'))
    const manifest = new URL('../../package.json', `file://${script}`)
    return { script, version: Manifest.parse(JSON.parse(await readFile(manifest, 'utf8'))).version }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
}
