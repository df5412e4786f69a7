import { createHash } from 'node:crypto'
import {
  BlobId,
  type BlobRef,
  type DiffPart,
  growingParts,
  type ImagePart,
  type Item,
  type LinkPart,
  MAX_BLOB_BYTES,
  MAX_INLINE_BYTES,
  replacePart,
  type TextPart,
  type ThinkingPart,
} from '@octo/protocol'
import type {
  ImageDraft,
  ItemDraft,
  NoticeDraft,
  OutputDraft,
  TextDraft,
  ThinkingDraft,
  ToolDraft,
} from '../agents/index.ts'

/** What is left of a text that became a blob: enough to see what it is and how it ended. */
const HEAD_CHARS = 16_384
const TAIL_CHARS = 8_192

/** An item with many large parts keeps less of each, so that items fit a frame together. */
const MAX_ITEM_BYTES = 262_144
const SHORT_HEAD_CHARS = 2_048
const SHORT_TAIL_CHARS = 1_024
const MAX_PARTS = 200

/** Two thirds of what the store takes as one change. */
const MAX_STORED_BYTES = 524_288

const MAX_TITLE_CHARS = 1_000
const MAX_LINE_CHARS = 4_000
const MAX_DETAILS_CHARS = 16_384
const MAX_OPTIONS = 100
const MAX_TOUCHED = 1_000

type Unrevised<Part> = Omit<Part, 'rev' | 'kept'>
export type TextBody = Unrevised<TextPart>
export type ThinkingBody = Unrevised<ThinkingPart>
export type PartBody = TextBody | ThinkingBody | DiffPart | ImagePart | LinkPart

/** Bytes that must be stored before an item that mentions them is. */
export type NewBlobs = ReadonlyMap<BlobId, Uint8Array>

type PartDraft = TextDraft | ThinkingDraft | OutputDraft

export interface Condensed {
  readonly parts: readonly PartBody[]
  readonly blobs: NewBlobs
}

/**
 * Makes parts small enough to be kept in an item: long texts become an excerpt and a blob, images become blobs. Text that
 * still grows stays whole; it is cut when it has ended.
 */
export function condenseParts(drafts: readonly PartDraft[]): Condensed {
  const blobs = new Map<BlobId, Uint8Array>()
  const parts = drafts.slice(0, MAX_PARTS).map((draft) => condensePart(draft, blobs, HEAD_CHARS, TAIL_CHARS))
  if (drafts.length > MAX_PARTS) parts.push({ type: 'text', text: `… (${drafts.length - MAX_PARTS} more parts)` })
  if (jsonBytes(parts.filter(hasEnded)) <= MAX_ITEM_BYTES) return { parts, blobs }
  const short = drafts
    .slice(0, MAX_PARTS)
    .map((draft) => condensePart(draft, blobs, SHORT_HEAD_CHARS, SHORT_TAIL_CHARS))
  // Control characters take six bytes each as JSON, so a hostile item may still be too large; then its beginning must do.
  while (short.length > 1 && jsonBytes(short.filter(hasEnded)) > MAX_ITEM_BYTES)
    short.length = Math.ceil(short.length / 2)
  return { parts: short, blobs }
}

/** Cuts what else an agent may have made too long to be an item. */
export function condenseFields(draft: ItemDraft): ItemDraft {
  switch (draft.kind) {
    case 'assistant':
      return draft
    case 'tool':
      return condenseTool(draft)
    case 'request':
      return {
        ...draft,
        title: cut(draft.title, MAX_TITLE_CHARS),
        ...(draft.message !== undefined && { message: cut(draft.message, MAX_DETAILS_CHARS) }),
        ...(draft.placeholder !== undefined && { placeholder: cut(draft.placeholder, MAX_TITLE_CHARS) }),
        ...(draft.prefill !== undefined && { prefill: cut(draft.prefill, MAX_INLINE_BYTES) }),
        options: draft.options
          .slice(0, MAX_OPTIONS)
          .map((option) => ({ ...option, label: cut(option.label, MAX_TITLE_CHARS) })),
      }
    case 'plan':
      return {
        ...draft,
        entries: draft.entries
          .slice(0, MAX_PARTS)
          .map((entry) => ({ ...entry, text: cut(entry.text, MAX_TITLE_CHARS) })),
      }
    case 'task':
      return { ...draft, title: cut(draft.title, MAX_TITLE_CHARS) }
    case 'notice':
      return condenseNotice(draft)
  }
}

/** A text as a part: whole, or an excerpt and a blob. */
export function condenseText(
  text: string,
  maxBytes = MAX_INLINE_BYTES,
): { readonly part: TextBody; readonly blobs: NewBlobs } {
  const blobs = new Map<BlobId, Uint8Array>()
  const [head, tail] = maxBytes < MAX_INLINE_BYTES ? [maxBytes / 8, maxBytes / 16] : [HEAD_CHARS, TAIL_CHARS]
  if (jsonBytes(text) <= maxBytes) return { part: { type: 'text', text }, blobs }
  return { part: { type: 'text', text: excerpt(text, head, tail), blob: addBlob(text, blobs) }, blobs }
}

function hasEnded(part: PartBody): boolean {
  return !('growing' in part && part.growing === true)
}

function condenseTool(draft: ToolDraft): ToolDraft {
  return {
    ...draft,
    call: cut(draft.call, MAX_TITLE_CHARS),
    name: cut(draft.name, MAX_TITLE_CHARS),
    title: cut(draft.title, MAX_TITLE_CHARS),
    touched: draft.touched.slice(0, MAX_TOUCHED).map((path) => cut(path, MAX_LINE_CHARS)),
  }
}

function condenseNotice(draft: NoticeDraft): NoticeDraft {
  return {
    ...draft,
    text: cut(draft.text, MAX_LINE_CHARS),
    ...(draft.details !== undefined && { details: cut(draft.details, MAX_DETAILS_CHARS) }),
  }
}

function condensePart(draft: PartDraft, blobs: Map<BlobId, Uint8Array>, head: number, tail: number): PartBody {
  switch (draft.type) {
    case 'text':
    case 'thinking':
      if (draft.growing === true || jsonBytes(draft.text) <= limitFor(head)) return draft
      return { ...draft, text: excerpt(draft.text, head, tail), blob: addBlob(draft.text, blobs) }
    case 'diff':
      if (jsonBytes(draft.patch) <= limitFor(head)) return draft
      return { ...draft, patch: wholeLines(draft.patch, head), blob: addBlob(draft.patch, blobs) }
    case 'image':
      return imagePart(draft, blobs)
    case 'link':
      return { ...draft, url: cut(draft.url, MAX_LINE_CHARS) }
  }
}

function limitFor(head: number): number {
  return head === HEAD_CHARS ? MAX_INLINE_BYTES : SHORT_HEAD_CHARS + SHORT_TAIL_CHARS
}

function imagePart(draft: ImageDraft, blobs: Map<BlobId, Uint8Array>): PartBody {
  const bytes = Buffer.from(draft.data, 'base64')
  if (bytes.length > MAX_BLOB_BYTES)
    return { type: 'text', text: `(an image of ${bytes.length} bytes, too large to keep)` }
  return { type: 'image', blob: { ...refOf(bytes, blobs), type: cut(draft.mediaType, 100) } }
}

function addBlob(text: string, blobs: Map<BlobId, Uint8Array>): BlobRef {
  const bytes = Buffer.from(text, 'utf8').subarray(0, MAX_BLOB_BYTES)
  return { ...refOf(bytes, blobs), type: 'text/plain' }
}

/** A blob is named by its bytes, so it can be referred to before it is stored. */
function refOf(bytes: Uint8Array, blobs: Map<BlobId, Uint8Array>): Omit<BlobRef, 'type'> {
  const id = BlobId.parse(createHash('sha256').update(bytes).digest('hex'))
  blobs.set(id, bytes)
  return { id, bytes: bytes.length }
}

/** The beginning and the end of a text, and how much is missing between them. */
function excerpt(text: string, head: number, tail: number): string {
  const first = text.slice(0, head).toWellFormed()
  const last = text.slice(-tail).toWellFormed()
  return `${first}\n\n… ${text.length - head - tail} characters left out …\n\n${last}`
}

/** The beginning of a patch up to the end of a line. */
function wholeLines(patch: string, chars: number): string {
  const end = patch.lastIndexOf('\n', chars)
  return patch.slice(0, end === -1 ? chars : end + 1)
}

function cut(text: string, chars: number): string {
  return text.length > chars ? `${text.slice(0, chars).toWellFormed()}…` : text
}

/**
 * The form of an item that is stored while it grows: whole, unless it would not fit a transaction. What is cut off would be
 * lost in a crash, and only then.
 */
export function storableForm(item: Item): Item {
  if (jsonBytes(item) <= MAX_STORED_BYTES) return item
  return growingParts(item).reduce(
    (form, part, at) =>
      part?.growing === true ? replacePart(form, at, { ...part, text: part.text.slice(0, HEAD_CHARS) }) : form,
    item,
  )
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
