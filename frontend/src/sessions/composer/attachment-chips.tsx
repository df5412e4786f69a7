import { CircleAlert, FileText, Image, X } from 'lucide-react'
import type { ReactElement } from 'react'
import { cx, formatBytes, IconButton } from '../../ui/index.ts'
import type { Attachment, DraftStore } from '../drafts.ts'

interface AttachmentChipsProps {
  readonly attachments: readonly Attachment[]
  readonly store: DraftStore
}

/** What goes with the prompt. Files of the workspace stand in the text itself. */
export function AttachmentChips({ attachments, store }: AttachmentChipsProps): ReactElement | null {
  const blobs = attachments.filter((attachment) => attachment.kind === 'blob')
  if (blobs.length === 0) return null
  return (
    <ul aria-label="Attachments" className="flex flex-wrap gap-1.5 px-3 pt-2.5">
      {blobs.map((blob) => (
        <li key={blob.key}>
          <BlobChip blob={blob} onRemove={() => store.remove(blob.key)} />
        </li>
      ))}
    </ul>
  )
}

interface BlobChipProps {
  readonly blob: Extract<Attachment, { kind: 'blob' }>
  readonly onRemove: () => void
}

function BlobChip({ blob, onRemove }: BlobChipProps): ReactElement {
  const { upload } = blob
  const failed = upload.state === 'failed'
  return (
    <span
      className={cx(
        'relative flex h-8 max-w-64 items-center gap-1.5 overflow-hidden rounded-md border bg-surface pl-2 text-xs',
        failed ? 'border-failed text-failed' : 'border-line-strong',
      )}
      title={failed ? upload.message : blob.name}
    >
      {upload.state === 'done' && blob.type.startsWith('image/') ? (
        <img src={`/api/blobs/${upload.blob}`} alt="" className="-ml-1 size-6 rounded-sm object-cover" />
      ) : (
        <span aria-hidden className="shrink-0 text-faint">
          {failed ? (
            <CircleAlert size={14} />
          ) : blob.type.startsWith('image/') ? (
            <Image size={14} />
          ) : (
            <FileText size={14} />
          )}
        </span>
      )}
      <span className="min-w-0 truncate">{failed ? `${blob.name}: ${upload.message}` : blob.name}</span>
      <span className="shrink-0 text-faint tabular-nums">{statusOf(blob)}</span>
      <IconButton size="small" label={`Remove ${blob.name}`} icon={<X size={12} />} onClick={onRemove} />
      {upload.state === 'running' ? (
        <span
          aria-hidden
          className="absolute bottom-0 left-0 h-0.5 bg-accent transition-[width] duration-200"
          style={{ width: `${Math.round(upload.share * 100)}%` }}
        />
      ) : null}
    </span>
  )
}

function statusOf({ upload, bytes }: BlobChipProps['blob']): string {
  switch (upload.state) {
    case 'running':
      return `${Math.round(upload.share * 100)} %`
    case 'done':
      return bytes > 0 ? formatBytes(bytes) : ''
    case 'failed':
      return ''
  }
}
