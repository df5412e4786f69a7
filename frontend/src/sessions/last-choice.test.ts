import type { Agent, Provider } from '@octo/protocol'
import { expect, test } from 'vitest'
import type { SessionChoice } from './last-choice.ts'
import { possibleChoice } from './last-choice.ts'

const NONE: SessionChoice = { agent: null, model: null, effort: null, mode: null }
const capabilities = { models: true, efforts: ['low', 'high'], modes: [{ id: 'plan', title: 'Plan' }] }
const agent = (name: string, ready = true): Agent => ({ name, title: name, ready, capabilities }) as unknown as Agent
const provider = (id: string, kind: string, ...models: readonly string[]): Provider =>
  ({ id, kind, models: models.map((model) => ({ provider: id, id: model, name: model })) }) as unknown as Provider

test('the first session takes the first agent that is ready, and no demo model while there is another', () => {
  const providers = [provider('demo', 'demo', 'scripted'), provider('anthropic', 'anthropic', 'opus')]
  expect(possibleChoice(NONE, [agent('missing', false), agent('pi')], providers)).toMatchObject({
    agent: 'pi',
    model: { provider: 'anthropic', id: 'opus' },
    effort: null,
    mode: null,
  })
  expect(possibleChoice(NONE, [agent('pi')], providers.slice(0, 1)).model).toEqual({ provider: 'demo', id: 'scripted' })
})

test('the last choice is taken again as far as it can be had', () => {
  const last: SessionChoice = { agent: 'pi', model: { provider: 'own', id: 'gone' }, effort: 'high', mode: 'yolo' }
  const possible = possibleChoice(last, [agent('pi')], [provider('own', 'openai-compatible', 'kept')])
  expect(possible).toMatchObject({ agent: 'pi', model: { provider: 'own', id: 'kept' }, effort: 'high', mode: null })
})

test('without any agent that is ready, the first one says what is missing', () => {
  expect(possibleChoice(NONE, [agent('pi', false)], []).agentFacts?.name).toBe('pi')
  expect(possibleChoice(NONE, [], []).agentFacts).toBeNull()
})
