import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { COMMAND_HEADER, randomId, type Workspace } from '@octo/protocol'
import { afterEach, expect, test } from 'vitest'
import { useTempFolder } from './lib/testing/temp-folder.ts'
import { ask, TestClient } from './wire/testing/client.ts'

type Runner = ChildProcessByStdio<null, Readable, Readable>

const folder = useTempFolder()
const socket = (): string => join(folder(), 'run', 'runner.sock')
const home = (): string => join(folder(), 'home')
const started = new Set<Runner>()

function start(...more: string[]): Runner {
  const main = new URL('./main.ts', import.meta.url).pathname
  const args = ['--conditions=octo:source', main, 'serve', '--socket', socket(), '--home', home(), '--json', ...more]
  const runner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  started.add(runner)
  return runner
}

afterEach(async () => {
  for (const runner of started) await end(runner, 'SIGKILL')
  started.clear()
})

async function ready(runner: Runner): Promise<unknown> {
  const [line] = (await once(runner.stdout, 'data')) as [Buffer]
  return JSON.parse(line.toString()) as unknown
}

async function end(runner: Runner, signal: NodeJS.Signals): Promise<number | null> {
  const ended = runner.exitCode === null && runner.signalCode === null ? once(runner, 'exit') : null
  runner.kill(signal)
  await ended
  return runner.exitCode
}

/** What a runner that does not start says, and with which code it ends. */
async function refusal(runner: Runner): Promise<{ code: number | null; reason: unknown }> {
  const chunks: Buffer[] = []
  for await (const chunk of runner.stderr) chunks.push(chunk as Buffer)
  if (runner.exitCode === null) await once(runner, 'exit')
  const { reason } = JSON.parse(Buffer.concat(chunks).toString()) as { reason: unknown }
  return { code: runner.exitCode, reason }
}

async function addWorkspace(command = randomId('cmd')): Promise<Workspace> {
  const body = JSON.stringify({ path: join(folder(), 'code'), create: true })
  const answer = await ask(socket(), {
    method: 'POST',
    path: '/api/call/workspaces.add',
    headers: { [COMMAND_HEADER]: command },
    body,
  })
  return (JSON.parse(answer.body.toString()) as { result: Workspace }).result
}

test('it says when it is ready, answers, and a signal ends it cleanly', async () => {
  const runner = start()
  expect(await ready(runner)).toEqual({ socket: socket(), pid: runner.pid, version: '0.1.0' })
  const health = JSON.parse((await ask(socket(), { path: '/api/health' })).body.toString()) as unknown
  expect(health).toMatchObject({
    ok: true,
    pid: runner.pid,
    counts: { sessions: 0, working: 0, terminals: 0, workspaces: 0 },
  })
  const client = await TestClient.dial(socket())
  const goodbye = once(client.ws, 'close') as Promise<[number]>
  expect(await end(runner, 'SIGTERM')).toBe(0)
  expect((await goodbye)[0]).toBe(1001)
  expect([existsSync(socket()), existsSync(join(home(), 'runner.db-wal'))]).toEqual([false, false])
})

test('every method the protocol gives a runner has a handler', async () => {
  await ready(start())
  const { methodFacts, methods } = await import('@octo/protocol')
  const client = await TestClient.dial(socket())
  const names = Object.keys(methods).filter((name) => methodFacts(name)?.side === 'runner')
  const codes = await Promise.all(
    names.map(async (method, id) => {
      const answer = await client.call({ id, method, params: 'nothing a schema takes' })
      return [method, answer.error?.data.code]
    }),
  )
  expect(codes).toEqual(names.map((name) => [name, 'bad_request']))
})

test('what was acknowledged is there after a kill, under the same id and not twice', async () => {
  const first = start()
  await ready(first)
  const command = randomId('cmd')
  const added = await addWorkspace(command)
  await end(first, 'SIGKILL')
  await ready(start())
  expect(await addWorkspace(command)).toEqual(added)
  const { body } = await ask(socket(), { method: 'POST', path: '/api/call/workspaces.list' })
  expect(JSON.parse(body.toString())).toMatchObject({ result: { items: [added] } })
})

test("what octo keeps is its user's alone, what is made in workspaces has the usual modes", async () => {
  await ready(start())
  const { path } = await addWorkspace()
  const kept = readdirSync(home(), { recursive: true }).map((name) => statSync(join(home(), String(name))).mode & 0o077)
  expect(kept).toEqual(kept.map(() => 0))
  expect(statSync(path).mode & 0o777).toBe(0o777 & ~process.umask())
})

test('a second runner on the same home gives up and says why', async () => {
  await ready(start())
  const { code, reason } = await refusal(start())
  expect([code, reason]).toEqual([1, expect.stringContaining('Another octo-runner uses')])
})

test.each([
  ['{"agents":{},"terminal":{}}', 'Unrecognized key: "terminal"'],
  ['{"agents":{"pi":{"kind":"skynet"}}}', 'agents.pi.kind'],
  ['{"terminals":{"max":0}}', 'terminals.max'],
  ['{', 'not valid JSON'],
])('the configuration %s is refused in one sentence', async (config, sentence) => {
  const file = join(folder(), 'config.json')
  await writeFile(file, config)
  const { code, reason } = await refusal(start('--config', file))
  expect([code, reason]).toEqual([1, expect.stringContaining(sentence)])
})

test('a configuration that is not there is refused', async () => {
  const { code, reason } = await refusal(start('--config', '/no/such/file.json'))
  expect([code, reason]).toEqual([1, expect.stringContaining('/no/such/file.json')])
})
