import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Input, Model, Provider } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { fakeCaller } from '../wire/testing/fake-caller.ts'
import { FakeConnection } from '../wire/testing/fake-connection.ts'
import { createModelsRoom, type ModelsRoom } from './index.ts'

const caller = fakeCaller()

let folder: string
let keyFile: string
let room: ModelsRoom
const servers: Server[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octo-models-'))
  keyFile = join(folder, 'keys.json')
  room = await createModelsRoom({ keyFile, log: silentLog })
})

afterEach(async () => {
  await room.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  await rm(folder, { recursive: true })
})

function save(input: Input<'models.save'>): Promise<Provider> {
  return room.methods['models.save'](input, caller)
}

/** A provider on loopback that answers by path, and remembers what it was sent. */
async function provider(answers: Record<string, { status?: number; body: unknown }>) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const found = answers[request.url ?? '']
    response.writeHead(found === undefined ? 404 : (found.status ?? 200), { 'content-type': 'application/json' })
    response.end(JSON.stringify(found?.body ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

const listing = { body: { data: [{ id: 'llama', max_model_len: 8_192 }] } }
const llama: Model = {
  provider: 'own',
  id: 'llama',
  name: 'llama',
  contextTokens: 8_192,
  images: false,
  reasoning: false,
}

test('a new user is offered every known provider and the demo model, none of them in use', async () => {
  const { items, reset } = await room.methods['models.list']({}, caller)
  const offered = items.filter((item): item is Provider => !('removed' in item))
  expect(reset).toBe(true)
  expect(offered.map(({ id, enabled, hasKey }) => [id, enabled, hasKey])).toEqual(
    ['anthropic', 'openai', 'google', 'mistral', 'openrouter', 'groq', 'demo'].map((id) => [id, false, false]),
  )
})

test('testing an own address finds its models, also when /v1 was forgotten', async () => {
  const { address } = await provider({ '/v1/models': listing })
  const result = await room.methods['models.test']({ kind: 'openai-compatible', provider: 'own', address }, caller)
  expect(result).toEqual({
    ok: true,
    message: 'It works: 1 model to choose from.',
    models: [llama],
    address: `${address}/v1`,
  })
})

test('a refused key is an answer with a sentence, not an error', async () => {
  const { address } = await provider({ '/models': { status: 401, body: { error: 'no' } } })
  const result = await room.methods['models.test']({ kind: 'openai', address, key: 'sk-wrong' }, caller)
  expect(result).toEqual({
    ok: false,
    message: `${new URL(address).host} refused the key. Check that it is complete and still valid.`,
    models: [],
  })
})

test('an address where nothing listens is said to be unreachable', async () => {
  const { address } = await provider({})
  const server = servers.pop()
  server?.close()
  const result = await room.methods['models.test']({ kind: 'openai-compatible', address }, caller)
  expect(result.ok).toBe(false)
  expect(result.message).toBe(`${new URL(address).host} cannot be reached. Is it running, and is the address right?`)
})

test('each provider gets its key the way it wants it', async () => {
  const { address, requests } = await provider({ '/models': { body: { data: [], models: [] } } })
  for (const kind of ['anthropic', 'google', 'mistral'] as const) {
    await room.methods['models.test']({ kind, address, key: `key-of-${kind}` }, caller)
  }
  expect(
    requests.map(({ headers }) => headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers.authorization),
  ).toEqual(['key-of-anthropic', 'key-of-google', 'Bearer key-of-mistral'])
})

test('a saved key is on disk for its owner alone, and is never told again', async () => {
  const connection = new FakeConnection()
  await room.methods['models.list']({}, { ...caller, connection })
  const saved = await save({
    provider: 'anthropic',
    kind: 'anthropic',
    key: 'sk-secret',
    models: [{ provider: 'anthropic', id: 'opus', name: 'Opus', images: true, reasoning: true }],
  })
  expect(saved.hasKey).toBe(true)
  expect(JSON.stringify([saved, connection.told])).not.toContain('sk-secret')
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
  expect(await readFile(keyFile, 'utf8')).toContain('sk-secret')
  expect(connection.notices('models.changed').flatMap(({ items }) => items)).toEqual([saved])
})

test('what was saved is there after a restart, and agents find it', async () => {
  await save({
    provider: 'own',
    kind: 'openai-compatible',
    address: 'http://127.0.0.1:1/v1',
    models: [llama],
  })
  const again = await createModelsRoom({ keyFile, log: silentLog })
  expect(again.find({ provider: 'own', id: 'llama' })).toEqual(llama)
  expect(() => again.find({ provider: 'own', id: 'gone' })).toThrow('The model own/gone is not set up.')
  await again.close()
})

test('a stored key is not sent to another address than its own', async () => {
  const first = await provider({ '/models': listing })
  const second = await provider({ '/models': listing })
  await save({ provider: 'openai', kind: 'openai', key: 'sk-secret', address: first.address })
  await room.methods['models.test']({ provider: 'openai', kind: 'openai', address: second.address }, caller)
  await room.methods['models.test']({ provider: 'openai', kind: 'openai' }, caller)
  expect(second.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
  expect(first.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-secret'])
})

test('the demo model runs once it is saved, and is offered again once removed', async () => {
  await save({ provider: 'demo', kind: 'demo' })
  const [demo] = await room.providers()
  const models = await (await fetch(`${demo?.address}/models`)).json()
  expect(models).toMatchObject({ data: [{ id: 'demo-scripted' }] })
  await room.methods['models.remove']({ provider: 'demo' }, caller)
  expect(await room.providers()).toEqual([])
  const { items } = await room.methods['models.list']({}, caller)
  expect(items).toContainEqual(expect.objectContaining({ id: 'demo', enabled: false }))
})

test('ten saves at once all stay', async () => {
  const names = Array.from({ length: 10 }, (_, at) => `own-${at}`)
  await Promise.all(
    names.map((name) => save({ provider: name, kind: 'openai-compatible', address: 'http://127.0.0.1:1' })),
  )
  const again = await createModelsRoom({ keyFile, log: silentLog })
  expect((await again.providers()).map(({ id }) => id)).toEqual(names)
  await again.close()
})

test('a damaged key file is said so, and left as it is', async () => {
  await writeFile(keyFile, '{"version":1,"provid')
  await expect(createModelsRoom({ keyFile, log: silentLog })).rejects.toThrow(`${keyFile} cannot be read.`)
  expect(await readFile(keyFile, 'utf8')).toBe('{"version":1,"provid')
})
