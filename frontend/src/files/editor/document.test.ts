import type { FileStat, WorkspaceId } from '@octo/protocol'
import { OctoError } from '@octo/protocol/client'
import { beforeEach, expect, test, vi } from 'vitest'
import type { SaveCondition, TextContent } from '../content-api.ts'
import { PlainBuffer } from './buffer.ts'
import { type DocumentView, type DocumentWorld, OpenDocument } from './document.ts'
import type { Draft, DraftStore } from './drafts.ts'

const workspace = 'wsp_1' as WorkspaceId

class FakeDrafts implements DraftStore {
  readonly kept = new Map<string, Draft>()
  full = false

  async put(draft: Draft): Promise<boolean> {
    if (this.full) return false
    this.kept.set(draft.path, draft)
    return true
  }
  async get(_workspace: WorkspaceId, path: string): Promise<Draft | null> {
    return this.kept.get(path) ?? null
  }
  async remove(_workspace: WorkspaceId, path: string): Promise<void> {
    this.kept.delete(path)
  }
  async all(): Promise<readonly Draft[]> {
    return [...this.kept.values()]
  }
}

/** One file on a disk, with ETags that count its versions. */
class FakeWorld implements DocumentWorld {
  readonly drafts = new FakeDrafts()
  text: string | null
  version = 1
  media: Partial<FileStat> = {}
  online = true
  saves: string[] = []
  /** Resolved by the test, to have something happen while a save is on its way. */
  hold: Promise<void> = Promise.resolve()

  constructor(text: string | null) {
    this.text = text
  }

  /** What somebody else does. */
  write(text: string | null): void {
    this.text = text
    this.version += 1
  }

  async stat(): Promise<FileStat | null> {
    this.#reach()
    return this.text === null ? null : this.#stat(this.text)
  }

  async read(): Promise<TextContent> {
    this.#reach()
    if (this.text === null) throw new OctoError('not_found', 'gone')
    return { text: this.text, etag: this.#etag }
  }

  async readBeginning(): Promise<string> {
    return (this.text ?? '').slice(0, 4)
  }

  async save(text: string, { etag }: SaveCondition): Promise<FileStat> {
    await this.hold
    this.#reach()
    const now = this.text === null ? null : this.#etag
    if (now !== etag) throw new OctoError('stale_write', 'changed', { details: { etag: now } })
    this.saves.push(text)
    this.write(text)
    return this.#stat(text)
  }

  get #etag(): string {
    return `"${this.version}"`
  }

  #stat(text: string): FileStat {
    const facts = { bytes: text.length, modifiedAt: this.version, etag: this.#etag, type: 'text/plain' }
    return { path: 'a.txt', kind: 'file', text: true, writable: true, ...facts, ...this.media }
  }

  #reach(): void {
    if (!this.online) throw new OctoError('runner_unavailable', 'offline')
  }
}

beforeEach(() => {
  vi.useRealTimers()
})

async function open(world: FakeWorld): Promise<OpenDocument> {
  const document = new OpenDocument({ workspace, path: 'a.txt' }, world)
  await vi.waitUntil(() => document.view.phase !== 'loading')
  return document
}

function edited(document: OpenDocument): Extract<DocumentView, { phase: 'edited' }> {
  const { view } = document
  if (view.phase !== 'edited') throw new Error(`The document is ${view.phase}.`)
  return view
}

const type = (document: OpenDocument, text: string): void => edited(document).buffer.replace(text)
const textOf = (document: OpenDocument): string => edited(document).buffer.read()

test('a text is dirty from the first change until it is saved or changed back', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  expect(edited(document)).toMatchObject({ dirty: false, disk: { kind: 'same' } })
  type(document, 'two')
  expect(document.dirty).toBe(true)
  type(document, 'one')
  expect(document.dirty).toBe(false)
  type(document, 'three')
  expect(await document.save()).toBe(true)
  expect(world.text).toBe('three')
  expect(document.dirty).toBe(false)
})

test('what is typed while a save is on its way stays unsaved', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  const held = Promise.withResolvers<void>()
  world.hold = held.promise
  type(document, 'two')
  const saving = document.save()
  expect(edited(document).saving).toBe(true)
  type(document, 'two and more')
  held.resolve()
  expect(await saving).toBe(true)
  expect(world.text).toBe('two')
  expect(edited(document)).toMatchObject({ dirty: true, saving: false })
  expect(await document.save()).toBe(true)
  expect(world.text).toBe('two and more')
})

test('a text in which nothing was typed follows the disk', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  world.write('theirs')
  document.onChange({ paths: ['a.txt'], folders: [], reset: false })
  await vi.waitUntil(() => textOf(document) === 'theirs')
  expect(edited(document)).toMatchObject({ dirty: false, disk: { kind: 'same' } })
  type(document, 'mine')
  expect(await document.save()).toBe(true)
})

test('changes of other files ask nothing', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  const stat = vi.spyOn(world, 'stat')
  document.onChange({ paths: ['b.txt', 'src/a.txt'], folders: [''], reset: false })
  expect(stat).not.toHaveBeenCalled()
  document.onChange({ paths: [], folders: [], reset: true })
  expect(stat).toHaveBeenCalledOnce()
})

test('somebody else’s change under typed text is a choice: theirs is not taken, mine is not saved', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  type(document, 'mine')
  world.write('theirs')
  await document.check()
  expect(edited(document).disk).toEqual({ kind: 'changed', theirs: { text: 'theirs', etag: '"2"' } })
  expect(textOf(document)).toBe('mine')
  expect(await document.save()).toBe(false)
  expect(world.text).toBe('theirs')
})

test('keeping mine saves it over theirs, unless that changed once more', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  type(document, 'mine')
  world.write('theirs')
  await document.check()
  world.write('theirs again')
  expect(await document.keepMine()).toBe(false)
  expect(edited(document).disk).toMatchObject({ theirs: { text: 'theirs again' } })
  expect(await document.keepMine()).toBe(true)
  expect(world.text).toBe('mine')
  expect(edited(document)).toMatchObject({ dirty: false, disk: { kind: 'same' } })
})

test('taking theirs shows it, and nothing is unsaved any more', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  type(document, 'mine')
  world.write('theirs')
  await document.check()
  document.takeTheirs()
  expect(textOf(document)).toBe('theirs')
  expect(edited(document)).toMatchObject({ dirty: false, disk: { kind: 'same' } })
  expect(world.drafts.kept.size).toBe(0)
})

test('a save that was overtaken is the same choice; the same text on both sides is none', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  type(document, 'mine')
  world.write('theirs')
  expect(await document.save()).toBe(false)
  expect(edited(document).disk.kind).toBe('changed')
  world.write('mine')
  expect(await document.save()).toBe(true)
  expect(edited(document)).toMatchObject({ dirty: false, disk: { kind: 'same' } })
})

test('a file that is deleted underneath is said so, and saving writes it again', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  world.write(null)
  await document.check()
  expect(edited(document)).toMatchObject({ disk: { kind: 'gone' }, dirty: false })
  expect(await document.save()).toBe(true)
  expect(world.text).toBe('one')
  type(document, 'mine')
  world.write(null)
  expect(await document.save()).toBe(false)
  expect(edited(document).disk.kind).toBe('gone')
  expect(await document.save()).toBe(true)
  expect(world.text).toBe('mine')
})

test('a deleted file that comes back is followed, or compared with what was typed', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  world.write(null)
  await document.check()
  world.write('back')
  await document.check()
  expect(textOf(document)).toBe('back')
  type(document, 'mine')
  world.write(null)
  await document.check()
  world.write('other')
  await document.check()
  expect(edited(document).disk).toMatchObject({ kind: 'changed', theirs: { text: 'other' } })
})

test('unsaved text is kept in the browser soon after typing, and is there again after a reload', async () => {
  const world = new FakeWorld('one')
  const first = await open(world)
  type(first, 'unsaved')
  await vi.waitUntil(() => world.drafts.kept.has('a.txt'))
  first.close()
  const second = await open(world)
  expect(textOf(second)).toBe('unsaved')
  expect(edited(second)).toMatchObject({ dirty: true, restored: true, disk: { kind: 'same' } })
  expect(await second.save()).toBe(true)
  await vi.waitUntil(() => world.drafts.kept.size === 0)
})

test('unsaved text of a file that changed since is a choice after a reload', async () => {
  const world = new FakeWorld('one')
  const first = await open(world)
  type(first, 'unsaved')
  await vi.waitUntil(() => world.drafts.kept.has('a.txt'))
  first.close()
  world.write('theirs')
  const second = await open(world)
  expect(textOf(second)).toBe('unsaved')
  expect(edited(second).disk).toEqual({ kind: 'changed', theirs: { text: 'theirs', etag: '"2"' } })
  expect(await second.save()).toBe(false)
  expect(world.text).toBe('theirs')
})

test('unsaved text of a file that is gone is there after a reload', async () => {
  const world = new FakeWorld('one')
  const first = await open(world)
  type(first, 'unsaved')
  await vi.waitUntil(() => world.drafts.kept.has('a.txt'))
  first.close()
  world.write(null)
  const second = await open(world)
  expect([textOf(second), edited(second).disk.kind]).toEqual(['unsaved', 'gone'])
})

test('discarding goes back to what is saved, and keeps nothing', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  type(document, 'unsaved')
  await vi.waitUntil(() => world.drafts.kept.has('a.txt'))
  await document.discard()
  expect(textOf(document)).toBe('one')
  expect(document.dirty).toBe(false)
  expect(world.drafts.kept.size).toBe(0)
})

test('text the browser cannot keep is said to be in danger', async () => {
  const world = new FakeWorld('one')
  world.drafts.full = true
  const document = await open(world)
  type(document, 'unsaved')
  await vi.waitUntil(() => edited(document).unkept)
  expect(await document.save()).toBe(true)
  expect(edited(document).unkept).toBe(false)
})

test('a failed save keeps the text and says why; the next one may succeed', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  type(document, 'mine')
  world.online = false
  expect(await document.save()).toBe(false)
  expect(edited(document)).toMatchObject({ dirty: true, failure: { code: 'runner_unavailable' } })
  world.online = true
  expect(await document.save()).toBe(true)
  expect(edited(document).failure).toBeNull()
})

test('moving into another buffer keeps what was typed and what is saved', async () => {
  const world = new FakeWorld('one')
  const document = await open(world)
  document.adopt((text) => new PlainBuffer(text))
  expect(document.dirty).toBe(false)
  type(document, 'mine')
  document.adopt((text) => new PlainBuffer(text))
  expect([textOf(document), document.dirty]).toEqual(['mine', true])
  type(document, 'one')
  expect(document.dirty).toBe(false)
})

test('of a long text the beginning is shown while the rest is on its way', async () => {
  const world = new FakeWorld('a long text')
  world.media = { bytes: 2_000_000 }
  const whole = Promise.withResolvers<TextContent>()
  vi.spyOn(world, 'read').mockReturnValueOnce(whole.promise)
  const document = new OpenDocument({ workspace, path: 'a.txt' }, world)
  await vi.waitUntil(() => document.view.phase === 'loading' && document.view.beginning === 'a lo')
  whole.resolve({ text: 'a long text', etag: '"1"' })
  await vi.waitUntil(() => document.view.phase === 'edited')
  expect(textOf(document)).toBe('a long text')
})

test('what is no text is left to a viewer, and followed by it', async () => {
  const world = new FakeWorld('binary')
  world.media = { text: false, type: 'image/png' }
  const document = await open(world)
  expect(document.view).toMatchObject({ phase: 'viewed', as: 'image', stat: { etag: '"1"' } })
  world.write('other')
  await document.check()
  await vi.waitUntil(() => document.view.phase === 'viewed' && document.view.stat.etag === '"2"')
})

test('a file that is not there says so, and opens when it comes', async () => {
  const world = new FakeWorld(null)
  const document = await open(world)
  expect(document.view).toMatchObject({ phase: 'failed', error: { code: 'not_found' } })
  world.write('here')
  await document.check()
  await vi.waitUntil(() => document.view.phase === 'edited')
})
