import type { RequestItem } from '@octo/protocol'
import { expect, test } from 'vitest'
import { choicesOf, describeAnswer, openRequests } from './answers.ts'

const request = (patch: Partial<RequestItem>): RequestItem =>
  ({
    kind: 'request',
    state: 'open',
    wants: 'option',
    options: [
      { id: 'a', label: 'Allow', effect: 'allow_once' },
      { id: 'r', label: 'Reject', effect: 'reject' },
    ],
    ...patch,
  }) as RequestItem

test('options are answered by their ids, a confirmation by yes and no, a text by none', () => {
  expect(choicesOf(request({})).map(({ answer }) => answer)).toEqual([
    { type: 'option', option: 'a' },
    { type: 'option', option: 'r' },
  ])
  expect(choicesOf(request({ wants: 'confirm' })).map(({ answer }) => answer)).toEqual([
    { type: 'confirm', confirmed: true },
    { type: 'confirm', confirmed: false },
  ])
  expect(choicesOf(request({ wants: 'text' }))).toEqual([])
})

test('a settled request says who answered what', () => {
  const answered = { state: 'answered', answeredBy: 'ada' } as const
  expect(
    [
      request({ ...answered, answer: { type: 'option', option: 'a' } }),
      request({ ...answered, answer: { type: 'option', option: 'unknown' } }),
      request({ ...answered, answer: { type: 'confirm', confirmed: false } }),
      request({ state: 'withdrawn' }),
      request({ state: 'settled' }),
    ].map(describeAnswer),
  ).toEqual(['Allow by ada', 'unknown by ada', 'Declined by ada', 'Withdrawn by the agent', 'Settled by a rule'])
})

test('only open requests wait', () => {
  const open = request({})
  expect(openRequests([{ kind: 'notice' }, request({ state: 'answered' }), open])).toEqual([open])
})
