import { type ItemId, OctoError, randomId } from '@octo/protocol'
import { expect, test } from 'vitest'
import type { RequestDraft } from '../agents/index.ts'
import { Desk } from './testing/desk.ts'

const question = (id: ItemId): RequestDraft => ({
  id,
  kind: 'request',
  request: 'dialog',
  title: 'Sure?',
  options: [],
  wants: 'confirm',
  state: 'open',
})

test('a prompt is stored with its command before the agent hears of it', async () => {
  const desk = new Desk()
  desk.store.hold()
  const sent = desk.prompt('hello')
  await Promise.resolve()
  expect(desk.agent.told).toEqual([])
  desk.store.release()
  const delivered = await sent
  expect(desk.store.commits.map(({ command, items }) => [command?.result, items.map(({ kind }) => kind)])).toEqual([
    [delivered, ['turn', 'user']],
  ])
  await desk.agent.wasTold('prompt hello')
  expect(desk.agent.told).toEqual(['start', 'prompt hello'])
  expect(desk.session).toMatchObject({ title: 'hello', state: 'working' })
})

test('prompts wait for the turn that runs, and each is sent when the one before has ended', async () => {
  const desk = new Desk()
  await desk.prompt('one', 'ada')
  expect(await desk.prompt('two', 'bob')).toMatchObject({ delivery: 'queued' })
  expect(await desk.prompt('three', 'cem')).toMatchObject({ delivery: 'queued' })
  await desk.agent.wasTold('prompt one')
  expect(desk.agent.told).toEqual(['start', 'prompt one'])
  await desk.finish('first')
  await desk.agent.wasTold('prompt two')
  expect(desk.session.queue.map(({ author }) => author)).toEqual(['cem'])
  await desk.finish('second')
  await desk.agent.wasTold('prompt three')
  await desk.finish('third')
  const authors = desk.store.items.flatMap((item) => (item.kind === 'user' ? [item.author] : []))
  expect([authors, desk.session.state]).toEqual([['ada', 'bob', 'cem'], 'idle'])
})

test('between a turn and the queued one after it nobody sees a moment of rest', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.prompt('two')
  await desk.agent.wasTold('prompt one')
  await desk.finish('first')
  expect(desk.store.commits.map(({ properties }) => properties.state)).not.toContain('idle')
})

test('queued prompts can be changed, moved and taken out, until they are sent', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  for (const text of ['a', 'b', 'c']) await desk.prompt(text)
  const [a, b, c] = desk.session.queue.map(({ id }) => id)
  if (a === undefined || b === undefined || c === undefined) throw new Error('Three prompts wait.')
  await desk.actor.prompting.editQueued(b, { text: 'B' }, desk.giver())
  await desk.actor.prompting.moveQueued(c, 0, desk.giver())
  await desk.actor.prompting.removeQueued(a, desk.giver())
  const texts = desk.session.queue.map(({ parts }) =>
    parts.map((part) => (part.type === 'text' ? part.text : '')).join(),
  )
  expect(texts).toEqual(['c', 'B'])
  await expect(desk.actor.prompting.removeQueued(a, desk.giver())).rejects.toMatchObject({ code: 'not_found' })
})

test('the queue has an end, in number and in bytes', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  for (let count = 0; count < 50; count += 1) await desk.prompt('x'.repeat(4_000))
  await expect(desk.prompt('one too many')).rejects.toMatchObject({ code: 'queue_full' })
  expect(JSON.stringify(desk.session.queue).length).toBeLessThan(131_072)
  const paths = {
    text: '',
    attachments: Array.from({ length: 20 }, () => ({ type: 'file' as const, path: 'p'.repeat(4_000) })),
  }
  const full = new Desk()
  await full.prompt('one')
  await full.actor.prompting.prompt(paths, full.giver())
  await expect(full.actor.prompting.prompt(paths, full.giver())).rejects.toMatchObject({ code: 'queue_full' })
  expect(full.session.queue).toHaveLength(1)
})

test('a long prompt that waits is kept beside the queue and sent whole', async () => {
  const desk = new Desk()
  const long = Array.from({ length: 5_000 }, (_, index) => `word${index}`).join(' ')
  await desk.prompt('one')
  await desk.prompt(long)
  await desk.agent.wasTold('prompt one')
  await desk.finish('first')
  await desk.agent.wasTold(`prompt ${long}`)
  expect(desk.session.queue).toEqual([])
})

test('a stop while the agent still starts ends the turn, and the prompt is never given', async () => {
  const desk = new Desk()
  const gate = Promise.withResolvers<void>()
  desk.agent.startGate = gate.promise
  await desk.prompt('hello')
  await desk.actor.prompting.stop(desk.giver())
  await desk.actor.core.journal.idle()
  expect(desk.session.state).toBe('idle')
  gate.resolve()
  await desk.agent.wasTold('start')
  await desk.prompt('again')
  await desk.agent.wasTold('prompt again')
  expect(desk.agent.told).toEqual(['start', 'prompt again'])
})

test('after a stop the queue waits, even if the agent had come to its end by itself', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.prompt('two')
  await desk.agent.wasTold('prompt one')
  desk.store.hold()
  const stopped = desk.actor.prompting.stop(desk.giver())
  await Promise.resolve()
  desk.store.release()
  await stopped
  await desk.agent.wasTold('stop')
  await desk.actor.core.journal.idle()
  expect([desk.session.state, desk.session.queue.length]).toEqual(['idle', 1])
  await desk.actor.prompting.resume(desk.giver())
  await desk.agent.wasTold('prompt two')
  await desk.finish('second')
  await expect(desk.actor.prompting.resume(desk.giver())).rejects.toMatchObject({ code: 'conflict' })
})

test('a new prompt goes on after a stop, and the queue follows it', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.prompt('two')
  await desk.agent.wasTold('prompt one')
  await desk.actor.prompting.stop(desk.giver())
  await desk.actor.core.journal.idle()
  await desk.prompt('three')
  await desk.agent.wasTold('prompt three')
  await desk.finish('third')
  await desk.agent.wasTold('prompt two')
  expect(desk.agent.told).toEqual(['start', 'prompt one', 'stop', 'prompt three', 'prompt two'])
})

test('a question makes the session wait, an answer lets it work on; the second answer is too late', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  const id = randomId('itm')
  desk.agent.sink.put(question(id))
  await desk.actor.core.journal.idle()
  expect([desk.session.state, desk.session.waiting]).toEqual(['waiting', 1])
  const both = await Promise.allSettled([
    desk.actor.answer(id, { type: 'confirm', confirmed: true }, desk.giver('ada')),
    desk.actor.answer(id, { type: 'confirm', confirmed: false }, desk.giver('bob')),
  ])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(both[1]).toMatchObject({ reason: { code: 'already_answered', message: 'This was answered already by ada.' } })
  expect(desk.agent.told.filter((each) => each.startsWith('answer'))).toEqual([`answer ${id} confirm`])
  expect([desk.session.state, desk.session.waiting]).toEqual(['working', 0])
})

test('what comes while a change is being stored is stored together with the next', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  await desk.actor.core.journal.idle()
  const before = desk.store.commits.length
  desk.store.hold()
  for (let count = 0; count < 100; count += 1) {
    desk.agent.sink.put({ id: randomId('itm'), kind: 'notice', level: 'info', code: 'agent', text: `${count}` })
    await Promise.resolve()
  }
  desk.store.release()
  await desk.actor.core.journal.idle()
  expect(desk.store.commits.length - before).toBe(2)
  expect(desk.store.items.filter(({ kind }) => kind === 'notice')).toHaveLength(100)
})

test('a change too large for a frame is stored in several, the command with the last', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  const viewer = await desk.watch()
  desk.store.hold()
  desk.agent.sink.put({ id: randomId('itm'), kind: 'notice', level: 'info', code: 'agent', text: 'first' })
  await Promise.resolve()
  for (let count = 0; count < 30; count += 1) {
    const parts = [{ type: 'text' as const, text: `${count}`.padEnd(60_000, 'x') }]
    desk.agent.sink.put({ id: randomId('itm'), kind: 'assistant', parts, stop: 'end' })
  }
  const renamed = desk.actor.rename('Big', desk.giver())
  desk.store.release()
  await renamed
  const sizes = desk.store.commits.slice(-4).map(({ items }) => JSON.stringify(items).length)
  expect(Math.max(...sizes)).toBeLessThan(800_000)
  expect(desk.store.commits.filter(({ command }) => command !== undefined).at(-1)).toBe(desk.store.commits.at(-1))
  expect([viewer.gaps, viewer.view.items]).toEqual([0, desk.store.items])
})

test('a full disk fails the command and leaves nothing of it; what the agent says is stored later', async () => {
  const desk = new Desk()
  const viewer = await desk.watch()
  desk.store.failNext()
  await expect(desk.prompt('hello')).rejects.toMatchObject({ code: 'no_space' })
  await desk.actor.core.journal.idle()
  expect([desk.kinds, desk.session.state, desk.session.title, desk.agent.told]).toEqual([[], 'idle', 'New session', []])
  await desk.prompt('hello')
  await desk.agent.wasTold('prompt hello')
  desk.store.failNext()
  desk.agent.sink.put({ id: randomId('itm'), kind: 'notice', level: 'info', code: 'agent', text: 'kept' })
  await desk.actor.core.journal.idle()
  expect(desk.kinds).toEqual(['turn', 'user'])
  await desk.actor.rename('Other', desk.giver())
  expect(desk.kinds).toEqual(['turn', 'user', 'notice'])
  expect([viewer.gaps, viewer.view.items]).toEqual([0, desk.store.items])
})

test('an agent that is faster than the disk is slowed down until that has caught up', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  await desk.actor.core.journal.idle()
  desk.store.hold()
  desk.agent.sink.put({ id: randomId('itm'), kind: 'notice', level: 'info', code: 'agent', text: 'first' })
  await Promise.resolve()
  for (let count = 0; count < 600; count += 1) {
    desk.agent.sink.put({ id: randomId('itm'), kind: 'notice', level: 'info', code: 'agent', text: `${count}` })
  }
  expect(desk.agent.told.filter((each) => each === 'pause')).toHaveLength(1)
  desk.store.release()
  await desk.agent.wasTold('resume')
})

test('the death of the agent ends what it was at, once', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  const { sink } = desk.agent
  const answer = randomId('itm')
  sink.put({ id: answer, kind: 'assistant', parts: [{ type: 'text', text: 'so ', growing: true }] })
  sink.append(answer, 0, 'far')
  sink.put(question(randomId('itm')))
  sink.ended({ message: 'fake was ended by SIGKILL.', details: 'last words' })
  await desk.actor.core.journal.idle()
  expect(desk.store.items).toMatchObject([
    { kind: 'turn', outcome: { type: 'interrupted', reason: 'fake was ended by SIGKILL.' } },
    { kind: 'user' },
    { kind: 'assistant', parts: [{ text: 'so far' }], stop: 'error' },
    { kind: 'request', state: 'withdrawn' },
    { kind: 'notice', code: 'crash', details: 'last words' },
  ])
  expect(desk.store.items[2]).not.toMatchObject({ parts: [{ growing: true }] })
  expect([desk.session.state, desk.session.waiting]).toEqual(['interrupted', 0])
  await desk.actor.prompting.resume(desk.giver())
  await desk.agent.wasTold('prompt Continue where you were interrupted.')
  expect(desk.agent.told.filter((each) => each === 'start')).toHaveLength(2)
})

test('a new process marks what the old one left unfinished, and starts nothing by itself', async () => {
  const old = new Desk()
  await old.prompt('one')
  await old.prompt('two')
  await old.agent.wasTold('prompt one')
  const { sink } = old.agent
  sink.state({ file: 'history' })
  sink.put({
    id: randomId('itm'),
    kind: 'tool',
    call: 'c1',
    name: 'bash',
    title: 'make',
    category: 'execute',
    input: null,
    status: 'running',
    output: [{ type: 'text', text: 'half ', growing: true }],
    touched: [],
  })
  await old.actor.core.journal.idle()
  const desk = new Desk(old.store.stored, old.store)
  await desk.actor.recover()
  expect(desk.store.items).toMatchObject([
    { kind: 'turn', outcome: { type: 'interrupted' } },
    { kind: 'user' },
    { kind: 'tool', status: 'cancelled', output: [{ text: 'half ' }] },
    { kind: 'notice', code: 'crash' },
  ])
  expect([desk.session.state, desk.session.queue.length, desk.agent.told]).toEqual(['interrupted', 1, []])
  await desk.actor.prompting.resume(desk.giver())
  await desk.agent.wasTold('prompt Continue where you were interrupted.')
  expect(desk.agent.starts[0]?.state).toEqual({ file: 'history' })
  await desk.finish('done')
  await desk.agent.wasTold('prompt two')
})

test('a turn that cannot begin fails with the reason, and what the agent said last', async () => {
  const desk = new Desk()
  desk.agent.startFailure = new OctoError('agent_failed', 'fake ended with code 1.', {
    details: { stderr: 'no config' },
  })
  await desk.prompt('one')
  const viewer = await desk.watch()
  await viewer.until(() => viewer.view.session?.state === 'failed')
  expect(desk.store.items).toMatchObject([
    { kind: 'turn', outcome: { type: 'failed', kind: 'agent', message: 'fake ended with code 1.' } },
    { kind: 'user' },
    { kind: 'notice', level: 'error', code: 'crash', details: 'no config' },
  ])
})

test('a stale agent is replaced before its next turn, not during one', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  desk.agent.stale = true
  await desk.actor.setModel({ provider: 'test', id: 'one' }, desk.giver())
  expect(desk.agent.told).toEqual(['start', 'prompt one'])
  await desk.finish('first')
  await desk.prompt('two')
  await desk.agent.wasTold('prompt two')
  expect(desk.agent.told).toEqual(['start', 'prompt one', 'close', 'start', 'prompt two'])
})

test('a message for the running turn does not overtake its prompt, and becomes a prompt when no turn runs', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  expect(await desk.actor.prompting.steer({ text: 'also' }, desk.giver())).toMatchObject({ delivery: 'sent' })
  await desk.agent.wasTold('steer also')
  await desk.finish('first')
  expect(await desk.actor.prompting.steer({ text: 'more' }, desk.giver())).toMatchObject({ delivery: 'sent' })
  await desk.agent.wasTold('prompt more')
  expect(desk.agent.told).toEqual(['start', 'prompt one', 'steer also', 'prompt more'])
})

test('what the agent begins by itself is a turn', async () => {
  const desk = new Desk()
  await desk.prompt('one')
  await desk.agent.wasTold('prompt one')
  await desk.finish('first')
  desk.agent.sink.turnStarted()
  await desk.finish('by myself')
  const turns = desk.store.items.flatMap((item) => (item.kind === 'turn' ? [[item.origin, item.outcome?.type]] : []))
  expect(turns).toEqual([
    ['user', 'done'],
    ['background', 'done'],
  ])
})
