import type { FileStat } from '@octo/protocol'
import { MAX_EDITABLE_BYTES } from '@octo/protocol/client'

/** How a file is shown. */
export type ViewKind = 'text' | 'large-text' | 'image' | 'pdf' | 'media' | 'binary' | 'folder' | 'special'

/** What a file is shown as, by what the runner says it is. */
export function viewKindOf({ kind, target, type, text, bytes }: FileStat): ViewKind {
  const real = kind === 'symlink' ? (target ?? 'other') : kind
  if (real === 'folder') return 'folder'
  if (real !== 'file') return 'special'
  if (text) return bytes > MAX_EDITABLE_BYTES ? 'large-text' : 'text'
  if (type === 'application/pdf') return 'pdf'
  if (/^image\/(avif|bmp|gif|jpeg|png|webp|x-icon|vnd\.microsoft\.icon)$/u.test(type)) return 'image'
  return /^(audio|video)\//u.test(type) ? 'media' : 'binary'
}

/** What an editor holds, as far as it matters for what happens on disk. */
export interface Held {
  /** The ETag the text was made from; null while the file is known to be gone. */
  readonly etag: string | null
  readonly dirty: boolean
}

/** What to do when the file may have changed. */
export type DiskDecision =
  /** It is as it was. */
  | { readonly kind: 'keep' }
  /** Nothing was typed: show what is there now. */
  | { readonly kind: 'reload' }
  /** Something was typed: compare with what is there now, and let the user choose if that differs. */
  | { readonly kind: 'compare' }
  /** It is no text any more that could be edited; nothing was typed, so it is shown as what it is. */
  | { readonly kind: 'reopen' }
  /** It is gone. */
  | { readonly kind: 'gone' }

/** @param now what is at the path; null if nothing is */
export function decideOnDisk({ etag, dirty }: Held, now: FileStat | null): DiskDecision {
  if (now === null) return { kind: etag === null ? 'keep' : 'gone' }
  if (now.etag === etag) return { kind: 'keep' }
  if (viewKindOf(now) !== 'text') return { kind: dirty ? 'gone' : 'reopen' }
  return { kind: dirty ? 'compare' : 'reload' }
}
