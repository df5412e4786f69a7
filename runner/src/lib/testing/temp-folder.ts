import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Gives each test of a file a folder of its own, removed afterwards. @returns where it is now */
export function useTempFolder(): () => string {
  let folder = ''
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'octo-')))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  return () => folder
}
