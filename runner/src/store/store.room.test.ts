import { join } from 'node:path'
import type { Item, ItemChange, Session } from '@octo/protocol'
import { randomId } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { openStore, type Store } from './index.ts'
import { assistantItem, change, growingItem, sampleSession, toolItem, userItem } from './testing/samples.ts'

const folder = useTempFolder()
let store: Store
let session: Session

async function open(): Promise<Store> {
  return openStore({
    path: join(folder(), 'runner.db'),
    log: silentLog,
    onLost: (error) => {
      throw error
    },
  })
}

beforeEach(async () => {
  store = await open()
  session = sampleSession()
})
afterEach(() => store.close())

async function reopen(): Promise<void> {
  await store.close()
  store = await open()
}

test('a restart finds sessions, items and what the agent needs to go on', async () => {
  const first = userItem('hello', { seq: 1, index: 0 })
  const second = assistantItem('hi', { seq: 2, index: 1 })
  await store.commit({ ...change(session, 1, [first]), agentState: { file: 'a.jsonl' } })
  await store.commit(change(session, 2, [second]))
  const { epoch } = store
  await reopen()
  expect(store.epoch).toBe(epoch)
  expect(await store.sessions()).toEqual([
    { properties: { ...session, updatedAt: 2 }, seq: 2, nextIndex: 2, agentState: { file: 'a.jsonl' } },
  ])
  expect(await store.newest(session.id, 10)).toEqual({ items: [first, second], seq: 2, more: false, older: false })
})

test('whoever was away gets the latest form of each touched item once, and what was removed', async () => {
  const kept = userItem('kept', { seq: 1, index: 0 })
  const edited = userItem('before', { seq: 1, index: 1 })
  const removed = userItem('undone', { seq: 1, index: 2 })
  await store.commit(change(session, 1, [kept, edited, removed]))
  const again: Item = { ...edited, seq: 3, parts: [{ type: 'text', text: 'after', rev: 0 }] }
  await store.commit(change(session, 2, [{ ...edited, seq: 2 }]))
  await store.commit(change(session, 3, [again]))
  const gone: ItemChange = { id: removed.id, seq: 4, kind: 'removed' }
  await store.commit({ ...change(session, 4), items: [gone] })
  expect(await store.changedSince(session.id, 1)).toEqual({ items: [again, gone], seq: 4, more: false, older: false })
  expect(await store.newest(session.id, 10)).toMatchObject({ items: [kept, again] })
  expect(await store.item(session.id, removed.id)).toBe(null)
  expect((await store.sessions())[0]?.nextIndex).toBe(3)
})

test('many changes come in pages that fit a frame and leave nothing out', async () => {
  const all: Item[] = []
  for (let seq = 1; seq <= 60; seq += 1) {
    const items = [0, 1].map((at) => userItem(`${seq}`.padEnd(30_000, 'x'), { seq, index: seq * 2 + at }))
    all.push(...items)
    await store.commit(change(session, seq, items))
  }
  const told: ItemChange[] = []
  let pages = 0
  for (let after = 0, more = true; more; pages += 1) {
    const page = await store.changedSince(session.id, after)
    expect(JSON.stringify(page).length).toBeLessThan(1_000_000)
    told.push(...page.items)
    ;({ seq: after, more } = page)
  }
  expect(told).toEqual(all)
  expect(pages).toBeGreaterThan(3)
})

test('the history is walked back in pages, oldest first in each, until there is nothing older', async () => {
  const all = Array.from({ length: 50 }, (_, index) =>
    userItem(`${index}`.padEnd(60_000, 'y'), { seq: index + 1, index }),
  )
  for (const item of all) await store.commit(change(session, item.seq, [item]))
  const newest = await store.newest(session.id, 5)
  expect(newest).toEqual({ items: all.slice(-5), seq: 50, more: false, older: true })
  let held = newest.items as Item[]
  for (let older = true; older;) {
    const page = await store.before(session.id, held[0]?.index ?? 0, 1_000)
    expect(page.items.length).toBeLessThan(14)
    held = [...page.items, ...held]
    ;({ older } = page)
  }
  expect(held).toEqual(all)
})

test('text that grows is saved without anybody being told, and never over something newer', async () => {
  const growing = growingItem('', { seq: 1, index: 0 })
  await store.commit(change(session, 1, [growing]))
  const longer: Item = { ...growing, parts: [{ type: 'text', text: 'so far', rev: 0, growing: true }] }
  await store.checkpoint(session.id, longer)
  expect(await store.item(session.id, growing.id)).toEqual(longer)
  expect((await store.changedSince(session.id, 1)).items).toEqual([])

  const final: Item = { ...growing, seq: 2, parts: [{ type: 'text', text: 'the end', rev: 0 }] }
  await store.commit(change(session, 2, [final]))
  await store.checkpoint(session.id, longer)
  expect(await store.item(session.id, growing.id)).toEqual(final)

  await store.commit({ ...change(session, 3), items: [{ id: growing.id, seq: 3, kind: 'removed' }] })
  await store.checkpoint(session.id, { ...longer, seq: 9 })
  expect(await store.item(session.id, growing.id)).toBe(null)
})

test('a restart finds what had not ended', async () => {
  const growing = growingItem('cut', { seq: 1, index: 1 })
  const running = { ...toolItem('npm test', { seq: 1, index: 2 }), status: 'running' as const }
  const turn: Item = { id: randomId('itm'), seq: 1, index: 0, createdAt: 1, kind: 'turn', origin: 'user', startedAt: 1 }
  await store.commit(change(session, 1, [turn, growing, running, userItem('done', { seq: 1, index: 3 })]))
  await reopen()
  expect(await store.unfinished(session.id)).toEqual([turn, growing, running])
  const ended = [
    { ...turn, seq: 2, outcome: { type: 'interrupted' as const, reason: 'restart' } },
    { ...growing, seq: 2, parts: [{ type: 'text' as const, text: 'cut', rev: 0 }] },
    { ...running, seq: 2, status: 'cancelled' as const },
  ]
  await store.commit(change(session, 2, ended))
  expect(await store.unfinished(session.id)).toEqual([])
})

test('a change that does not go beyond what is stored is refused whole', async () => {
  await store.commit(change(session, 5, [userItem('first', { seq: 5, index: 0 })]))
  await expect(store.commit(change(session, 5, [userItem('again', { seq: 5, index: 1 })]))).rejects.toThrow(
    'is at seq 5',
  )
  expect((await store.newest(session.id, 10)).items).toHaveLength(1)
})

test('a change too large for a frame is refused before it is stored', async () => {
  const items = Array.from({ length: 20 }, (_, index) => userItem('z'.repeat(60_000), { seq: 1, index }))
  await expect(store.commit(change(session, 1, items))).rejects.toMatchObject({ code: 'too_large' })
  expect(await store.sessions()).toEqual([])
})

test('more than the disk can take is refused as overload, and what was taken is there', async () => {
  const text = 'x'.repeat(700_000)
  const writes = Array.from({ length: 120 }, (_, at) =>
    store.commit(change(session, at + 1, [userItem(text, { seq: at + 1, index: at })])),
  )
  const outcomes = await Promise.allSettled(writes)
  const stored = outcomes.filter((outcome) => outcome.status === 'fulfilled').length
  expect(stored).toBeGreaterThan(80)
  expect(outcomes.slice(stored).map((outcome) => outcome.status === 'rejected' && (outcome.reason as unknown))).toEqual(
    Array.from(
      { length: 120 - stored },
      () => expect.objectContaining({ code: 'overloaded', retryable: true }) as unknown,
    ),
  )
  expect((await store.sessions())[0]).toMatchObject({ seq: stored, nextIndex: stored })
})

test('a deleted session stays deleted, whatever was still on its way', async () => {
  await store.commit(change(session, 1, [userItem('zebra', { seq: 1, index: 0 })]))
  const [deleted, late] = await Promise.allSettled([
    store.deleteSession(session.id),
    store.commit(change(session, 2, [userItem('late', { seq: 2, index: 1 })])),
  ])
  expect([deleted.status, late]).toEqual([
    'fulfilled',
    { status: 'rejected', reason: expect.objectContaining({ code: 'not_found' }) },
  ])
  await expect(store.newest(session.id, 10)).rejects.toMatchObject({ code: 'not_found' })
  expect(await store.sessions()).toEqual([])
  expect(await store.search('zebra', 10)).toEqual([])
})

test('one write that fails leaves nothing behind, and does not fail those that share its sync', async () => {
  const other = sampleSession()
  const taken = userItem('theirs', { seq: 1, index: 0 })
  await store.commit(change(other, 1, [taken]))
  const first = userItem('a', { seq: 1, index: 0 })
  const third = userItem('c', { seq: 3, index: 2 })
  const outcomes = await Promise.allSettled([
    store.commit(change(session, 1, [first])),
    store.commit(change(session, 2, [userItem('b', { seq: 2, index: 1 }), { ...taken, seq: 2, index: 3 }])),
    store.commit(change(session, 3, [third])),
  ])
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((await store.before(session.id, 10, 10)).items).toEqual([first, third])
  expect((await store.before(other.id, 10, 10)).items).toEqual([taken])
})

test('workspaces are kept, and take their sessions with them', async () => {
  const workspace = {
    id: session.workspace,
    name: 'octo',
    path: '/srv/octo',
    present: true,
    git: false,
    createdAt: 1,
    updatedAt: 1,
  }
  await store.saveWorkspace({ ...workspace, name: 'first' })
  await store.saveWorkspace(workspace)
  await store.commit(change(session, 1, [userItem('zebra', { seq: 1, index: 0 })]))
  await reopen()
  expect(await store.workspaces()).toEqual([workspace])
  await store.deleteWorkspace(workspace.id)
  expect(await store.workspaces()).toEqual([])
  expect(await store.sessions()).toEqual([])
  expect(await store.search('zebra', 10)).toEqual([])
})
