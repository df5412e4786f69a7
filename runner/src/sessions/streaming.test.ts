import { type ItemId, randomId } from '@octo/protocol'
import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { AgentSink, AssistantDraft, ToolDraft } from '../agents/index.ts'
import { Desk, DeskWatcher } from './testing/desk.ts'

/** What an agent, a disk and some viewers may do, in any order. */
type Step =
  | { readonly does: 'say'; readonly text: string }
  | { readonly does: 'part' | 'settle' | 'void' | 'answer' | 'tool' | 'output' | 'remove' }
  | { readonly does: 'hold' | 'release' | 'yield' }
  | { readonly does: 'join' | 'leave' | 'return' | 'clog' | 'drain'; readonly viewer: number }

const plain = ['part', 'settle', 'void', 'answer', 'tool', 'output', 'remove', 'hold', 'release', 'yield'] as const
const viewing = ['join', 'leave', 'return', 'clog', 'drain'] as const

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant('say' as const), text: fc.string({ minLength: 1, maxLength: 12 }) }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constantFrom(...plain) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom(...viewing), viewer: fc.integer({ min: 0, max: 2 }) }) },
)

/** Plays an agent that keeps to the rules of its sink, whatever the steps are. */
class Player {
  readonly #sink: AgentSink
  #message: AssistantDraft | null = null
  #tool: ToolDraft | null = null
  readonly #made: ItemId[] = []

  constructor(sink: AgentSink) {
    this.#sink = sink
  }

  take(step: Step): void {
    switch (step.does) {
      case 'say':
        this.#say(step.text)
        return
      case 'answer':
        this.#put({ id: randomId('itm'), kind: 'assistant', parts: [] })
        return
      case 'part':
        this.#grow({ type: 'text', text: '', growing: true })
        return
      case 'settle':
        if (this.#message === null) return
        this.#put({ ...this.#message, parts: this.#message.parts.map(settled) })
        return
      case 'void':
        if (this.#message !== null) this.#put({ ...this.#message, parts: [] })
        return
      case 'tool':
        this.#putTool({ ...newTool(), output: [{ type: 'text', text: 'begins ', growing: true }] })
        return
      case 'output':
        if (this.#tool !== null)
          this.#putTool({ ...this.#tool, status: 'done', output: [{ type: 'text', text: 'other' }] })
        this.#tool = null
        return
      case 'remove':
        this.#remove()
        return
      case 'hold':
      case 'release':
      case 'yield':
      case 'join':
      case 'leave':
      case 'return':
      case 'clog':
      case 'drain':
    }
  }

  #say(text: string): void {
    const message = this.#message
    const at = message?.parts.findLastIndex((part) => part.growing === true) ?? -1
    const part = message?.parts[at]
    if (message === null || part === undefined) return
    this.#message = { ...message, parts: message.parts.with(at, { ...part, text: part.text + text }) }
    this.#sink.append(message.id, at, text)
    if (this.#tool !== null) this.#sink.append(this.#tool.id, 0, text)
  }

  #grow(part: AssistantDraft['parts'][number]): void {
    const message = this.#message ?? { id: randomId('itm'), kind: 'assistant', parts: [] }
    if (message.parts.length < 4) this.#put({ ...message, parts: [...message.parts, part] })
  }

  #put(message: AssistantDraft): void {
    this.#message = message
    this.#made.push(message.id)
    this.#sink.put(message)
  }

  #putTool(tool: ToolDraft): void {
    this.#tool = tool
    this.#sink.put(tool)
  }

  #remove(): void {
    const id = this.#made.pop()
    if (id === undefined) return
    if (this.#message?.id === id) this.#message = null
    this.#sink.remove(id)
  }
}

function settled({ type, text }: AssistantDraft['parts'][number]): AssistantDraft['parts'][number] {
  return { type, text }
}

function newTool(): ToolDraft {
  return {
    id: randomId('itm'),
    kind: 'tool',
    call: 'c',
    name: 'bash',
    title: 'make',
    category: 'execute',
    input: null,
    status: 'running',
    output: [],
    touched: [],
  }
}

/** The connections of three people; each may be cut and come back with what it has. */
class Audience {
  readonly #desk: Desk
  readonly #viewers: (DeskWatcher | null)[] = [null, null, null]
  readonly #left: DeskWatcher[] = []

  constructor(desk: Desk) {
    this.#desk = desk
  }

  async take(step: Step): Promise<void> {
    if (!('viewer' in step)) return
    const viewer = this.#viewers[step.viewer] ?? null
    if (step.does === 'join') await this.#join(step.viewer, new DeskWatcher())
    else if (viewer === null) return
    else if (step.does === 'leave') this.#leave(step.viewer, viewer)
    else if (step.does === 'clog') viewer.bufferedBytes = 100_000
    else if (step.does === 'drain') viewer.drain()
    else await this.#return(step.viewer, viewer)
  }

  async all(): Promise<DeskWatcher[]> {
    const there = this.#viewers.filter((viewer) => viewer !== null)
    for (const viewer of there) viewer.drain()
    return [...there, await this.#desk.watch()]
  }

  async #join(at: number, viewer: DeskWatcher): Promise<void> {
    this.#viewers[at]?.close()
    this.#viewers[at] = viewer
    // A disk that is held would never answer.
    this.#desk.store.release()
    await viewer.open(this.#desk)
  }

  #leave(at: number, viewer: DeskWatcher): void {
    viewer.close()
    this.#viewers[at] = null
    this.#left.push(viewer)
  }

  async #return(at: number, viewer: DeskWatcher): Promise<void> {
    viewer.close()
    const back = new DeskWatcher()
    back.view = viewer.view
    await this.#join(at, back)
  }
}

test('whatever the agent, the disk and the viewers do, everybody ends with what is stored, and nobody misses anything', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 80 }), async (steps) => {
      const desk = new Desk()
      await desk.prompt('begin')
      await desk.agent.wasTold('prompt begin')
      const player = new Player(desk.agent.sink)
      const audience = new Audience(desk)
      for (const each of steps) {
        player.take(each)
        await audience.take(each)
        if (each.does === 'hold') desk.store.hold()
        if (each.does === 'release') desk.store.release()
        if (each.does === 'yield') await new Promise((resolve) => setImmediate(resolve))
      }
      desk.store.release()
      desk.agent.sink.turnEnded({ type: 'done' })
      await desk.actor.core.journal.idle()
      for (const viewer of await audience.all()) {
        expect(viewer.view.items).toEqual(desk.store.items)
        expect(viewer.view.session).toEqual(desk.session)
        expect([viewer.gaps, viewer.missing, viewer.wasted]).toEqual([0, [], 0])
      }
      await desk.actor.close()
    }),
    { numRuns: 400 },
  )
})

test('text too long to be kept while it grows goes on with its end', async () => {
  const desk = new Desk()
  await desk.prompt('begin')
  await desk.agent.wasTold('prompt begin')
  const viewer = await desk.watch()
  const { sink } = desk.agent
  const id = randomId('itm')
  sink.put({ id, kind: 'assistant', parts: [{ type: 'text', text: '', growing: true }] })
  const line = 'all work and no play\n'
  for (let count = 0; count < 20_000; count += 1) {
    sink.append(id, 0, line)
    if (count % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await desk.actor.core.journal.idle()
  await new Promise((resolve) => setImmediate(resolve))
  const [part] = viewer.view.items.flatMap((item) => (item.kind === 'assistant' ? item.parts : []))
  expect(part?.text.length).toBeLessThan(262_145)
  expect([part?.text.startsWith('…\n'), part?.text.endsWith(line)]).toEqual([true, true])
  sink.put({ id, kind: 'assistant', parts: [{ type: 'text', text: line.repeat(20_000) }], stop: 'end' })
  sink.turnEnded({ type: 'done' })
  await desk.actor.core.journal.idle()
  expect(viewer.view.items).toEqual(desk.store.items)
  expect([viewer.gaps, viewer.missing, desk.blobs.size]).toEqual([0, [], 1])
})

test('text that begins again is not mixed with what was there, however slow the disk is', async () => {
  const desk = new Desk()
  await desk.prompt('begin')
  await desk.agent.wasTold('prompt begin')
  const viewer = await desk.watch()
  const { sink } = desk.agent
  const id = randomId('itm')
  const grow = (text: string): AssistantDraft => ({
    id,
    kind: 'assistant',
    parts: [{ type: 'text', text, growing: true }],
  })
  const shown = (): unknown => viewer.view.items.flatMap((item) => (item.kind === 'assistant' ? item.parts : []))
  sink.put(grow('old'))
  await desk.actor.core.journal.idle()
  await Promise.resolve()
  expect(shown()).toEqual([{ type: 'text', text: 'old', rev: 0, growing: true }])
  desk.store.hold()
  sink.put(grow(''))
  sink.append(id, 0, 'and quite another text')
  await new Promise((resolve) => setImmediate(resolve))
  expect(shown()).toEqual([{ type: 'text', text: 'old', rev: 0, growing: true }])
  desk.store.release()
  await desk.actor.core.journal.idle()
  await Promise.resolve()
  expect(shown()).toEqual([{ type: 'text', text: 'and quite another text', rev: 1, growing: true }])
})

test('a last word about a finished answer does not send its text again', async () => {
  const desk = new Desk()
  await desk.prompt('begin')
  await desk.agent.wasTold('prompt begin')
  const viewer = await desk.watch()
  const { sink } = desk.agent
  const id = randomId('itm')
  sink.put({ id, kind: 'assistant', parts: [{ type: 'text', text: '', growing: true }] })
  await desk.actor.core.journal.idle()
  sink.append(id, 0, 'the whole answer')
  await Promise.resolve()
  sink.put({ id, kind: 'assistant', parts: [{ type: 'text', text: 'the whole answer' }] })
  await desk.actor.core.journal.idle()
  sink.put({ id, kind: 'assistant', parts: [{ type: 'text', text: 'the whole answer' }], stop: 'end' })
  await desk.actor.core.journal.idle()
  const forms = viewer.notices('sessions.changed').flatMap(({ items }) => items)
  expect(forms.flatMap((item) => (item.kind === 'assistant' ? [item.parts] : []))).toEqual([
    [{ type: 'text', text: '', rev: 0, growing: true }],
    [{ type: 'text', text: '', rev: 0, kept: 16 }],
    [{ type: 'text', text: '', rev: 0, kept: 16 }],
  ])
  expect(viewer.view.items.at(-1)).toMatchObject({ parts: [{ text: 'the whole answer' }], stop: 'end' })
})

test('growing text is saved for a crash after two seconds, without a change that anybody hears of', async () => {
  const desk = new Desk()
  await desk.prompt('begin')
  await desk.agent.wasTold('prompt begin')
  const { sink } = desk.agent
  const id = randomId('itm')
  sink.put({ id, kind: 'assistant', parts: [{ type: 'text', text: '', growing: true }] })
  await desk.actor.core.journal.idle()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const before = desk.store.commits.length
    const saved = (): unknown => desk.store.items.find((item) => item.id === id)
    for (const text of ['half ', 'a ']) sink.append(id, 0, text)
    vi.advanceTimersByTime(1_999)
    await desk.actor.core.journal.idle()
    expect(saved()).toMatchObject({ parts: [{ text: '' }] })
    vi.advanceTimersByTime(1)
    await desk.actor.core.journal.idle()
    expect(saved()).toMatchObject({ parts: [{ text: 'half a ', growing: true }] })
    expect(desk.store.commits.length).toBe(before)
  } finally {
    vi.useRealTimers()
  }
})
