import type { FileStat, WorkspaceId } from '@octo/protocol'
import { OctoError } from '@octo/protocol/client'
import { toOctoError } from '../../mux/index.ts'
import { staleEtag } from '../content-api.ts'
import type { SaveCondition, TextContent } from '../content-api.ts'
import type { FileChange } from '../file-watch.ts'
import { isWithin } from '../paths.ts'
import { PlainBuffer } from './buffer.ts'
import type { Mark, TextBuffer } from './buffer.ts'
import { decideOnDisk, viewKindOf } from './disk-decision.ts'
import type { ViewKind } from './disk-decision.ts'
import type { Draft, DraftStore } from './drafts.ts'

/** What the file on disk is, beside what is held here. */
export type DiskState =
  | { readonly kind: 'same' }
  /** Somebody else changed it, and something was typed here: theirs is what is there now. */
  | { readonly kind: 'changed'; readonly theirs: TextContent }
  | { readonly kind: 'gone' }

export type DocumentView =
  /** Of a long text, its beginning is there already. */
  | { readonly phase: 'loading'; readonly beginning: string | null }
  | { readonly phase: 'failed'; readonly error: OctoError }
  /** Shown by a viewer, which reads what it needs. */
  | { readonly phase: 'viewed'; readonly as: Exclude<ViewKind, 'text'>; readonly stat: FileStat }
  | {
      readonly phase: 'edited'
      readonly stat: FileStat
      readonly buffer: TextBuffer
      readonly dirty: boolean
      readonly saving: boolean
      readonly disk: DiskState
      /** Why the last save did not succeed. */
      readonly failure: OctoError | null
      /** Whether the text is one that was left unsaved earlier. */
      readonly restored: boolean
      /** Whether unsaved text would be lost with this page. */
      readonly unkept: boolean
    }

type Edited = Extract<DocumentView, { phase: 'edited' }>

/** What a document needs of the world; injected, so that it can be tested without one. */
export interface DocumentWorld {
  /** @returns null if nothing is there */
  stat(): Promise<FileStat | null>
  read(): Promise<TextContent>
  /** As much of the text as a screen shows. */
  readBeginning(): Promise<string>
  save(text: string, condition: SaveCondition): Promise<FileStat>
  readonly drafts: DraftStore
}

/** A text longer than this takes longer to come than people like to wait. */
const LONG_BYTES = 1_048_576

/** Typing is kept this soon after it pauses. */
const KEEP_MS = 300

/**
 * One open file: its text, whether it is saved, and what happened to it on disk. A text in which nothing was typed follows
 * the disk; a text in which something was typed is never replaced but by choice.
 */
export class OpenDocument {
  readonly workspace: WorkspaceId
  readonly path: string
  readonly #world: DocumentWorld
  readonly #listeners = new Set<() => void>()
  #view: DocumentView = { phase: 'loading', beginning: null }
  /** What the text was made from; null if the file is gone. */
  #etag: string | null = null
  #saved: Mark = ''
  #savedText = ''
  #stopBuffer: (() => void) | null = null
  #keepTimer: ReturnType<typeof setTimeout> | null = null
  /** Looks at the disk follow each other; one asked for during another makes one more. */
  #checking = false
  #checkAgain = false
  #closed = false

  constructor(at: { readonly workspace: WorkspaceId; readonly path: string }, world: DocumentWorld) {
    this.workspace = at.workspace
    this.path = at.path
    this.#world = world
    void this.load()
  }

  get view(): DocumentView {
    return this.#view
  }

  get dirty(): boolean {
    return this.#view.phase === 'edited' && this.#view.dirty
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads the file from the beginning, e.g. after a failure. What was left unsaved earlier is brought back. */
  async load(): Promise<void> {
    this.#show({ phase: 'loading', beginning: null })
    try {
      const stat = await this.#world.stat()
      const draft = await this.#world.drafts.get(this.workspace, this.path)
      if (stat === null) {
        if (draft === null) throw new OctoError('not_found', `${this.path} is not there (any more).`)
        return this.#open(emptyStat(this.path), { text: '', etag: null }, draft)
      }
      const as = viewKindOf(stat)
      if (as !== 'text') return this.#show({ phase: 'viewed', as, stat })
      const reading = this.#world.read()
      if (stat.bytes > LONG_BYTES && draft === null) void this.#showBeginning()
      this.#open(stat, await reading, draft)
    } catch (error) {
      this.#show({ phase: 'failed', error: toOctoError(error) })
    }
  }

  /** Moves the text into another buffer, such as the editor's; dirtiness and what was typed stay. */
  adopt(make: (text: string) => TextBuffer): void {
    if (this.#view.phase !== 'edited') return
    const text = this.#view.buffer.read()
    const buffer = make(this.#savedText)
    this.#saved = buffer.mark()
    if (text !== this.#savedText) buffer.replace(text)
    this.#listen(buffer)
    this.#edit({ buffer })
  }

  /** Looks at the disk if a change concerns this file. */
  onChange({ paths, folders, reset }: FileChange): void {
    const concerns = (path: string): boolean => isWithin(this.path, path)
    if (reset || paths.some(concerns) || folders.includes(this.path)) void this.check()
  }

  /** Looks what the file is now, and follows it where nothing was typed. */
  async check(): Promise<void> {
    if (this.#checking) {
      this.#checkAgain = true
      return
    }
    this.#checking = true
    try {
      do {
        this.#checkAgain = false
        await this.#checkOnce()
      } while (this.#checkAgain && !this.#closed)
    } catch {
      // Offline, or gone between two looks: the next change, or the return of the connection, looks again.
    } finally {
      this.#checking = false
    }
  }

  /** Saves the text over the file it was made from. @returns whether it is saved */
  async save(): Promise<boolean> {
    return this.#save({ etag: this.#etag })
  }

  /** Saves the text over what somebody else wrote meanwhile. */
  async keepMine(): Promise<boolean> {
    const { view } = this
    if (view.phase !== 'edited' || view.disk.kind !== 'changed') return false
    return this.#save({ etag: view.disk.theirs.etag })
  }

  /** Shows what somebody else wrote; what was typed can be brought back by undoing. */
  takeTheirs(): void {
    const { view } = this
    if (view.phase !== 'edited' || view.disk.kind !== 'changed') return
    this.#take(view.disk.theirs)
  }

  /** Gives up what was typed. */
  async discard(): Promise<void> {
    if (this.#view.phase !== 'edited') return
    this.#view.buffer.replace(this.#savedText)
    this.#saved = this.#view.buffer.mark()
    await this.#forgetDraft()
    this.#edit({ dirty: false, disk: { kind: 'same' }, failure: null, restored: false, unkept: false })
    await this.check()
  }

  /** Keeps unsaved text at once, e.g. because the page goes. */
  async keepNow(): Promise<void> {
    if (this.#keepTimer === null) return
    clearTimeout(this.#keepTimer)
    this.#keepTimer = null
    await this.#keep()
  }

  close(): void {
    this.#closed = true
    if (this.#keepTimer !== null) clearTimeout(this.#keepTimer)
    this.#stopBuffer?.()
    if (this.#view.phase === 'edited') this.#view.buffer.dispose()
  }

  /** Shows what fits a screen while the rest is on its way. */
  async #showBeginning(): Promise<void> {
    try {
      const beginning = await this.#world.readBeginning()
      if (this.#view.phase === 'loading') this.#show({ phase: 'loading', beginning })
    } catch {
      // The reading of the whole says what is wrong.
    }
  }

  #open(stat: FileStat, content: { readonly text: string; readonly etag: string | null }, draft: Draft | null): void {
    if (this.#closed) return
    const { text, etag } = content
    this.#savedText = text
    const buffer = new PlainBuffer(text)
    this.#saved = buffer.mark()
    const restored = draft !== null && draft.text !== text
    if (restored) buffer.replace(draft.text)
    // A draft was made from what was there then; what came since is not to be lost under it.
    this.#etag = restored ? draft.etag : etag
    const overtaken = etag !== null && etag !== this.#etag
    const gone: DiskState = { kind: 'gone' }
    const disk: DiskState = overtaken
      ? { kind: 'changed', theirs: { text, etag } }
      : etag === null
        ? gone
        : { kind: 'same' }
    this.#listen(buffer)
    const state = { dirty: restored, saving: false, failure: null, restored, unkept: false }
    this.#show({ phase: 'edited', stat, buffer, disk, ...state })
  }

  #listen(buffer: TextBuffer): void {
    this.#stopBuffer?.()
    if (this.#view.phase === 'edited') this.#view.buffer.dispose()
    this.#stopBuffer = buffer.onChange(() => this.#onTyped(buffer))
  }

  #onTyped(buffer: TextBuffer): void {
    const dirty = !buffer.isAt(this.#saved)
    if (this.#view.phase === 'edited' && this.#view.dirty !== dirty) this.#edit({ dirty })
    if (dirty) {
      if (this.#keepTimer !== null) clearTimeout(this.#keepTimer)
      this.#keepTimer = setTimeout(() => {
        this.#keepTimer = null
        void this.#keep()
      }, KEEP_MS)
    } else void this.#forgetDraft()
  }

  async #keep(): Promise<void> {
    const { view } = this
    if (view.phase !== 'edited' || !view.dirty) return
    const text = view.buffer.read()
    const kept = await this.#world.drafts.put({
      workspace: this.workspace,
      path: this.path,
      text,
      etag: this.#etag,
      at: Date.now(),
    })
    if (this.#view.phase === 'edited' && this.#view.unkept === kept) this.#edit({ unkept: !kept })
    // Saved or given up while it was being written.
    if (!this.dirty) await this.#forgetDraft()
  }

  async #forgetDraft(): Promise<void> {
    if (this.#keepTimer !== null) clearTimeout(this.#keepTimer)
    this.#keepTimer = null
    await this.#world.drafts.remove(this.workspace, this.path)
  }

  async #checkOnce(): Promise<void> {
    const { view } = this
    if (view.phase === 'loading' || this.#closed) return
    if (view.phase === 'edited' && view.saving) {
      // The save will tell what is there then.
      return
    }
    const now = await this.#world.stat()
    if (view.phase !== 'edited') return this.#followViewed(view, now)
    const decision = decideOnDisk({ etag: this.#etag, dirty: this.dirty }, now)
    switch (decision.kind) {
      case 'keep':
        if (now !== null) this.#edit({ stat: now, disk: { kind: 'same' } })
        return
      case 'gone':
        this.#etag = null
        this.#edit({ disk: { kind: 'gone' } })
        return
      case 'reopen':
        return this.load()
      case 'reload':
      case 'compare':
        return this.#meet(await this.#world.read(), now)
    }
  }

  /** A viewer reads for itself; it is told by another ETag. */
  async #followViewed(view: Exclude<DocumentView, Edited>, now: FileStat | null): Promise<void> {
    if (view.phase === 'failed' && now !== null) return this.load()
    if (view.phase === 'viewed' && now?.etag !== view.stat.etag) return this.load()
  }

  /** Holds what is on disk now against what is here. */
  #meet(theirs: TextContent, stat: FileStat | null): void {
    if (this.#view.phase !== 'edited' || this.#view.saving) return
    if (stat !== null) this.#edit({ stat })
    // Both wrote the same, or nothing was typed.
    if (!this.dirty || this.#view.buffer.read() === theirs.text) this.#take(theirs)
    else if (theirs.etag !== this.#etag) this.#edit({ disk: { kind: 'changed', theirs } })
  }

  #take({ text, etag }: TextContent): void {
    if (this.#view.phase !== 'edited') return
    const { buffer } = this.#view
    this.#etag = etag
    this.#savedText = text
    // Before the replacement, which would otherwise count as typing.
    this.#stopBuffer?.()
    buffer.replace(text)
    this.#saved = buffer.mark()
    this.#stopBuffer = buffer.onChange(() => this.#onTyped(buffer))
    void this.#forgetDraft()
    this.#edit({ dirty: false, disk: { kind: 'same' }, failure: null, restored: false, unkept: false })
  }

  async #save(condition: SaveCondition): Promise<boolean> {
    const { view } = this
    if (view.phase !== 'edited' || view.saving) return false
    const text = view.buffer.read()
    const mark = view.buffer.mark()
    this.#edit({ saving: true, failure: null })
    try {
      const stat = await this.#world.save(text, condition)
      this.#onSaved(stat, text, mark)
      return true
    } catch (error) {
      this.#edit({ saving: false })
      return this.#onRefused(toOctoError(error))
    } finally {
      // What happened meanwhile was put off.
      void this.check()
    }
  }

  #onSaved(stat: FileStat, text: string, mark: Mark): void {
    if (this.#view.phase !== 'edited') return
    this.#etag = stat.etag
    this.#saved = mark
    this.#savedText = text
    const dirty = !this.#view.buffer.isAt(mark)
    if (!dirty) void this.#forgetDraft()
    this.#edit({
      stat,
      saving: false,
      dirty,
      disk: { kind: 'same' },
      restored: false,
      unkept: dirty && this.#view.unkept,
    })
  }

  /** A save that was overtaken is a choice to make; any other refusal is told. */
  async #onRefused(failure: OctoError): Promise<boolean> {
    const etag = staleEtag(failure)
    if (etag === undefined) {
      this.#edit({ failure })
      return false
    }
    if (etag === null) {
      this.#etag = null
      this.#edit({ disk: { kind: 'gone' } })
      return false
    }
    try {
      this.#meet(await this.#world.read(), null)
      return !this.dirty
    } catch (error) {
      this.#edit({ failure: toOctoError(error) })
      return false
    }
  }

  #edit(patch: Partial<Edited>): void {
    if (this.#view.phase === 'edited') this.#show({ ...this.#view, ...patch })
  }

  #show(view: DocumentView): void {
    if (this.#closed) return
    this.#view = view
    for (const listener of this.#listeners) listener()
  }
}

/** What a file that is gone is taken for, while there is unsaved text of it. */
function emptyStat(path: string): FileStat {
  return { path, kind: 'file', bytes: 0, modifiedAt: 0, etag: '', type: 'text/plain', text: true, writable: true }
}
