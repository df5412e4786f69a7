import { hash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { type CommandId, type Item, randomId, type Result } from '@octo/protocol'
import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { Ledger } from '../wire/ledger.ts'
import { fakeCaller } from '../wire/testing/fake-caller.ts'
import { testActor } from '../wire/testing/fake-connection.ts'
import { House } from './testing/house.ts'
import { processGone } from './testing/processes.ts'
import { Watcher } from './testing/watcher.ts'

const GATE = `export default function (pi) {
  pi.on('tool_call', async (event, ctx) => {
    if (event.toolName !== 'bash') return
    const choice = await ctx.ui.select('Run ' + event.input.command + '?', ['Allow', 'Block'])
    if (choice !== 'Allow') return { block: true, reason: 'Blocked by the user' }
  })
  pi.registerCommand('ask', {
    description: 'Asks a few things',
    handler: async (args, ctx) => {
      const name = await ctx.ui.input('Name?', 'your name')
      const sure = await ctx.ui.confirm('Sure?', 'Really, ' + name + '?')
      const text = await ctx.ui.editor('Edit', 'line 1')
      ctx.ui.notify(name + ' ' + sure + ' ' + text, 'warning')
    },
  })
  pi.registerCommand('hurry', {
    description: 'Asks, but not for long',
    handler: async (args, ctx) => {
      const sure = await ctx.ui.confirm('Quick?', 'Now or never', { timeout: 50 })
      ctx.ui.notify('sure: ' + sure, 'info')
    },
  })
}`

let house: House

afterEach(() => house.close())

test('a question of the agent waits for a person; the first answer counts', async () => {
  house = await House.open({ extension: GATE })
  const { session, watcher } = await house.begin('#bash "echo allowed"')
  await watcher.until(() => watcher.session.state === 'waiting')
  const [request] = watcher.items('request')
  expect(request).toMatchObject({ request: 'permission', title: 'Run echo allowed?', state: 'open' })
  expect(watcher.session.waiting).toBe(1)
  const item = request?.id ?? randomId('itm')
  await expect(house.answer(session.id, item, { type: 'text', text: 'x' })).rejects.toMatchObject({
    code: 'bad_request',
  })
  await expect(house.answer(session.id, item, { type: 'option', option: '9' })).rejects.toMatchObject({
    code: 'bad_request',
  })
  await house.answer(session.id, item, { type: 'option', option: '0' })
  await expect(house.answer(session.id, item, { type: 'option', option: '1' })).rejects.toMatchObject({
    code: 'already_answered',
    message: 'This was answered already by ada.',
  })
  await watcher.turnsEnded(1)
  expect(watcher.items('tool').map(({ status, output }) => [status, JSON.stringify(output)])).toEqual([
    ['done', expect.stringContaining('allowed')],
  ])
  expect(watcher.items('request')[0]).toMatchObject({
    state: 'answered',
    answer: { type: 'option', option: '0' },
    answeredBy: 'ada',
  })
})

test('a command of an extension asks in every way there is, and ends its turn without a model', async () => {
  house = await House.open({ extension: GATE })
  const { session, watcher } = await house.begin('/ask')
  const open = async (title: string): Promise<Extract<Item, { kind: 'request' }>> => {
    const find = () => watcher.items('request').find((item) => item.title === title && item.state === 'open')
    await watcher.until(() => find() !== undefined)
    return find() as Extract<Item, { kind: 'request' }>
  }
  await house.answer(session.id, (await open('Name?')).id, { type: 'text', text: 'Ada' })
  await house.answer(session.id, (await open('Sure?')).id, { type: 'confirm', confirmed: true })
  await house.answer(session.id, (await open('Edit')).id, { type: 'text', text: 'line 2' })
  await watcher.turnsEnded(1)
  expect(watcher.items('notice').map(({ level, text }) => [level, text])).toEqual([['warning', 'Ada true line 2']])
  expect([watcher.outcomes, house.server.requests.length]).toEqual([['done'], 0])
})

test('a question the agent gives up is withdrawn', async () => {
  house = await House.open({ extension: GATE })
  const { session, watcher } = await house.begin('/hurry')
  await watcher.turnsEnded(1)
  await watcher.until(() => watcher.items('request').some(({ state }) => state === 'withdrawn'))
  expect(watcher.session.waiting).toBe(0)
  const item = watcher.items('request')[0]?.id ?? randomId('itm')
  await expect(house.answer(session.id, item, { type: 'confirm', confirmed: true })).rejects.toMatchObject({
    code: 'already_answered',
  })
})

test('a stop answers what the agent asks with "cancel", so that it can stop', async () => {
  house = await House.open({ extension: GATE })
  const { session, watcher } = await house.begin('#bash "echo never"')
  await watcher.until(() => watcher.session.state === 'waiting')
  await house.stop(session.id)
  await watcher.turnsEnded(1)
  expect(watcher.outcomes).toEqual(['stopped'])
  expect(watcher.items('request')[0]).toMatchObject({
    state: 'answered',
    answer: { type: 'cancel' },
    answeredBy: 'ada',
  })
  expect([watcher.session.state, watcher.session.waiting]).toEqual(['idle', 0])
})

test('a runner that is ended in a turn finds it interrupted when it comes back, and repeats nothing', async () => {
  house = await House.open()
  const { session, watcher } = await house.begin('remember 4711')
  await watcher.turnsEnded(1)
  await house.prompt(session.id, '#think #hold 5')
  await house.server.held()
  house.server.release(2)
  await watcher.until(() => watcher.said.at(-1) === 'piece 1 piece 2 ')
  await house.prompt(session.id, 'waits')
  await watcher.until(() => watcher.session.queue.length === 1)
  const asked = house.server.requests.length
  await house.restart()
  const after = await house.watch(session.id)
  expect([after.session.state, after.session.queue.length, after.outcomes]).toEqual([
    'interrupted',
    1,
    ['done', 'interrupted'],
  ])
  expect(after.items('notice').map(({ code, text }) => [code, text])).toEqual([
    ['crash', 'octo was restarted while this turn ran. Resume to let the agent go on.'],
  ])
  const growing = after.items('assistant').filter(({ parts }) => parts.some((part) => part.growing))
  expect([growing, house.server.requests.length]).toEqual([[], asked])
  await house.resume(session.id)
  await after.turnsEnded(4)
  expect(after.said.slice(-2)).toEqual(['You said: Continue where you were interrupted.', 'You said: waits'])
  expect(JSON.stringify(house.server.requests.at(-1)?.body)).toContain('remember 4711')
})

test('an agent with nothing to do is ended and comes back with its memory', async () => {
  house = await House.open({ sessions: { idleMs: 1 } })
  const { session, watcher } = await house.begin('remember 4711 #bash "echo pid=$PPID"')
  await watcher.turnsEnded(1)
  await processGone(Number(/pid=(\d+)/u.exec(JSON.stringify(watcher.items('tool')))?.[1]))
  await house.prompt(session.id, 'what was it')
  await watcher.turnsEnded(2)
  expect(watcher.outcomes).toEqual(['done', 'done'])
  expect(JSON.stringify(house.server.requests.at(-1)?.body)).toContain('remember 4711')
})

test('a prompt that is repeated under its id runs once and answers the same', async () => {
  house = await House.open()
  const { session, watcher } = await house.begin()
  const ledger = new Ledger(house.store, silentLog)
  const command: CommandId = randomId('cmd')
  const input = { session: session.id, prompt: { text: 'once' } }
  const send = (): Promise<Result<'sessions.prompt'>> =>
    ledger.run(
      { user: testActor.user, command, method: 'sessions.prompt', digest: hash('sha256', JSON.stringify(input)) },
      {
        atomic: true,
        perform: (record) => house.sessions.methods['sessions.prompt'](input, { ...fakeCaller(), command, record }),
      },
    )
  const [first, joined] = await Promise.all([send(), send()])
  await watcher.turnsEnded(1)
  const later = await send()
  expect([joined, later]).toEqual([first, first])
  expect(watcher.items('user').map(({ command: by }) => by)).toEqual([command])
  expect(house.server.requests).toHaveLength(1)
})

test('a viewer that is cut a hundred times loses nothing and sees nothing twice', async () => {
  house = await House.open()
  const { session, watcher } = await house.begin('#hold 100')
  const view = new Watcher(house.sessions, session.id)
  for (let cut = 0; cut < 100; cut += 1) {
    const connection = new Watcher(house.sessions, session.id)
    connection.view = view.view
    await connection.open()
    await house.server.held()
    house.server.release(1)
    const expected = Array.from({ length: cut + 1 }, (_, index) => `piece ${index + 1} `).join('')
    // Every third one is cut before it has seen the piece, which the next must then bring.
    if (cut % 3 !== 0) await connection.until(() => connection.said[0] === expected)
    view.view = connection.view
    expect([connection.gaps, connection.missing]).toEqual([0, []])
    connection.close()
  }
  await watcher.turnsEnded(1)
  const last = new Watcher(house.sessions, session.id)
  last.view = view.view
  await last.open()
  expect(last.view.items).toEqual(watcher.view.items)
  expect(last.said[0]).toBe(Array.from({ length: 100 }, (_, index) => `piece ${index + 1} `).join(''))
})

test('a viewer that does not read is asked to open again once, and then gets everything', async () => {
  house = await House.open()
  const { session, watcher } = await house.begin('#hold 3')
  const slow = await house.watch(session.id)
  await house.server.held()
  slow.bufferedBytes = 5 * 1_048_576
  house.server.release(3)
  await watcher.turnsEnded(1)
  expect(slow.notices('sessions.reopen')).toEqual([{ session: session.id }])
  slow.drain()
  await slow.open()
  expect(slow.view.items).toEqual(watcher.view.items)
})

test('text for a busy socket waits, and comes in one piece when it has drained', async () => {
  house = await House.open()
  const { session, watcher } = await house.begin('#hold 5')
  const busy = await house.watch(session.id)
  await house.server.held()
  house.server.release(1)
  await busy.until(() => busy.said[0] === 'piece 1 ')
  busy.bufferedBytes = 100_000
  const before = busy.notices('sessions.tail').length
  house.server.release(3)
  await watcher.until(() => watcher.said[0] === 'piece 1 piece 2 piece 3 piece 4 ')
  expect(busy.notices('sessions.tail')).toHaveLength(before)
  busy.drain()
  expect(busy.said[0]).toBe('piece 1 piece 2 piece 3 piece 4 ')
  expect(busy.notices('sessions.tail')).toHaveLength(before + 1)
  house.server.release(1)
  await busy.turnsEnded(1)
  expect([busy.gaps, busy.missing]).toEqual([0, []])
})

test('without a model, and without its folder, a session says what is missing', async () => {
  house = await House.open()
  const { session } = await house.begin()
  await house.models.methods['models.remove']({ provider: 'test' }, fakeCaller())
  await expect(house.prompt(session.id, 'hello')).rejects.toMatchObject({ code: 'no_model' })
  await expect(house.begin('hello')).rejects.toMatchObject({
    code: 'no_model',
    message: 'No model is set up yet. Add a provider, or the demo model, in the settings under Models.',
  })
  await house.saveProvider({ models: [{ id: 'test-model', images: false }] })
  const { id } = await house.blobs.put(Buffer.from('iVBORw0KGgo=', 'base64'))
  const image = { text: '', attachments: [{ type: 'blob' as const, blob: id }] }
  await expect(house.prompt(session.id, image)).rejects.toMatchObject({ code: 'unsupported' })
  await rm(house.work, { recursive: true })
  await expect(house.prompt(session.id, 'hello')).rejects.toMatchObject({ code: 'workspace_gone' })
})

test('the list of sessions shows what happens in them', async () => {
  house = await House.open()
  const connection = new Watcher(house.sessions, randomId('ses'))
  await house.sessions.methods['sessions.list']({}, fakeCaller(connection))
  const { session, watcher } = await house.begin('#hold 1')
  await house.server.held()
  await house.prompt(session.id, 'next')
  house.server.release(1)
  await watcher.turnsEnded(2)
  await house.sessions.methods['sessions.delete']({ session: session.id }, fakeCaller())
  const seen = connection.notices('sessions.listChanged').flatMap(({ items }) => items)
  const states = seen.map((entry) => ('removed' in entry ? 'removed' : `${entry.state} ${entry.queued}`))
  expect([...new Set(states)]).toEqual(['working 0', 'working 1', 'idle 0', 'removed'])
})

test('words of messages are found, newest first', async () => {
  house = await House.open()
  const { watcher } = await house.begin('the quick octopus')
  await watcher.turnsEnded(1)
  const { hits } = await house.sessions.methods['sessions.search']({ query: 'octopus', limit: 10 }, fakeCaller())
  expect(hits.map(({ title, index }) => [title, index])).toEqual([
    ['the quick octopus', 2],
    ['the quick octopus', 1],
  ])
})
