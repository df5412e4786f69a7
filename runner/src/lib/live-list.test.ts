import { applyList, applyListChanged, emptyList, type ListState } from '@octo/protocol'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ListChange, LiveList } from './live-list.ts'

interface Entry {
  readonly id: string
  readonly value: number
}

const step = fc.oneof(
  fc.record({ do: fc.constant('upsert' as const), id: fc.integer({ min: 0, max: 9 }), value: fc.nat() }),
  fc.record({ do: fc.constant('remove' as const), id: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ do: fc.constant('deliver' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('list' as const) }),
)

function relisted(list: LiveList<Entry>, state: ListState<Entry>): ListState<Entry> {
  return applyList(state, list.since(state.epoch === null ? {} : { after: state.seq, epoch: state.epoch }))
}

test('a client that lost, repeated and reordered changes has the list after asking once more', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const list = new LiveList<Entry>()
      const changes: ListChange<Entry>[] = []
      list.subscribe((change) => changes.push(change))
      let state = emptyList<Entry>()
      for (const now of steps) {
        if (now.do === 'upsert') list.upsert({ id: `entry-${now.id}`, value: now.value })
        else if (now.do === 'remove') list.remove(`entry-${now.id}`)
        else if (now.do === 'list') state = relisted(list, state)
        else {
          const change = changes[now.pick % Math.max(changes.length, 1)]
          if (change !== undefined) state = applyListChanged(state, change) ?? state
        }
      }
      state = relisted(list, state)
      const byId = (a: Entry, b: Entry): number => a.id.localeCompare(b.id)
      expect([...state.entries.values()].toSorted(byId)).toEqual(list.values().toSorted(byId))
    }),
    { numRuns: 1_000 },
  )
})

test('a change that was missed is noticed', () => {
  const list = new LiveList<Entry>()
  const changes: ListChange<Entry>[] = []
  let state = relisted(list, emptyList<Entry>())
  list.subscribe((change) => changes.push(change))
  list.upsert({ id: 'a', value: 1 })
  list.upsert({ id: 'b', value: 2 })
  const [first, second] = changes
  expect(second && applyListChanged(state, second)).toBe(null)
  for (const change of [first, second, first]) if (change) state = applyListChanged(state, change) ?? state
  expect([...state.entries.keys()]).toEqual(['a', 'b'])
})

test('a cursor of another list, or from the future, gets everything anew', () => {
  const list = new LiveList<Entry>()
  list.upsert({ id: 'a', value: 1 })
  const other = new LiveList<Entry>().epoch
  const everything = { epoch: list.epoch, seq: 1, reset: true, items: [{ id: 'a', value: 1 }] }
  expect(list.since({})).toEqual(everything)
  expect(list.since({ after: 1, epoch: other })).toEqual(everything)
  expect(list.since({ after: 2, epoch: list.epoch })).toEqual(everything)
  expect(list.since({ after: 1, epoch: list.epoch })).toEqual({ ...everything, reset: false, items: [] })
})

test('removals are told until there are too many to remember, then there is a reset', () => {
  const list = new LiveList<Entry>()
  list.upsert({ id: 'kept', value: 0 })
  const { epoch, seq } = list.since({})
  for (let number = 0; number < 1_000; number += 1) {
    list.upsert({ id: `${number}`, value: number })
    list.remove(`${number}`)
  }
  expect(list.since({ after: seq, epoch }).items).toHaveLength(1_000)
  list.upsert({ id: 'last', value: 1 })
  list.remove('last')
  expect(list.since({ after: seq, epoch })).toMatchObject({ reset: true, items: [{ id: 'kept', value: 0 }] })
})

test('whoever ended a subscription is told nothing more', () => {
  const list = new LiveList<Entry>()
  let told = 0
  const end = list.subscribe(() => (told += 1))
  list.upsert({ id: 'a', value: 1 })
  end()
  list.upsert({ id: 'a', value: 2 })
  expect(told).toBe(1)
})
