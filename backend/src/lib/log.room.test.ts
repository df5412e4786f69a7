import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { expect, test } from 'vitest'

test('a log that cannot be written, because the disk is full, ends nothing', () => {
  const full = openSync('/dev/full', 'w')
  const program = `
    const { createLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)})
    const log = await createLog('info')
    for (let line = 0; line < 100; line += 1) log.error('test.line', { line })
    process.stdout.write('alive')`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', full],
    encoding: 'utf8',
  })
  closeSync(full)
  expect({ stdout, status }).toEqual({ stdout: 'alive', status: 0 })
})
