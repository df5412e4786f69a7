import { join } from 'node:path'
import type { Session } from '@octo/protocol'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { openStore, type Store } from './index.ts'
import { assistantItem, change, growingItem, sampleSession, toolItem, userItem } from './testing/samples.ts'

const folder = useTempFolder()
let store: Store
let session: Session

beforeEach(async () => {
  session = sampleSession()
  store = await openStore({
    path: join(folder(), 'runner.db'),
    log: silentLog,
    onLost: (error) => {
      throw error
    },
  })
})
afterEach(() => store.close())

async function found(query: string): Promise<string[]> {
  return (await store.search(query, 100)).map((hit) => hit.excerpt)
}

test('messages and tool titles are found by their words, newest first, thoughts are not', async () => {
  const asked = userItem('Why does the parser fail?', { seq: 1, index: 0 })
  const ran = toolItem('npm test parser', { seq: 2, index: 1 })
  const answered = assistantItem('The Parser fails on café.', { seq: 3, index: 2 })
  await store.commit(change(session, 1, [asked]))
  await store.commit(change(session, 2, [ran]))
  await store.commit(change(session, 3, [answered]))
  expect(await store.search('PARSER fail', 10)).toEqual([
    { session: session.id, item: answered.id, index: 2, excerpt: 'The Parser fails on café.', createdAt: 3 },
    { session: session.id, item: asked.id, index: 0, excerpt: 'Why does the parser fail?', createdAt: 1 },
  ])
  expect(await found('parser')).toHaveLength(3)
  expect(await found('cafe')).toHaveLength(1)
  expect(await found('private thought')).toEqual([])
  expect(await store.search('parser', 2)).toHaveLength(2)
})

test('a search finds what a message says now, not what it said before', async () => {
  const item = userItem('apples', { seq: 1, index: 0 })
  await store.commit(change(session, 1, [item]))
  await store.commit(change(session, 2, [{ ...item, seq: 2, parts: [{ type: 'text', text: 'pears', rev: 0 }] }]))
  expect([await found('apples'), await found('pears')]).toEqual([[], ['pears']])
  await store.commit({ ...change(session, 3), items: [{ id: item.id, seq: 3, kind: 'removed' }] })
  expect(await found('pears')).toEqual([])
})

test('an answer is found when it is finished', async () => {
  const growing = growingItem('half a quag', { seq: 1, index: 0 })
  await store.commit(change(session, 1, [growing]))
  expect(await found('quag')).toEqual([])
  await store.commit(
    change(session, 2, [{ ...growing, seq: 2, parts: [{ type: 'text', text: 'half a quagga', rev: 0 }] }]),
  )
  expect(await found('quag')).toEqual(['half a quagga'])
})

test('what is typed is taken literally, whatever it means to the search engine', async () => {
  await store.commit(
    change(session, 1, [userItem('He said "NOT" a OR b* near(x) foo-bar col:val', { seq: 1, index: 0 })]),
  )
  const literal = ['"NOT"', 'a OR b*', 'near(x)', 'foo-bar', 'col:val', '-a', "b'"]
  const elsewhere = ['foo OR nowhere', 'NOT nowhere', 'text:foo nowhere', '^', '""', '*', '((', 'bar-foo']
  const hits = async (queries: string[]): Promise<[string, number][]> =>
    Promise.all(queries.map(async (query) => [query, (await found(query)).length] as [string, number]))
  expect(await hits(literal)).toEqual(literal.map((query) => [query, 1]))
  expect(await hits(elsewhere)).toEqual(elsewhere.map((query) => [query, 0]))
})

test('no query fails', async () => {
  await store.commit(change(session, 1, [userItem('something to find', { seq: 1, index: 0 })]))
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (query) => {
      expect(await found(query)).toBeInstanceOf(Array)
    }),
    { numRuns: 300 },
  )
})

test('an excerpt shows the stretch around the word, however long the text', async () => {
  const text = `${'lorem ipsum '.repeat(300)}the needle is here${' dolor sit'.repeat(300)}`
  await store.commit(change(session, 1, [userItem(text, { seq: 1, index: 0 })]))
  const [excerpt = ''] = await found('needle')
  expect(excerpt).toMatch(/^….*the needle is here.*…$/u)
  expect(excerpt.length).toBeLessThan(210)
})
