import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { COMMAND_HEADER, OctoError, randomId, type Workspace } from '@octo/protocol'
import type { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import type { AnyRoom, CommandCaller, HttpContext } from './index.ts'
import { actorHeaders, ask, TestClient } from './testing/client.ts'
import { openTestWire, type TestWire } from './testing/open-test-wire.ts'

const folder = useTempFolder()
let wire: TestWire
let client: TestClient
let runs: string[]
let gate: PromiseWithResolvers<unknown>

const sample: Workspace = {
  id: randomId('wsp'),
  name: 'octo',
  path: '/srv/octo',
  present: true,
  git: false,
  createdAt: 1,
  updatedAt: 1,
}

const room: AnyRoom = {
  atomic: ['workspaces.rename', 'workspaces.remove'],
  methods: {
    'terminals.close': async (input: { terminal: string }) => {
      runs.push(input.terminal)
      return gate.promise
    },
    'files.create': async () => {
      runs.push('create')
      throw new OctoError('exists', 'It is there already.')
    },
    'workspaces.rename': async (input: { name: string }, caller: CommandCaller<Workspace>) => {
      runs.push(input.name)
      const renamed = { ...sample, name: input.name }
      await wire.store.saveWorkspace(renamed, caller.record(renamed))
      return renamed
    },
    'workspaces.remove': async () => {
      runs.push('remove')
      throw runs.length === 1 ? new OctoError('busy', 'Something runs in it.') : new OctoError('not_found', 'Gone.')
    },
  },
  routes(app: Hono<HttpContext>) {
    app.put('/api/files/content', async (context) => {
      const body = await context.req.text()
      const answer = await context.var.once({ query: context.req.query(), body }, async () => {
        runs.push(body)
        return { length: body.length }
      })
      return context.json(answer)
    })
  },
  close: async () => {},
}

beforeEach(async () => {
  runs = []
  gate = Promise.withResolvers()
  wire = await openTestWire(folder(), [room])
  client = await TestClient.dial(wire.socket)
})
afterEach(async () => {
  gate.resolve({})
  await wire.close()
})

async function restart(): Promise<void> {
  await wire.close()
  wire = await openTestWire(folder(), [room])
  client = await TestClient.dial(wire.socket)
}

const close = { method: 'terminals.close', params: { terminal: randomId('trm') } }
const rename = { method: 'workspaces.rename', params: { workspace: sample.id, name: 'renamed' } }

test('a command without an id is refused before anything runs', async () => {
  const { error } = await client.call({ id: 1, ...close })
  expect([error?.data.code, runs]).toEqual(['bad_request', []])
})

test('a repeated command answers what it answered first, also after a restart', async () => {
  const command = randomId('cmd')
  const first = await client.call({ id: 1, ...rename, command })
  const second = await client.call({ id: 2, ...rename, command })
  await restart()
  const third = await client.call({ id: 3, ...rename, command })
  expect([first.result, second.result, third.result]).toEqual(
    Array.from({ length: 3 }, () => ({ ...sample, name: 'renamed' })),
  )
  expect(runs).toEqual(['renamed'])
})

test('a repeated command that failed answers the same failure', async () => {
  const command = randomId('cmd')
  const create = { method: 'files.create', params: { workspace: sample.id, path: 'a', kind: 'file' } }
  const first = await client.call({ id: 1, ...create, command })
  await restart()
  const second = await client.call({ id: 2, ...create, command })
  expect(second.error).toEqual(first.error)
  expect([first.error?.data.code, runs]).toEqual(['exists', ['create']])
})

test('a command repeated while it runs joins it, from wherever', async () => {
  const command = randomId('cmd')
  const other = await TestClient.dial(wire.socket)
  const answers = Promise.all([client.call({ id: 1, ...close, command }), other.call({ id: 9, ...close, command })])
  const body = JSON.stringify(close.params)
  const http = ask(wire.socket, {
    method: 'POST',
    path: '/api/call/terminals.close',
    body,
    headers: { [COMMAND_HEADER]: command },
  })
  gate.resolve({ ended: true })
  expect((await answers).map((answer) => answer.result)).toEqual([{ ended: true }, { ended: true }])
  expect(JSON.parse((await http).body.toString())).toEqual({ result: { ended: true } })
  expect(runs).toHaveLength(1)
})

test('the same id for something else is a conflict, running or done', async () => {
  const command = randomId('cmd')
  client.send({ id: 1, ...close, command })
  const other = { ...close, params: { terminal: randomId('trm') } }
  const running = await client.call({ id: 2, ...other, command })
  gate.resolve({})
  await client.next((message) => message.id === 1)
  const done = await client.call({ id: 3, ...rename, command })
  expect([running.error?.data.code, done.error?.data.code]).toEqual(['command_conflict', 'command_conflict'])
  expect(runs).toHaveLength(1)
})

test('params that mean the same are the same, whatever their order', async () => {
  const command = randomId('cmd')
  await client.call({ id: 1, ...rename, command })
  const reordered = { name: 'renamed', workspace: sample.id }
  expect((await client.call({ id: 2, ...rename, params: reordered, command })).result).toBeDefined()
})

test('ids of different users have nothing to do with each other', async () => {
  const command = randomId('cmd')
  await client.call({ id: 1, ...rename, command })
  const grace = await TestClient.dial(
    wire.socket,
    actorHeaders({ user: `usr_${'b'.repeat(26)}`, name: 'grace', role: 'member' }),
  )
  await grace.call({ id: 1, ...rename, params: { ...rename.params, name: 'other' }, command })
  expect(runs).toEqual(['renamed', 'other'])
})

test('a failure that may pass leaves the id of an atomic command free, a lasting one is kept', async () => {
  const command = randomId('cmd')
  const remove = { method: 'workspaces.remove', params: { workspace: sample.id }, command }
  const codes: unknown[] = []
  for (const id of [1, 2, 3]) codes.push((await client.call({ id, ...remove })).error?.data.code)
  expect([codes, runs.length]).toEqual([['busy', 'not_found', 'not_found'], 2])
})

test('an HTTP write with an id runs once, with another body it is a conflict, without an id it runs each time', async () => {
  const put = async (body: string, key?: string): Promise<[number, unknown]> => {
    const headers: Record<string, string> = key === undefined ? {} : { [COMMAND_HEADER]: key }
    const answer = await ask(wire.socket, { method: 'PUT', path: '/api/files/content?path=a', body, headers })
    return [answer.status, JSON.parse(answer.body.toString())]
  }
  const key = randomId('cmd')
  expect(await put('one', key)).toEqual([200, { length: 3 }])
  expect(await put('one', key)).toEqual([200, { length: 3 }])
  expect((await put('three', key))[0]).toBe(409)
  expect((await put('one', 'short'))[0]).toBe(400)
  await put('again')
  await put('again')
  expect(runs).toEqual(['one', 'again', 'again'])
})

test('a command cut by a crash is not run again, one whose effect is stored is done', async () => {
  await wire.close()
  const program = new URL('./testing/crashing-runner.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--conditions=octo:source', program, folder()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await said(child, 'ready')
  const doomed = await TestClient.dial(join(folder(), 'run', 'runner.sock'))
  const [cut, stored] = [randomId('cmd'), randomId('cmd')]
  doomed.send({ id: 1, ...close, command: cut })
  await said(child, 'effect')
  doomed.send({ id: 2, ...rename, command: stored })
  await said(child, 'stored')
  child.kill('SIGKILL')
  await once(child, 'exit')

  wire = await openTestWire(folder(), [room])
  client = await TestClient.dial(wire.socket)
  const first = await client.call({ id: 1, ...close, command: cut })
  expect(first.error?.data).toEqual({ code: 'outcome_unknown', retryable: false })
  const other = await client.call({ id: 2, ...rename, command: cut })
  expect(other.error?.data.code).toBe('command_conflict')
  expect(await client.call({ id: 3, ...rename, command: stored })).toMatchObject({ result: { name: 'renamed' } })
  expect(runs).toEqual([])
})

async function said(child: ChildProcess & { stdout: Readable }, word: string): Promise<void> {
  for await (const [chunk] of onData(child.stdout)) if (chunk.toString().includes(word)) return
}

async function* onData(stream: Readable): AsyncGenerator<[Buffer]> {
  for (;;) yield (await once(stream, 'data')) as [Buffer]
}

test('ids are forgotten after thirty days, and not before', async () => {
  const [young, old] = [randomId('cmd'), randomId('cmd')]
  await client.call({ id: 1, ...rename, command: young })
  await client.call({ id: 2, ...rename, command: old })
  await wire.close()
  const { default: SqliteDatabase } = await import('better-sqlite3')
  const db = new SqliteDatabase(join(folder(), 'runner.db'))
  const day = 86_400_000
  db.prepare('UPDATE commands SET at = at - ? WHERE id = ?').run(29 * day, young)
  db.prepare('UPDATE commands SET at = at - ? WHERE id = ?').run(31 * day, old)
  db.close()
  wire = await openTestWire(folder(), [room])
  client = await TestClient.dial(wire.socket)
  await client.call({ id: 1, ...rename, command: young })
  expect(runs).toHaveLength(2)
  await client.call({ id: 2, ...rename, command: old })
  expect(runs).toHaveLength(3)
})
