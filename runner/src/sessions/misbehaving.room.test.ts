import { join } from 'node:path'
import type { AgentConfig } from '@octo/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeCaller } from '../wire/testing/fake-caller.ts'
import { House } from './testing/house.ts'
import { isAlive } from './testing/processes.ts'
import type { Watcher } from './testing/watcher.ts'

const SCRIPT = join(import.meta.dirname, '..', '..', '..', 'tests', 'agents', 'pi-like.ts')

const modes = ['well', 'exits', 'silent', 'garbage', 'half-line', 'long-line', 'dies', 'deaf', 'floods']

function config(mode: string): AgentConfig {
  return { kind: 'pi', title: mode, command: process.execPath, args: [SCRIPT, mode] }
}

let house: House

beforeAll(async () => {
  const agents = Object.fromEntries(modes.map((mode) => [mode, config(mode)]))
  const missing: AgentConfig = { kind: 'pi', command: '/nowhere/pi' }
  house = await House.open({ agents: { ...agents, missing }, times: { readyMs: 4_000, stopMs: 500 } })
})

afterAll(() => house.close())

/** What a user sees of the end: the turn's outcome, the crash notice, and whether anything still seems to run. */
function endOf(watcher: Watcher): object {
  const [turn] = watcher.items('turn')
  return {
    state: watcher.session.state,
    outcome: turn?.outcome,
    notices: watcher.items('notice').map(({ level, code, text }) => [level, code, text]),
    growing: watcher.items('assistant').filter(({ parts }) => parts.some(({ growing }) => growing)).length,
  }
}

/** The session is usable: a prompt is taken and comes to an end of its own. */
async function tryAgain(watcher: Watcher): Promise<void> {
  await house.prompt(watcher.session.id, 'again')
  await watcher.turnsEnded(2)
}

test('an agent that behaves is heard', async () => {
  const { watcher } = await house.begin('hello', { agent: 'well' })
  await watcher.turnsEnded(1)
  expect([watcher.said, watcher.outcomes]).toEqual([['You said: hello'], ['done']])
})

test('a program that is not there fails the turn, and the list of agents says so before', async () => {
  const { agents } = await house.agents.methods['agents.list']({}, fakeCaller())
  const known = agents.map(({ name, installed, ready, version }) => [name, installed, ready, version])
  expect(known).toContainEqual(['missing', false, false, undefined])
  expect(known).toContainEqual(['well', true, true, '1.2.3'])
  const { watcher } = await house.begin('hello', { agent: 'missing' })
  await watcher.turnsEnded(1)
  const message = 'There is no program /nowhere/pi. Install it or correct its path.'
  expect(endOf(watcher)).toEqual({
    state: 'failed',
    outcome: { type: 'failed', kind: 'agent', message },
    notices: [['error', 'error', `The agent could not begin: ${message}`]],
    growing: 0,
  })
  await tryAgain(watcher)
})

test('an agent that ends at once tells what it said last', async () => {
  const { watcher } = await house.begin('hello', { agent: 'exits' })
  await watcher.turnsEnded(1)
  expect(endOf(watcher)).toEqual({
    state: 'failed',
    outcome: { type: 'failed', kind: 'agent', message: 'exits ended with code 3.' },
    notices: [['error', 'crash', 'The agent could not begin: exits ended with code 3.']],
    growing: 0,
  })
  expect(watcher.items('notice')[0]?.details).toBe('The configuration is broken:\n  line 3: no such thing')
  await tryAgain(watcher)
})

test('an agent that never answers is given up', async () => {
  const { watcher } = await house.begin('hello', { agent: 'silent' })
  await watcher.turnsEnded(1)
  expect(endOf(watcher)).toMatchObject({
    state: 'failed',
    outcome: { type: 'failed', kind: 'agent', message: 'The agent did not answer get_state within 4 s.' },
  })
  await tryAgain(watcher)
})

test('bytes that are no protocol end the start', async () => {
  const { watcher } = await house.begin('hello', { agent: 'garbage' })
  await watcher.turnsEnded(1)
  expect(endOf(watcher)).toMatchObject({
    state: 'failed',
    outcome: { type: 'failed', kind: 'agent', message: 'garbage sends something that is not its protocol.' },
  })
  await tryAgain(watcher)
})

test('half a message is told as such', async () => {
  const { watcher } = await house.begin('hello', { agent: 'half-line' })
  await watcher.turnsEnded(1)
  const message = 'half-line ended by itself in the middle of a message.'
  expect(endOf(watcher)).toEqual({
    state: 'interrupted',
    outcome: { type: 'interrupted', reason: message },
    notices: [['error', 'crash', message]],
    growing: 0,
  })
  await tryAgain(watcher)
})

test('64 MB in one line end the agent, not the runner', async () => {
  const before = process.memoryUsage().rss
  const { watcher } = await house.begin('hello', { agent: 'long-line' })
  await watcher.turnsEnded(1)
  const message = 'long-line sent a line longer than 8 MiB.'
  expect(endOf(watcher)).toMatchObject({
    state: 'interrupted',
    outcome: { type: 'interrupted', reason: message },
    notices: [['error', 'crash', message]],
  })
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576)
  await tryAgain(watcher)
})

test('an agent that is killed in its answer leaves what it said, and nothing that runs', async () => {
  const { watcher } = await house.begin('hello', { agent: 'dies' })
  await watcher.turnsEnded(1)
  expect(endOf(watcher)).toEqual({
    state: 'interrupted',
    outcome: { type: 'interrupted', reason: 'dies was ended by SIGKILL.' },
    notices: [['error', 'crash', 'dies was ended by SIGKILL.']],
    growing: 0,
  })
  expect(watcher.items('notice')[0]?.details).toBe('segmentation fault (not really)')
  expect(watcher.said[0]).toMatch(/^I was about to pid=\d+ $/u)
  expect(await isAlive(Number(/pid=(\d+)/u.exec(watcher.said[0] ?? '')?.[1]))).toBe(false)
  await tryAgain(watcher)
})

test('an agent that ignores a stop is killed, and the turn counts as stopped', async () => {
  const { session, watcher } = await house.begin('hello', { agent: 'deaf' })
  await watcher.until(() => watcher.said[0] === 'la la la')
  await house.stop(session.id)
  await watcher.until(() => watcher.session.state === 'stopping')
  await watcher.turnsEnded(1)
  expect(endOf(watcher)).toEqual({ state: 'idle', outcome: { type: 'stopped' }, notices: [], growing: 0 })
})

test('a flood is taken whole, in order and once', async () => {
  const { watcher } = await house.begin('hello', { agent: 'floods' })
  await watcher.turnsEnded(1)
  expect(watcher.said).toEqual([Array.from({ length: 20_000 }, (_, count) => `${count % 10}`).join('')])
  expect(watcher.items('notice').map(({ text }) => text)).toEqual(
    Array.from({ length: 2_000 }, (_, count) => `notice ${count}`),
  )
  expect([watcher.gaps, watcher.missing]).toEqual([0, []])
  const stored = await house.watch(watcher.session.id)
  expect(stored.view.items.at(-1)).toEqual(watcher.view.items.at(-1))
})
