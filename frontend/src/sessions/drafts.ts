import type { BlobId, PromptInput } from '@octo/protocol'
import { MAX_ATTACHMENTS, MAX_BLOB_BYTES } from '@octo/protocol/client'
import { useSyncExternalStore } from 'react'
import { isRecord, readStored, removeStored, storedKeys, writeStored } from '../lib/storage.ts'
import { toOctoError } from '../mux/index.ts'
import { formatBytes, toast } from '../ui/index.ts'
import { uploadBlob } from './upload-blob.ts'

/** Something attached to a draft. Files of the workspace are not uploaded: the agent reads them itself. */
export type Attachment =
  | { readonly kind: 'file'; readonly key: string; readonly path: string }
  | {
      readonly kind: 'blob'
      readonly key: string
      readonly name: string
      readonly type: string
      readonly bytes: number
      readonly upload:
        | { readonly state: 'running'; readonly share: number }
        | { readonly state: 'done'; readonly blob: BlobId }
        | { readonly state: 'failed'; readonly message: string }
    }

export interface Draft {
  readonly text: string
  readonly attachments: readonly Attachment[]
}

/** What is being written to one session; it survives a reload. */
export interface DraftStore {
  readonly draft: Draft
  readonly subscribe: (listener: () => void) => () => void
  setText(text: string): void
  /** Uploads files and attaches them. */
  addFiles(files: readonly File[]): void
  /** Attaches a file of the workspace. */
  addPath(path: string): void
  remove(key: string): void
  /** Puts a prompt back, before what has been typed since. */
  restore(prompt: PromptInput): void
  clear(): void
}

const EMPTY: Draft = { text: '', attachments: [] }
const PREFIX = 'octo.draft.'
/** Typing writes at most this often; leaving the page writes at once. */
const WRITE_DELAY_MS = 300
/** Drafts nobody came back to; the ones written longest ago go. */
const MAX_DRAFTS = 60

const drafts = new Map<string, StoredDraft>()

/** The draft of a session, or of a session still to be made, by any name. */
export function draftOf(name: string): DraftStore {
  const known = drafts.get(name)
  if (known !== undefined) return known
  const draft = new StoredDraft(name)
  drafts.set(name, draft)
  return draft
}

/** A draft as a hook. */
export function useDraft(store: DraftStore): Draft {
  return useSyncExternalStore(store.subscribe, () => store.draft)
}

/** Forgets the draft of a session that is gone. */
export function forgetDraft(name: string): void {
  drafts.get(name)?.clear()
  drafts.delete(name)
}

/**
 * The prompt a draft makes. Mentioned files count only while their mention stands in the text.
 * @returns `null` while there is nothing to send, or something is still being uploaded
 */
export function promptOf({ text, attachments }: Draft): PromptInput | null {
  const parts: NonNullable<PromptInput['attachments']> = []
  for (const attachment of attachments) {
    if (attachment.kind === 'file') {
      if (text.includes(`@${attachment.path}`)) parts.push({ type: 'file', path: attachment.path })
    } else if (attachment.upload.state === 'running') return null
    else if (attachment.upload.state === 'done') {
      parts.push({ type: 'blob', blob: attachment.upload.blob, name: attachment.name })
    }
  }
  const trimmed = text.trim()
  if (trimmed === '' && parts.length === 0) return null
  return parts.length === 0 ? { text: trimmed } : { text: trimmed, attachments: parts }
}

class StoredDraft implements DraftStore {
  readonly #key: string
  readonly #listeners = new Set<() => void>()
  readonly #uploads = new Map<string, AbortController>()
  #draft: Draft
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastKey = 0

  constructor(name: string) {
    this.#key = `${PREFIX}${name}`
    this.#draft = parseDraft(readStored(this.#key))
  }

  get draft(): Draft {
    return this.#draft
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setText(text: string): void {
    if (text !== this.#draft.text) this.#change({ ...this.#draft, text })
  }

  addFiles(files: readonly File[]): void {
    for (const file of files) {
      if (this.#isFull()) return
      if (file.size > MAX_BLOB_BYTES) {
        const limit = formatBytes(MAX_BLOB_BYTES)
        toast({ tone: 'failed', text: `${file.name} is larger than ${limit}. Put it into the workspace instead.` })
      } else void this.#upload(file)
    }
  }

  addPath(path: string): void {
    const key = `file:${path}`
    if (this.#draft.attachments.some((attachment) => attachment.key === key) || this.#isFull()) return
    this.#change({ ...this.#draft, attachments: [...this.#draft.attachments, { kind: 'file', key, path }] })
  }

  remove(key: string): void {
    this.#uploads.get(key)?.abort()
    const attachments = this.#draft.attachments.filter((attachment) => attachment.key !== key)
    this.#change({ ...this.#draft, attachments })
  }

  restore(prompt: PromptInput): void {
    const text = [prompt.text, this.#draft.text].filter((part) => part !== '').join('\n\n')
    const restored = (prompt.attachments ?? []).map((part) => this.#restored(part))
    this.#change({ text, attachments: [...restored, ...this.#draft.attachments].slice(0, MAX_ATTACHMENTS) })
  }

  clear(): void {
    for (const upload of this.#uploads.values()) upload.abort()
    this.#change(EMPTY)
    this.flush()
  }

  /** Writes what has not been written yet. */
  flush(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { text, attachments } = this.#draft
    if (text === '' && attachments.length === 0) removeStored(this.#key)
    else writeStored(this.#key, { text, attachments, at: Date.now() })
  }

  #isFull(): boolean {
    if (this.#draft.attachments.length < MAX_ATTACHMENTS) return false
    toast({ tone: 'failed', text: `A prompt takes at most ${MAX_ATTACHMENTS} attachments.` })
    return true
  }

  #restored(part: NonNullable<PromptInput['attachments']>[number]): Attachment {
    if (part.type === 'file') return { kind: 'file', key: `file:${part.path}`, path: part.path }
    const upload = { state: 'done', blob: part.blob } as const
    return { kind: 'blob', key: this.#newKey(), name: part.name ?? 'Attachment', type: '', bytes: 0, upload }
  }

  #newKey(): string {
    this.#lastKey += 1
    return `blob:${Date.now()}:${this.#lastKey}`
  }

  async #upload(file: File): Promise<void> {
    const key = this.#newKey()
    const stop = new AbortController()
    this.#uploads.set(key, stop)
    const name = file.name === '' ? 'Pasted image' : file.name
    const upload = { state: 'running', share: 0 } as const
    const attachment: Attachment = { kind: 'blob', key, name, type: file.type, bytes: file.size, upload }
    this.#change({ ...this.#draft, attachments: [...this.#draft.attachments, attachment] })
    try {
      const onProgress = (share: number): void => this.#changeUpload(key, { state: 'running', share })
      const blob = await uploadBlob(file, { signal: stop.signal, onProgress })
      this.#changeUpload(key, { state: 'done', blob: blob.id })
    } catch (error) {
      const { code, message } = toOctoError(error)
      if (code !== 'cancelled') this.#changeUpload(key, { state: 'failed', message })
    } finally {
      this.#uploads.delete(key)
    }
  }

  #changeUpload(key: string, upload: Extract<Attachment, { kind: 'blob' }>['upload']): void {
    const attachments = this.#draft.attachments.map((attachment) =>
      attachment.key === key && attachment.kind === 'blob' ? { ...attachment, upload } : attachment,
    )
    this.#change({ ...this.#draft, attachments })
  }

  #change(draft: Draft): void {
    this.#draft = draft
    this.#timer ??= setTimeout(() => this.flush(), WRITE_DELAY_MS)
    for (const listener of this.#listeners) listener()
  }
}

/** Reads a stored draft; an upload that was running when the page went is lost with its bytes. */
export function parseDraft(stored: unknown): Draft {
  if (!isRecord(stored) || typeof stored['text'] !== 'string' || !Array.isArray(stored['attachments'])) return EMPTY
  const attachments = (stored['attachments'] as Attachment[]).filter(
    (attachment) =>
      isRecord(attachment) &&
      (attachment.kind === 'file' || (attachment.kind === 'blob' && attachment.upload?.state === 'done')),
  )
  return { text: stored['text'], attachments }
}

/**
 * Writes drafts when the page goes and drops the oldest. Call once at start.
 * @returns a function that stops it
 */
export function keepDrafts(): () => void {
  const written = storedKeys(PREFIX).map((key) => ({ key, at: writtenAt(key) }))
  for (const { key } of written.toSorted((a, b) => b.at - a.at).slice(MAX_DRAFTS)) removeStored(key)
  const flushAll = (): void => {
    for (const draft of drafts.values()) draft.flush()
  }
  window.addEventListener('pagehide', flushAll)
  return () => window.removeEventListener('pagehide', flushAll)
}

function writtenAt(key: string): number {
  const stored = readStored(key)
  return isRecord(stored) && typeof stored['at'] === 'number' ? stored['at'] : 0
}
