import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Item } from '@octo/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeCaller } from '../wire/testing/fake-caller.ts'
import { House } from './testing/house.ts'
import { isAlive } from './testing/processes.ts'

const TINY_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let house: House

beforeAll(async () => {
  house = await House.open()
})

afterAll(() => house.close())

const kinds = (items: readonly Item[]): string[] => items.map(({ kind }) => kind)

test('a prompt lets pi think, write a file, run a command and answer', async () => {
  const { watcher } = await house.begin('#think #write notes.txt #bash "cat notes.txt && echo done"')
  await watcher.turnsEnded(1)
  expect(await readFile(join(house.work, 'notes.txt'), 'utf8')).toBe('Written by the model.\nSecond line.\n')
  expect(watcher.items('tool').map(({ name, status, touched }) => [name, status, touched])).toEqual([
    ['write', 'done', ['notes.txt']],
    ['bash', 'done', []],
  ])
  expect(watcher.said.at(-1)).toContain('The tools said: Successfully wrote')
  expect(watcher.items('turn')).toMatchObject([
    { origin: 'user', outcome: { type: 'done' }, model: 'test-model', touched: ['notes.txt'], usage: { input: 360 } },
  ])
  const { title, state, usage, context, model, effort, capabilities } = watcher.session
  expect({ title, state, usage, context, model, effort, efforts: capabilities.efforts }).toEqual({
    title: '#think #write notes.txt #bash "cat notes.txt && echo done"',
    state: 'idle',
    usage: { input: 360, output: 90, cacheRead: 0, cacheWrite: 0 },
    context: { tokens: 150, window: 200_000 },
    model: { provider: 'test', id: 'test-model', name: 'Model test-model' },
    effort: 'medium',
    efforts: ['off', 'minimal', 'low', 'medium', 'high'],
  })
  expect([watcher.gaps, watcher.missing]).toEqual([0, []])
})

test('text is seen while it grows, by those who were there and by those who come later', async () => {
  const { session, watcher } = await house.begin('#think #hold 4')
  await house.server.held()
  house.server.release(2)
  await watcher.until(() => watcher.said[0] === 'piece 1 piece 2 ')
  const late = await house.watch(session.id)
  expect(late.said).toEqual(['piece 1 piece 2 '])
  const [growing] = late.items('assistant')
  expect(growing?.parts.map(({ type, growing: grows }) => [type, grows])).toEqual([
    ['thinking', true],
    ['text', true],
  ])
  house.server.release(2)
  await Promise.all([watcher.turnsEnded(1), late.turnsEnded(1)])
  expect([late.gaps, late.missing, watcher.gaps, watcher.missing]).toEqual([0, [], 0, []])
  expect(late.view.items).toEqual(watcher.view.items)
  expect(late.items('assistant')[0]?.parts.map(({ text, growing: grows }) => [text, grows])).toEqual([
    ['Let me think about this.', undefined],
    ['piece 1 piece 2 piece 3 piece 4 ', undefined],
  ])
})

test('what was streamed is not sent again when it is finished', async () => {
  const { watcher } = await house.begin('#long 20000')
  await watcher.turnsEnded(1)
  expect(watcher.said[0]).toHaveLength(20_000)
  const tails = watcher.notices('sessions.tail').reduce((sum, { text }) => sum + text.length, 0)
  const forms = watcher.notices('sessions.changed').flatMap(({ items }) => items)
  const inForms = forms.flatMap((item) => (item.kind === 'assistant' ? item.parts.map(({ text }) => text.length) : []))
  expect(tails + inForms.reduce((sum, length) => sum + length, 0)).toBe(20_000)
})

test('a message in the middle of a turn reaches the agent before its next step', async () => {
  const { session, watcher } = await house.begin('#bash "echo ready; sleep 0.3"')
  await watcher.until(() => JSON.stringify(watcher.items('tool')).includes('ready'))
  const delivered = await house.steer(session.id, 'and be quick')
  expect(delivered).toMatchObject({ delivery: 'sent' })
  await watcher.turnsEnded(1)
  expect(kinds(watcher.view.items)).toEqual(['turn', 'user', 'tool', 'user', 'assistant'])
  expect(watcher.items('user').map(({ delivery, author }) => [delivery, author])).toEqual([
    ['prompt', 'ada'],
    ['steer', 'ada'],
  ])
  expect(watcher.said).toEqual(['You said: and be quick'])
  expect(watcher.outcomes).toEqual(['done'])
})

test('prompts wait for the turn before them and are sent in their order', async () => {
  const { session, watcher } = await house.begin('#hold 1')
  await house.server.held()
  expect(await house.prompt(session.id, 'second')).toMatchObject({ delivery: 'queued' })
  await house.prompt(session.id, 'third')
  await watcher.until(() => watcher.session.queue.length === 2)
  expect(watcher.said).toEqual([])
  house.server.release(1)
  await watcher.turnsEnded(3)
  expect(watcher.said).toEqual(['piece 1 ', 'You said: second', 'You said: third'])
  expect(watcher.items('turn').map(({ origin }) => origin)).toEqual(['user', 'queue', 'queue'])
  expect(watcher.session.queue).toEqual([])
})

test('a stop ends the answer at once, and what waits stays until the user goes on', async () => {
  const before = house.server.requests.length
  const { session, watcher } = await house.begin('#hold 5')
  await house.server.held()
  house.server.release(1)
  await watcher.until(() => watcher.said[0] === 'piece 1 ')
  await house.prompt(session.id, 'later')
  await house.stop(session.id)
  await watcher.turnsEnded(1)
  await house.server.aborted(1)
  expect(watcher.outcomes).toEqual(['stopped'])
  expect(watcher.said).toEqual(['piece 1 '])
  expect([watcher.session.state, watcher.session.queue.length]).toEqual(['idle', 1])
  expect(house.server.requests.length - before).toBe(1)
  await house.resume(session.id)
  await watcher.turnsEnded(2)
  expect(watcher.said).toEqual(['piece 1 ', 'You said: later'])
})

test('a stop ends a command and what that has started', async () => {
  const { session, watcher } = await house.begin('#bash "sleep 1000 & echo pid=$!; sleep 1001"')
  await watcher.until(() => /pid=\d+/u.test(JSON.stringify(watcher.items('tool'))))
  const pid = Number(/pid=(\d+)/u.exec(JSON.stringify(watcher.items('tool')))?.[1])
  expect(await isAlive(pid)).toBe(true)
  await house.stop(session.id)
  await watcher.turnsEnded(1)
  expect(await isAlive(pid)).toBe(false)
  expect(watcher.outcomes).toEqual(['stopped'])
  await house.prompt(session.id, 'again')
  await watcher.turnsEnded(2)
  expect(watcher.said).toEqual(['You said: again'])
})

test('a provider that fails is asked again, and the broken answer is not shown twice', async () => {
  const { watcher } = await house.begin('#drop one two three four five six')
  await watcher.turnsEnded(1)
  expect(watcher.said).toEqual(['You said: #drop one two three four five six'])
  expect(watcher.items('notice').map(({ code, level, text, running }) => [code, level, text, running])).toEqual([
    ['retry', 'info', 'The provider answers again, after 1 retry.', undefined],
  ])
  expect(watcher.items('assistant')[0]?.parts[0]?.rev).toBeGreaterThan(0)
})

test('a refused key fails the turn with a sentence, and a new key works at once', async () => {
  await house.saveProvider({ key: 'bad-key', models: [{ id: 'test-model', images: true }] })
  const { session, watcher } = await house.begin('hello')
  await watcher.turnsEnded(1)
  expect(watcher.items('turn')[0]?.outcome).toEqual({
    type: 'failed',
    kind: 'auth',
    message:
      'The provider refused the key. Enter a valid one in the settings under Models, then send the prompt again.',
  })
  expect(watcher.session.state).toBe('failed')
  await house.saveProvider({ models: [{ id: 'test-model', images: true }] })
  await house.prompt(session.id, 'hello again')
  await watcher.turnsEnded(2)
  expect([watcher.session.state, watcher.said]).toEqual(['idle', ['You said: hello again']])
})

test('no key lies in a file beside the key file', async () => {
  await house.saveProvider({ key: 'secret-key-42', models: [{ id: 'test-model', images: true }] })
  const { watcher } = await house.begin('#bash "env | grep -c secret-key-42; echo $PWD"')
  await watcher.turnsEnded(1)
  const files = await readdir(house.home.root, { recursive: true, withFileTypes: true })
  const holders: string[] = []
  for (const file of files.filter((entry) => entry.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1')
    if (text.includes('secret-key-42')) holders.push(file.name)
  }
  // The command's own text stands in the histories; the model server's answer repeats it.
  expect(holders.filter((name) => name.endsWith('.json'))).toEqual(['keys.json'])
  expect(house.server.requests.at(-1)?.key).toBe('secret-key-42')
  await house.saveProvider({ models: [{ id: 'test-model', images: true }] })
})

test('an agent that is killed leaves an interrupted turn, and goes on where it was', async () => {
  const { session, watcher } = await house.begin('remember 4711')
  await watcher.turnsEnded(1)
  await house.prompt(session.id, '#bash "kill -9 $PPID; sleep 1000"')
  await watcher.turnsEnded(2)
  expect(watcher.outcomes).toEqual(['done', 'interrupted'])
  expect(watcher.session.state).toBe('interrupted')
  expect(watcher.items('tool').map(({ status }) => status)).toEqual(['cancelled'])
  expect(watcher.items('notice').map(({ code, text }) => [code, text])).toEqual([['crash', 'pi was ended by SIGKILL.']])
  await house.resume(session.id)
  await watcher.turnsEnded(3)
  expect(watcher.said.at(-1)).toBe('You said: Continue where you were interrupted.')
  expect(JSON.stringify(house.server.requests.at(-1)?.body)).toContain('remember 4711')
})

test('images reach the model byte by byte, and files as references', async () => {
  const bytes = Buffer.from(TINY_PNG, 'base64')
  const { id } = await house.blobs.put(bytes)
  const { watcher } = await house.begin({
    text: '#image',
    attachments: [
      { type: 'blob', blob: id, name: 'dot.png' },
      { type: 'file', path: 'src/../src/main.ts' },
    ],
  })
  await watcher.turnsEnded(1)
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  expect(watcher.said).toEqual([`I see image/png of ${bytes.length} bytes ${digest}.`])
  expect(watcher.items('user')[0]?.parts).toEqual([
    { type: 'text', text: '#image', rev: 0 },
    { type: 'image', blob: { id, bytes: bytes.length, type: 'image/png' }, name: 'dot.png' },
    { type: 'file', path: 'src/main.ts' },
  ])
  expect(house.server.requests.at(-1)?.prompt).toContain('@src/main.ts')
})

test('attachments that agents cannot be shown are refused before anything happens', async () => {
  const { id } = await house.blobs.put('just text')
  const { session, watcher } = await house.begin()
  const refused = async (attachments: NonNullable<Parameters<typeof house.prompt>[1] & object>): Promise<unknown> =>
    house.prompt(session.id, attachments).catch((error: unknown) => (error as { code: string }).code)
  expect(await refused({ text: 'x', attachments: [{ type: 'blob', blob: id }] })).toBe('unsupported')
  expect(await refused({ text: 'x', attachments: [{ type: 'file', path: '../secret' }] })).toBe('path_outside')
  expect(await refused({ text: ' ' })).toBe('bad_request')
  expect(watcher.view.items).toEqual([])
})

test('a long answer is kept as an excerpt with the whole beside it', async () => {
  const { watcher } = await house.begin('#long 200000')
  await watcher.turnsEnded(1)
  const [part] = watcher.items('assistant')[0]?.parts ?? []
  expect(part?.text.length).toBeLessThan(30_000)
  expect(part?.blob?.bytes).toBe(200_000)
  const whole = part?.blob === undefined ? '' : (await house.blobs.read(part.blob.id)).toString()
  expect(whole).toHaveLength(200_000)
  expect(part?.text.startsWith(whole.slice(0, 16_000))).toBe(true)
  expect(part?.text.endsWith(whole.slice(-8_000))).toBe(true)
})

test('an image a tool has read is kept as a blob', async () => {
  await writeFile(join(house.work, 'dot.png'), Buffer.from(TINY_PNG, 'base64'))
  const { watcher } = await house.begin('#read dot.png')
  await watcher.turnsEnded(1)
  const image = watcher.items('tool')[0]?.output.find((part) => part.type === 'image')
  const kept = image?.type === 'image' ? await house.blobs.read(image.blob.id) : Buffer.alloc(0)
  expect(kept.subarray(1, 4).toString()).toBe('PNG')
})

test('the model can be switched, and the effort set, before the agent runs and while it does', async () => {
  await house.saveProvider({
    models: [
      { id: 'test-model', images: true },
      { id: 'other-model', images: false },
    ],
  })
  const { session, watcher } = await house.begin()
  const other = { provider: 'test', id: 'other-model' }
  await house.sessions.methods['sessions.setModel']({ session: session.id, model: other }, fakeCaller())
  await house.sessions.methods['sessions.setEffort']({ session: session.id, effort: 'high' }, fakeCaller())
  await house.prompt(session.id, 'hello')
  await watcher.turnsEnded(1)
  expect(house.server.requests.at(-1)?.body).toMatchObject({ model: 'other-model', reasoning_effort: 'high' })
  const back = { provider: 'test', id: 'test-model' }
  await house.sessions.methods['sessions.setModel']({ session: session.id, model: back }, fakeCaller())
  await watcher.until(() => watcher.items('notice').length === 1)
  await house.prompt(session.id, 'hello')
  await watcher.turnsEnded(2)
  expect(house.server.requests.at(-1)?.body).toMatchObject({ model: 'test-model' })
  expect(watcher.items('notice').map(({ code, text }) => [code, text])).toEqual([
    ['model', 'Switched to Model test-model.'],
  ])
  const unknown = { session: session.id, model: { provider: 'test', id: 'none' } }
  await expect(house.sessions.methods['sessions.setModel'](unknown, fakeCaller())).rejects.toMatchObject({
    code: 'no_model',
  })
})

test('a history can be summarised, and a short one says so', async () => {
  const { session, watcher } = await house.begin('one')
  await watcher.turnsEnded(1)
  for (const [index, prompt] of ['two', 'three'].entries()) {
    await house.prompt(session.id, prompt)
    await watcher.turnsEnded(index + 2)
  }
  await house.sessions.methods['sessions.compact']({ session: session.id }, fakeCaller())
  await watcher.until(() => watcher.items('notice').some(({ endedAt }) => endedAt !== undefined))
  await watcher.until(() => watcher.session.state === 'idle')
  expect(watcher.items('notice').map(({ code, text }) => [code, text.replaceAll(/[\d,]+/gu, 'N')])).toEqual([
    ['compaction', 'Summarised the conversation: N → about N tokens.'],
  ])
  const young = await house.begin()
  await house.sessions.methods['sessions.compact']({ session: young.session.id }, fakeCaller())
  await young.watcher.until(() => young.watcher.items('notice').length === 1 && young.watcher.session.state === 'idle')
  expect(young.watcher.items('notice')[0]?.text).toBe(
    'There is nothing to summarise yet: the conversation is still short.',
  )
})

test('slash commands of the agent are listed', async () => {
  const { session } = await house.begin()
  const { commands } = await house.sessions.methods['sessions.commands']({ session: session.id }, fakeCaller())
  expect(commands).toContainEqual({ name: 'llama', description: expect.any(String) as string, source: 'extension' })
})

test('a deleted session ends its agent and takes the history of both with it', async () => {
  const { session, watcher } = await house.begin('#bash "setsid sleep 1000 & echo pid=$!"')
  await watcher.turnsEnded(1)
  const pid = Number(/pid=(\d+)/u.exec(JSON.stringify(watcher.items('tool')))?.[1])
  const histories = async (): Promise<number> => (await readdir(join(house.home.agents, 'pi', 'sessions'))).length
  const before = await histories()
  expect(await isAlive(pid)).toBe(true)
  await house.sessions.methods['sessions.delete']({ session: session.id }, fakeCaller())
  expect(await isAlive(pid)).toBe(false)
  expect(await histories()).toBe(before - 1)
  expect(watcher.notices('sessions.reopen')).toEqual([{ session: session.id }])
  await expect(house.watch(session.id)).rejects.toMatchObject({ code: 'not_found' })
  expect((await house.store.sessions()).map(({ properties }) => properties.id)).not.toContain(session.id)
})

test('an archived session has no agent and takes no prompt until it is brought back', async () => {
  const { session, watcher } = await house.begin('#hold 2')
  await house.server.held()
  const archive = (archived: boolean): Promise<unknown> =>
    house.sessions.methods['sessions.archive']({ session: session.id, archived }, fakeCaller())
  await archive(true)
  await watcher.until(() => watcher.session.archived)
  expect(watcher.outcomes).toEqual(['stopped'])
  await expect(house.prompt(session.id, 'hello')).rejects.toMatchObject({ code: 'conflict' })
  await archive(false)
  await house.prompt(session.id, 'hello')
  await watcher.turnsEnded(2)
  expect(watcher.said.at(-1)).toBe('You said: hello')
})
