import { execFile, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { open as openFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Item, randomId, type SessionId, type Workspace } from '@octo/protocol'
import SqliteDatabase from 'better-sqlite3'
import { expect, test } from 'vitest'
import { type Log, silentLog } from '../lib/log.ts'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { openStore, type Store } from './index.ts'
import { assistantItem, change, sampleSession, userItem } from './testing/samples.ts'

const folder = useTempFolder()
const path = (): string => join(folder(), 'runner.db')

async function open(
  hooks: { warned?: (fields: unknown) => void; onLost?: (error: Error) => void } = {},
): Promise<Store> {
  const log: Log = { ...silentLog, warn: (_, fields) => hooks.warned?.(fields) }
  const onLost = (error: Error): void => {
    throw error
  }
  return openStore({ path: path(), log, onLost: hooks.onLost ?? onLost })
}

const workspace: Workspace = {
  id: randomId('wsp'),
  name: 'octo',
  path: '/srv/octo',
  present: true,
  git: false,
  createdAt: 1,
  updatedAt: 1,
}

async function fill(store: Store, items: number): Promise<ReturnType<typeof sampleSession>> {
  const session = sampleSession()
  for (let seq = 1; seq <= items; seq += 1) {
    await store.commit(change(session, seq, [userItem(`${seq} `.repeat(5_000), { seq, index: seq })]))
  }
  return session
}

test('writes that wait together share one sync', async () => {
  const store = await open()
  const session = sampleSession()
  const writes = Array.from({ length: 1_000 }, (_, at) =>
    store.commit(change(session, at + 1, [userItem('hello', { seq: at + 1, index: at })])),
  )
  await Promise.all(writes)
  expect(commitsIn(readFileSync(`${path()}-wal`))).toBeLessThan(50)
  expect((await store.sessions())[0]?.seq).toBe(1_000)
  await store.close()
})

/** Counts transactions in a write-ahead log: the last frame of each says how large the file is after it. */
function commitsIn(wal: Buffer): number {
  const frameBytes = 24 + wal.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at + frameBytes <= wal.length; at += frameBytes) if (wal.readUInt32BE(at + 4) > 0) commits += 1
  return commits
}

test('items take at most 1.2 times their own bytes, and the search index at most 0.6', async () => {
  const store = await open()
  const session = sampleSession()
  const words = readFileSync(new URL('./session-queries.ts', import.meta.url), 'utf8').split(/\s+/u)
  let bytes = 0
  for (let seq = 1; seq <= 300; seq += 1) {
    const items = Array.from({ length: 10 }, (_, at) => {
      const from = (seq * 131 + at * 977) % words.length
      const length = 20 + ((seq * 37 + at * 101) % 400)
      const text = [...words, ...words].slice(from, from + length).join(' ')
      return assistantItem(text, { seq, index: seq * 10 + at })
    })
    bytes += Buffer.byteLength(JSON.stringify(items))
    await store.commit(change(session, seq, items))
  }
  await store.close()
  const db = new SqliteDatabase(path(), { readonly: true })
  const size = db.prepare<[string], number>('SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?').pluck()
  expect((size.get('%items%') ?? Number.NaN) / bytes).toBeLessThan(1.2)
  expect((size.get('search%') ?? Number.NaN) / bytes).toBeLessThan(0.6)
  db.close()
})

test.skipIf(!canMount())(
  'a full disk refuses what it cannot keep, answers reads, and takes writes again when there is space',
  async () => {
    const script = new URL('./testing/fill-disk.ts', import.meta.url).pathname
    // A mount of its own, four megabytes large, that ends with the program.
    const run = `mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"`
    const command = [process.execPath, '--conditions=octo:source', script, folder()]
    const { stdout } = await promisify(execFile)('unshare', ['-rm', 'sh', '-c', run, folder(), ...command])
    const seen = JSON.parse(stdout) as Record<'refused' | 'acknowledged' | 'readable' | 'afterwards', unknown>
    expect(seen.refused).toBe('no_space')
    expect(seen.acknowledged).toBeGreaterThan(3)
    expect(seen.readable).toBe(seen.acknowledged)
    expect(seen.afterwards).toBe(Number(seen.acknowledged) + 1)
  },
)

/** Whether this system lets anybody mount in a namespace of their own; hardened ones do not. */
function canMount(): boolean {
  return spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
}

test('a program that keeps the file locked makes writes fail, not the runner wait for ever', async () => {
  const store = await open()
  const other = new SqliteDatabase(path())
  other.exec('BEGIN IMMEDIATE')
  const session = sampleSession()
  const item = userItem('hello', { seq: 1, index: 0 })
  await expect(store.commit(change(session, 1, [item]))).rejects.toMatchObject({ code: 'overloaded', retryable: true })
  expect(await store.sessions()).toEqual([])
  other.exec('ROLLBACK')
  other.close()
  await store.commit(change(session, 1, [item]))
  expect((await store.newest(session.id, 1)).items).toEqual([item])
  await store.close()
})

test('a file that is no database is set aside, and a new one is begun under another epoch', async () => {
  await writeFile(path(), 'this is no database, whatever its name says'.repeat(500))
  const warnings: unknown[] = []
  const store = await open({ warned: (fields) => warnings.push(fields) })
  expect(await store.sessions()).toEqual([])
  const aside = readdirSync(folder()).filter((name) => name.includes('.damaged-'))
  expect(aside).toHaveLength(1)
  expect(warnings).toEqual([expect.objectContaining({ path: join(folder(), aside[0] ?? ''), sessions: 0, items: 0 })])
  expect(readFileSync(join(folder(), aside[0] ?? ''), 'utf8')).toContain('this is no database')
  await store.close()
})

test('flipped bits are found at the start, and what can still be read is kept', async () => {
  const before = await open()
  const session = await fill(before, 100)
  await before.saveWorkspace(workspace)
  const all = await every(before, session.id)
  await before.close()
  await scribble(path())
  const warnings: unknown[] = []
  const after = await open({ warned: (fields) => warnings.push(fields) })
  expect(after.epoch).not.toBe(before.epoch)
  expect(await after.workspaces()).toEqual([workspace])
  const kept = await every(after, session.id)
  expect(warnings).toEqual([expect.objectContaining({ sessions: 1, items: kept.length })])
  expect(kept.length).toBeGreaterThan(20)
  expect(kept.length).toBeLessThan(all.length)
  expect(kept).toEqual(all.filter((item) => kept.some((other) => other.id === item.id)))
  expect(await after.search(`${kept.at(-1)?.index}`, 5)).toMatchObject([{ item: kept.at(-1)?.id }])
  await after.commit(change(session, 101, [userItem('and on', { seq: 101, index: 101 })]))
  await after.close()
})

async function every(store: Store, session: SessionId): Promise<Item[]> {
  const items: Item[] = []
  for (let before = Number.MAX_SAFE_INTEGER, older = true; older;) {
    const page = await store.before(session, before, 1_000)
    items.unshift(...page.items)
    ;({ older } = page)
    before = page.items[0]?.index ?? 0
  }
  return items
}

test('a file cut short is found at the start', async () => {
  const before = await open()
  await fill(before, 100)
  await before.close()
  await truncate(path(), statSync(path()).size - 8_192 * 3)
  const after = await open()
  expect(after.epoch).not.toBe(before.epoch)
  await after.close()
})

test('damage found in use ends the process, and the next one begins anew', async () => {
  const lost = Promise.withResolvers<Error>()
  const before = await open({ onLost: lost.resolve })
  const session = await fill(before, 400)
  await rm(`${path()}-wal`)
  await scribble(path())
  const [asked, reason] = await Promise.all([Promise.allSettled([before.before(session.id, 300, 200)]), lost.promise])
  expect(asked).toEqual([{ status: 'rejected', reason }])
  expect(reason.message).toContain('malformed')
  const after = await open()
  expect(after.epoch).not.toBe(before.epoch)
  await after.close()
})

/** Overwrites the middle half of a file, as a failing disk would. */
async function scribble(file: string): Promise<void> {
  const { size } = statSync(file)
  const handle = await openFile(file, 'r+')
  await handle.write(Buffer.alloc(Math.floor(size / 2), 0xa5), 0, Math.floor(size / 2), Math.floor(size / 4))
  await handle.close()
}

test('a file of a newer octo is refused and left as it is', async () => {
  await (await open()).close()
  const db = new SqliteDatabase(path())
  db.pragma('user_version = 999')
  db.close()
  await expect(open()).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('newer octo') })
  expect(readdirSync(folder()).filter((name) => name.includes('damaged'))).toEqual([])
})

test('a second runner on the same home is refused', async () => {
  const first = await open()
  await expect(open()).rejects.toMatchObject({ code: 'busy' })
  await first.close()
  await (await open()).close()
}, 20_000)

test('everything stored is readable for its user alone', async () => {
  const store = await open()
  await fill(store, 3)
  const modes = readdirSync(folder()).map((name) => statSync(join(folder(), name)).mode & 0o777)
  expect(modes).toEqual(modes.map(() => 0o600))
  await store.close()
})

test('calls that fail because the store has ended say so', async () => {
  const store = await open()
  await store.close()
  await expect(store.sessions()).rejects.toMatchObject({ code: 'runner_unavailable', retryable: true })
})
