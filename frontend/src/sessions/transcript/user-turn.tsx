import type { FilePart, ImagePart, PromptInput, TextPart, UserItem } from '@octo/protocol'
import { CornerDownRight, File, Paperclip, RotateCcw, X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { LongText, Markdown } from '../../content/index.ts'
import { openPath } from '../../shell/navigation.ts'
import { Button, CopyButton, cx, RelativeTime } from '../../ui/index.ts'
import type { Echo } from '../echoes.ts'
import { draftOf } from '../drafts.ts'
import { BlobImage } from './tool-body.tsx'
import { useTranscript } from './transcript-context.tsx'

/** Markdown lexes all of it; what somebody pasted in bulk is shown as plain text in parts. */
const MAX_MARKDOWN_CHARS = 20_000

type UserPart = UserItem['parts'][number]

/** What a person wrote, in a quiet box. */
export function UserTurn({ item }: { readonly item: UserItem }): ReactElement {
  return (
    <UserBox
      steered={item.delivery === 'steer'}
      actions={
        <>
          <RelativeTime at={item.createdAt} className="text-2xs text-faint" />
          <CopyButton text={() => textOf(item.parts)} label="Copy prompt" />
        </>
      }
    >
      <UserParts parts={item.parts} />
    </UserBox>
  )
}

/** A prompt on its way: as it will look, fainter. One that failed stays until it is sent again or dropped. */
export function EchoTurn({ echo }: { readonly echo: Echo }): ReactElement {
  const { store } = useTranscript()
  const failed = echo.state === 'failed'
  const again = (): void => {
    store.dropEcho(echo.command)
    // The new echo shows how this try ends.
    store.send(echo.prompt, echo.how).catch(() => undefined)
  }
  const edit = (): void => {
    store.dropEcho(echo.command)
    draftOf(store.id).restore(echo.prompt)
  }
  return (
    <div>
      <UserBox steered={echo.how === 'steer'} className={failed ? 'border-failed' : 'opacity-70'}>
        <PromptText prompt={echo.prompt} />
      </UserBox>
      {failed ? (
        <div role="alert" className="-mt-1 mb-3 flex flex-wrap items-center gap-2 text-sm text-failed">
          <span className="min-w-0 flex-1 text-pretty">Not sent. {echo.error?.message}</span>
          <Button size="small" icon={<RotateCcw size={12} />} onClick={again}>
            Send again
          </Button>
          <Button size="small" variant="quiet" icon={<X size={12} />} onClick={edit}>
            Back to the composer
          </Button>
        </div>
      ) : null}
    </div>
  )
}

interface UserBoxProps {
  readonly steered: boolean
  readonly actions?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

function UserBox({ steered, actions, className, children }: UserBoxProps): ReactElement {
  return (
    <div className="group/turn relative pt-4 pb-3">
      <div className={cx('rounded-lg border border-line bg-sunken px-3 py-2', className)}>
        {steered ? (
          <p className="mb-1 flex items-center gap-1 text-xs text-faint">
            <CornerDownRight size={12} aria-hidden /> Sent while it was working
          </p>
        ) : null}
        {children}
      </div>
      {actions === undefined ? null : (
        <div className="absolute right-1 bottom-0 flex h-7 translate-y-1/2 items-center gap-1 rounded-md bg-surface px-1 opacity-0 transition-opacity duration-100 group-focus-within/turn:opacity-100 group-hover/turn:opacity-100 pointer-coarse:static pointer-coarse:translate-y-0 pointer-coarse:justify-end pointer-coarse:opacity-100">
          {actions}
        </div>
      )}
    </div>
  )
}

function UserParts({ parts }: { readonly parts: readonly UserPart[] }): ReactElement {
  const images = parts.filter((part): part is ImagePart => part.type === 'image')
  const files = parts.filter((part): part is FilePart => part.type === 'file')
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {parts.map((part, at) =>
        // oxlint-disable-next-line react/no-array-index-key -- parts have no identity but their place
        part.type === 'text' ? <UserText key={at} part={part} /> : null,
      )}
      {images.length > 0 ? (
        <div className="flex flex-wrap gap-2">
          {images.map((part) => (
            <BlobImage key={part.blob.id} part={part} />
          ))}
        </div>
      ) : null}
      {files.length > 0 ? (
        <div className="flex flex-wrap gap-1">
          {files.map((part) => (
            <FileChip key={part.path} path={part.path} />
          ))}
        </div>
      ) : null}
    </div>
  )
}

function UserText({ part }: { readonly part: TextPart }): ReactElement {
  return (
    <>
      <PlainOrMarkdown text={part.text} />
      {part.blob === undefined ? null : (
        <a href={`/api/blobs/${part.blob.id}`} target="_blank" rel="noreferrer" className="text-xs text-accent-text">
          The whole text
        </a>
      )}
    </>
  )
}

function PlainOrMarkdown({ text }: { readonly text: string }): ReactElement {
  const { openPath: openTarget } = useTranscript()
  if (text.length > MAX_MARKDOWN_CHARS) return <LongText text={text} />
  return <Markdown text={text} onOpenPath={openTarget} />
}

function FileChip({ path }: { readonly path: string }): ReactElement {
  const { workspace } = useTranscript()
  return (
    <button
      type="button"
      disabled={workspace === null}
      onClick={() => workspace !== null && openPath(workspace, path)}
      className="inline-flex h-6 max-w-full items-center gap-1 rounded-md border border-line bg-surface px-1.5 text-xs text-muted hover:text-text"
    >
      <File size={12} aria-hidden className="shrink-0" />
      <span className="truncate">{path}</span>
    </button>
  )
}

function PromptText({ prompt }: { readonly prompt: PromptInput }): ReactElement {
  const count = prompt.attachments?.length ?? 0
  return (
    <>
      <PlainOrMarkdown text={prompt.text} />
      {count === 0 ? null : (
        <p className="mt-1 flex items-center gap-1 text-xs text-faint">
          <Paperclip size={12} aria-hidden /> {count === 1 ? '1 attachment' : `${count} attachments`}
        </p>
      )}
    </>
  )
}

function textOf(parts: readonly UserPart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
}
