import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { listen } from './endpoint.ts'
import { ask } from './testing/client.ts'

const folder = useTempFolder()
const path = (): string => join(folder(), 'run', 'runner.sock')
const servers: Server[] = []

function server(): Server {
  const made = createServer((_, response) => response.end('here'))
  servers.push(made)
  return made
}

afterEach(async () => {
  for (const made of servers.splice(0)) await new Promise((resolve) => made.close(resolve))
})

test("socket and folder are their user's alone", async () => {
  await listen(server(), path())
  expect([statSync(path()).mode & 0o777, statSync(join(folder(), 'run')).mode & 0o777]).toEqual([0o600, 0o700])
})

test('a socket that answers is not replaced', async () => {
  await listen(server(), path())
  await expect(listen(server(), path())).rejects.toMatchObject({ code: 'exists' })
  expect((await ask(path(), { path: '/' })).body.toString()).toBe('here')
})

test('a socket left by a crash is replaced', async () => {
  await mkdir(join(folder(), 'run'), { mode: 0o700 })
  const script = `require('net').createServer().listen(${JSON.stringify(path())}, () => process.kill(process.pid, 'SIGKILL'))`
  await once(spawn(process.execPath, ['-e', script]), 'exit')
  expect(statSync(path()).isSocket()).toBe(true)
  await listen(server(), path())
  expect((await ask(path(), { path: '/' })).body.toString()).toBe('here')
})

test('what is no socket is not removed', async () => {
  await mkdir(join(folder(), 'run'), { mode: 0o700 })
  await writeFile(path(), 'precious')
  await expect(listen(server(), path())).rejects.toMatchObject({ code: 'exists' })
  expect(statSync(path()).size).toBe(8)
})

test('a folder others may write in is refused', async () => {
  await mkdir(join(folder(), 'run'))
  await chmod(join(folder(), 'run'), 0o777)
  await expect(listen(server(), path())).rejects.toMatchObject({ code: 'permission_denied' })
})

test('a path too long for a socket is refused with its limit', async () => {
  const long = join(folder(), 'x'.repeat(120))
  await expect(listen(server(), long)).rejects.toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('107'),
  })
})

test('a socket that was handed over is served, and not handed on', async () => {
  const inherited = join(folder(), 'inherited.sock')
  const program = new URL('./testing/hand-over.ts', import.meta.url).pathname
  const giver = spawn(process.execPath, ['--conditions=octo:source', program, 'giver', inherited], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [pid] = (await once(giver.stdout, 'data')) as [Buffer]
  const seen = (await ask(inherited, { path: '/' })).body.toString()
  process.kill(Number(pid.toString()), 'SIGKILL')
  expect(seen).toMatch(/^LISTEN_FDS=$/mu)
  // Its own input and output are sockets too, so only what is beyond them counts.
  expect(seen).toMatch(/ 2 -> /u)
  expect(seen).not.toMatch(/ (?:[3-9]|\d{2,}) -> socket:/u)
})
