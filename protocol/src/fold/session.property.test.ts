import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientModel } from './testing/client-model.ts'
import { RunnerModel } from './testing/runner-model.ts'

const pick = fc.nat()
const text = fc.string({ maxLength: 10 })

/** What happens in the runner; numbers pick one of what there is. */
const runnerStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), text, growing: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('grow' as const), pick, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), pick, final: fc.option(text) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('checkpoint' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('patch' as const), title: text, mode: fc.option(text) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const) }) },
)
/** What happens on the way and in the client. Answers that are late come after whatever happens meanwhile. */
const clientStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('next' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('anything' as const), pick, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ask' as const), late: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('page' as const), late: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), window: fc.integer({ min: 1, max: 6 }) }) },
)
type StepOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never
type RunnerStep = StepOf<typeof runnerStep>
type ClientStep = StepOf<typeof clientStep>

function choose<Value>(values: readonly Value[], number: number): Value | undefined {
  return values[number % Math.max(values.length, 1)]
}

function runRunner(runner: RunnerModel, now: RunnerStep): void {
  switch (now.do) {
    case 'add':
      return runner.add(now.text, now.growing)
    case 'say':
      return runner.say()
    case 'patch':
      return runner.patch(now.title, now.mode)
    case 'remove': {
      const item = choose(runner.items, now.pick)
      if (item !== undefined) runner.remove(item.id)
      return
    }
    case 'grow':
    case 'restart':
    case 'settle':
    case 'checkpoint':
      runGrowing(runner, now)
  }
}

function runGrowing(
  runner: RunnerModel,
  now: Extract<RunnerStep, { do: 'grow' | 'restart' | 'settle' | 'checkpoint' }>,
): void {
  const item = choose(runner.growing, now.pick)
  if (item === undefined) return
  switch (now.do) {
    case 'grow':
      return runner.grow(item, now.text)
    case 'restart':
      return runner.restart(item)
    case 'settle':
      return runner.settle(item, now.final)
    case 'checkpoint':
      return runner.checkpoint(item)
  }
}

interface World {
  readonly runner: RunnerModel
  readonly client: ClientModel
  /** Answers that are on their way. */
  readonly late: (() => void)[]
}

function runClient({ runner, client, late }: World, now: ClientStep): void {
  switch (now.do) {
    case 'open':
      return client.open(now.window)
    case 'answer':
      return late.shift()?.()
    case 'lose':
      client.cursor += 1
      return
    case 'next':
      return deliver(client, runner, { from: client.cursor, count: now.count })
    case 'anything':
      return deliver(client, runner, { from: now.pick % Math.max(runner.announced.length, 1), count: now.count })
    case 'ask':
    case 'page': {
      const answers = now.do === 'ask' ? client.ask() : [client.askPage()]
      if (now.late) late.push(...answers)
      else for (const answer of answers) answer()
    }
  }
}

function deliver(client: ClientModel, runner: RunnerModel, { from, count }: { from: number; count: number }): void {
  const delivered = runner.announced.slice(from, from + count)
  if (from === client.cursor) client.cursor += delivered.length
  for (const announcement of delivered) client.take(announcement)
}

interface Beginning {
  /** What had happened before the client came. */
  readonly past: readonly RunnerStep[]
  /** How much of it the client asks for at first. */
  readonly window: number
}

const beginning: fc.Arbitrary<Beginning> = fc.record({
  past: fc.array(runnerStep, { maxLength: 40, size: 'max' }),
  window: fc.integer({ min: 1, max: 6 }),
})

function begin({ past, window }: Beginning): World {
  const runner = new RunnerModel()
  for (const now of past) runRunner(runner, now)
  const client = new ClientModel(runner)
  client.open(window)
  return { runner, client, late: [] }
}

function play(world: World, steps: readonly (RunnerStep | ClientStep)[]): void {
  for (const now of steps) {
    if (isClientStep(now)) runClient(world, now)
    else runRunner(world.runner, now)
    expectNothingInvented(world)
  }
}

function isClientStep(now: RunnerStep | ClientStep): now is ClientStep {
  return ['next', 'lose', 'anything', 'ask', 'page', 'answer', 'open'].includes(now.do)
}

/** At no moment shows a view text that never was, an item twice, or items out of order. */
function expectNothingInvented({ client, runner }: World): void {
  const { items } = client.view
  const wrong = items.filter(
    (item) => item.kind === 'assistant' && item.parts.some((part) => !runner.couldBe(item.id, part.rev, part.text)),
  )
  expect(wrong).toEqual([])
  expect(items.map((item) => item.index)).toEqual(
    [...new Set(items.map((item) => item.index))].toSorted((a, b) => a - b),
  )
}

/** What the client and the runner each hold: from the client's floor on, and when all pages are read. */
function compared({ client, runner }: World): { readonly seen: unknown; readonly true: unknown } {
  const { truth } = runner
  const { floor, items, session } = client.view
  client.pageToTheBeginning()
  client.readAll()
  return {
    seen: { session, window: items.filter((item) => item.index >= floor), all: client.view.items },
    true: { session: truth.session, window: truth.items.filter((item) => item.index >= floor), all: truth.items },
  }
}

const steps = fc.array(fc.oneof(runnerStep, clientStep), { maxLength: 80, size: 'max' })

test('whatever was lost, late, repeated or reordered, one reopen with its reads gives the state of the runner', () => {
  fc.assert(
    fc.property(beginning, steps, (first, then) => {
      const world = begin(first)
      play(world, then)
      world.client.open(first.window)
      world.client.readAll()
      const outcome = compared(world)
      expect(outcome.seen).toEqual(outcome.true)
    }),
    { numRuns: 3_000 },
  )
})

test('whoever comes late sees the newest window, and by paging back the whole', () => {
  fc.assert(
    fc.property(beginning, (first) => {
      const world = begin(first)
      expectNothingInvented(world)
      const outcome = compared(world)
      expect(outcome.seen).toEqual(outcome.true)
    }),
    { numRuns: 1_000 },
  )
})

test('what arrives in order needs no reopen and no read', () => {
  fc.assert(
    fc.property(fc.array(runnerStep, { maxLength: 80, size: 'max' }), (then) => {
      const world = begin({ past: [], window: 1 })
      const { client, runner } = world
      for (const now of then) {
        runRunner(runner, now)
        deliver(client, runner, { from: client.cursor, count: runner.announced.length })
        expectNothingInvented(world)
      }
      runner.say()
      deliver(client, runner, { from: client.cursor, count: runner.announced.length })
      expect(client.ask()).toEqual([])
      expect(client.view.items).toEqual(runner.truth.items)
      expect(client.view.session).toEqual(runner.truth.session)
    }),
    { numRuns: 1_000 },
  )
})

test('a store that was restored resets its clients to what there is now', () => {
  fc.assert(
    fc.property(beginning, steps, steps, (first, then, after) => {
      const world = begin(first)
      play(world, then)
      world.runner.restore()
      world.late.length = 0
      world.client.open(4)
      play(world, after)
      world.client.open(4)
      world.client.readAll()
      const outcome = compared(world)
      expect(outcome.seen).toEqual(outcome.true)
    }),
    { numRuns: 500 },
  )
})
