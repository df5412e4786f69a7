import { OctoError } from '@octo/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RequestMap } from './request-map.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('each call gets its own answer', async () => {
  const map = new RequestMap<string>()
  const first = map.open('one', 1_000)
  const second = map.open('two', null)
  expect(map.settle(second.id, 'b')).toBe(true)
  expect(map.settle(first.id, 'a')).toBe(true)
  expect(await Promise.all([first.reply, second.reply])).toEqual(['a', 'b'])
  expect(map.settle(first.id, 'again')).toBe(false)
})

test('a call that is never answered ends in a time-out that names it', async () => {
  const map = new RequestMap<string>()
  const { reply } = map.open('get_state', 5_000)
  const outcome = reply.catch((error: unknown) => error)
  vi.advanceTimersByTime(5_000)
  expect(await outcome).toMatchObject({
    code: 'agent_timeout',
    message: 'The agent did not answer get_state within 5 s.',
  })
})

test('the end of the agent ends every call, those to come included', async () => {
  const map = new RequestMap<string>()
  const open = map.open('prompt', null).reply.catch((error: unknown) => error)
  const end = new OctoError('agent_failed', 'pi ended with code 1.')
  map.endAll(end)
  const late = map.open('abort', null).reply.catch((error: unknown) => error)
  expect(await Promise.all([open, late])).toEqual([end, end])
})
