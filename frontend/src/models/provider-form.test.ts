import type { Model } from '@octo/protocol'
import { expect, test } from 'vitest'
import { modelsMatching, offeredModels, providerIdOf } from './provider-form.ts'

const model = (id: string, name = id): Model => ({ provider: 'own', id, name, images: false, reasoning: false })

test('an own address is named after its title, and never like another', () => {
  expect(providerIdOf('My Gateway!', new Set())).toBe('my-gateway')
  expect(providerIdOf('my gateway', new Set(['my-gateway', 'my-gateway-2']))).toBe('my-gateway-3')
  expect(providerIdOf('7 日', new Set())).toBe('own')
})

test('models are found by words of their name or id, in any order', () => {
  const models = [model('gpt-large', 'Large'), model('gpt-small', 'Small')]
  expect(modelsMatching(models, 'large GPT')).toEqual([models[0]])
  expect(modelsMatching(models, '')).toEqual(models)
})

test('a picked model the provider does not name any more is still shown', () => {
  const gone = model('old')
  expect(offeredModels([model('new')], new Map([['old', gone]])).map(({ id }) => id)).toEqual(['new', 'old'])
})
