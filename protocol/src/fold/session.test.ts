import { describe, expect, test } from 'vitest'
import type { AssistantItem, ItemChange, TextPart } from '../items.ts'
import { type HeldItems, mergeItems } from './merge-items.ts'
import {
  applyChanged,
  applyOpen,
  applyPage,
  applyRead,
  applyTail,
  emptySessionView,
  type SessionView,
} from './session.ts'
import { RunnerModel } from './testing/runner-model.ts'

function openedWith(items: readonly AssistantItem[]): SessionView {
  const reply = new RunnerModel().open({ window: 1 })
  return applyOpen(emptySessionView, { ...reply, items: [...items], seq: 10 }).view
}

function item(index: number, part: Partial<TextPart> = {}, seq = 1): AssistantItem {
  const id = `itm_${String(index).padStart(26, 'a')}` as AssistantItem['id']
  return { id, index, seq, createdAt: 0, kind: 'assistant', parts: [{ type: 'text', text: '', rev: 0, ...part }] }
}

function changed(view: SessionView, items: ItemChange[], patch: Record<string, unknown> = {}) {
  const session = new RunnerModel().truth.session.id
  return applyChanged(view, { session, from: view.seq, seq: view.seq + 1, items, patch })
}

function tail(of: AssistantItem, { rev = 0, offset, text }: { rev?: number; offset: number; text: string }) {
  return { session: new RunnerModel().truth.session.id, item: of.id, part: 0, rev, offset, text }
}

function textOf(view: SessionView, at = 0): string | undefined {
  const found = view.items[at]
  return found?.kind === 'assistant' ? found.parts[0]?.text : undefined
}

describe('text that grows', () => {
  const growing = item(0, { growing: true, text: 'hel' })
  const view = openedWith([growing])

  test('goes on where it ends', () => {
    const next = applyTail(view, tail(growing, { offset: 3, text: 'lo' }))
    expect([textOf(next.view), next.gap, next.missing]).toEqual(['hello', false, []])
  })

  test('that is known already changes nothing', () => {
    expect(applyTail(view, tail(growing, { offset: 1, text: 'el' })).view).toBe(view)
  })

  test('from beyond the end is not taken, and what lies between is asked for', () => {
    const next = applyTail(view, tail(growing, { offset: 5, text: '!' }))
    expect([next.view, next.missing]).toEqual([view, [{ item: growing.id, part: 0, rev: 0, offset: 3 }]])
  })

  test('that began anew without the view knowing is a gap', () => {
    expect(applyTail(view, tail(growing, { rev: 1, offset: 0, text: 'x' }))).toEqual({ view, gap: true, missing: [] })
  })

  test('of a finished part is not taken', () => {
    const finished = openedWith([item(0, { text: 'hel' })])
    expect(applyTail(finished, tail(growing, { offset: 3, text: 'lo' })).view).toBe(finished)
  })

  test('that was left out of its end stays, and is asked for where it is not whole', () => {
    const whole = changed(view, [item(0, { kept: 3, text: '' }, 11)])
    expect([textOf(whole.view), whole.missing]).toEqual(['hel', []])
    const cut = changed(view, [item(0, { kept: 5, text: '' }, 11)])
    const missing = { item: growing.id, part: 0, rev: 0, offset: 3 }
    expect([textOf(cut.view), cut.missing]).toEqual(['hel', [missing]])
    const read = applyRead(cut.view, missing, { rev: 0, offset: 3, text: 'lo', growing: false, more: false })
    expect(read.view.items).toEqual([item(0, { text: 'hello' }, 11)])
  })

  test('that was left out after it began anew is not taken from what it was before', () => {
    const next = changed(view, [item(0, { rev: 1, kept: 3, text: '' }, 11)])
    expect([textOf(next.view), next.missing]).toEqual(['', [{ item: growing.id, part: 0, rev: 1, offset: 0 }]])
  })

  test('that was cut is known to be cut at the next open', () => {
    const cut = changed(view, [item(0, { kept: 5, text: '' }, 11)]).view
    const reply = new RunnerModel().open({ window: 1 })
    const reopened = applyOpen(cut, { ...reply, reset: false, items: [], seq: 12, epoch: cut.epoch ?? reply.epoch })
    expect(reopened.missing).toEqual([{ item: growing.id, part: 0, rev: 0, offset: 3 }])
  })
})

test('an answer that comes late changes nothing that is whole', () => {
  const view = openedWith([item(0, { text: 'the end' })])
  const asked = { item: item(0).id, part: 0 }
  expect(
    applyRead(view, asked, { rev: 0, offset: 0, text: 'something longer', growing: false, more: false }).view,
  ).toBe(view)
})

test('a change without the one before it is a gap and changes nothing', () => {
  const view = openedWith([item(0)])
  const session = new RunnerModel().truth.session.id
  const missed = applyChanged(view, { session, from: view.seq + 1, seq: view.seq + 2, items: [item(1)], patch: {} })
  expect(missed).toEqual({ view, gap: true, missing: [] })
})

test('a patch sets properties, and null takes one away', () => {
  const view = changed(openedWith([]), [], { title: 'new', phase: 'thinking' }).view
  expect(view.session).toMatchObject({ title: 'new', phase: 'thinking' })
  expect(Object.hasOwn(changed(view, [], { phase: null }).view.session ?? {}, 'phase')).toBe(false)
})

test('paging goes on below what is held whole, whatever single items are held further down', () => {
  const reply = new RunnerModel().open({ window: 1 })
  const all = Array.from({ length: 10 }, (_, index) => item(index))
  const opened = applyOpen(emptySessionView, { ...reply, items: all.slice(7), older: true, seq: 10 }).view
  const touched = changed(opened, [{ ...item(2), seq: 11 }]).view
  expect([touched.floor, touched.items.map((held) => held.index)]).toEqual([7, [2, 7, 8, 9]])
  const page = applyPage(touched, { items: all.slice(4, 7), older: true }).view
  expect([page.floor, page.older]).toEqual([4, true])
  const late = applyPage(applyPage(page, { items: all.slice(0, 4), older: false }).view, {
    items: all.slice(4, 7),
    older: true,
  })
  expect([late.view.floor, late.view.older, late.view.items.length]).toEqual([0, false, 10])
})

test('what did not change stays the same object', () => {
  const all = Array.from({ length: 5_000 }, (_, index) => item(index))
  const view = openedWith(all)
  const next = changed(view, [{ ...item(4_999, { text: 'end' }), seq: 11 }]).view
  expect(next.items.slice(0, -1).every((held, at) => held === view.items[at])).toBe(true)
  expect(next.removed).toBe(view.removed)
  expect(changed(view, [], { title: 'x' }).view.items).toBe(view.items)
})

test('merging one by one and all at once come to the same, newer forms winning', () => {
  const forms: ItemChange[] = [
    item(3, { text: 'old' }, 2),
    item(1, { text: 'new' }, 5),
    item(3, { text: 'older' }, 1),
    { id: item(2).id, seq: 4, kind: 'removed' },
    item(2, { text: 'late' }, 3),
    { ...item(3, { text: 'moved' }, 6), index: 0 },
    item(5, {}, 7),
    { id: item(5).id, seq: 8, kind: 'removed' },
    item(5, { text: 'back' }, 9),
  ]
  const held = { items: [item(1), item(2), item(4)], removed: new Map() }
  const once = mergeItems(held, forms)
  const singly = forms.reduce<HeldItems>((merged, form) => mergeItems(merged, [form]), held)
  expect({ items: once.items, removed: once.removed }).toEqual({ items: singly.items, removed: singly.removed })
  expect(once.items.map((merged) => [merged.index, merged.seq])).toEqual([
    [0, 6],
    [1, 5],
    [4, 1],
    [5, 9],
  ])
  expect([...once.removed]).toEqual([[item(2).id, 4]])
})
