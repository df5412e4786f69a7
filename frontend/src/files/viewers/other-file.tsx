import type { FileStat, WorkspaceId } from '@octo/protocol'
import { Download, FileQuestion, Folder } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { showSide } from '../../shell/navigation.ts'
import { Button, EmptyState, formatBytes, formatExactTime } from '../../ui/index.ts'
import { contentUrl, download } from '../content-api.ts'
import type { ViewKind } from '../editor/disk-decision.ts'
import { nameOf } from '../paths.ts'
import { ImageView } from './image-view.tsx'
import { LargeFile } from './large-file.tsx'

interface OtherFileProps {
  readonly workspace: WorkspaceId
  readonly stat: FileStat
  readonly as: Exclude<ViewKind, 'text'>
}

/** Everything that is no text to edit: shown where browsers can, else said what it is. */
export function OtherFile({ workspace, stat, as }: OtherFileProps): ReactElement {
  // The version makes the browser load it anew when the file changed; the server looks at the path alone.
  const source = `${contentUrl(workspace, stat.path)}#${encodeURIComponent(stat.etag)}`
  const name = nameOf(stat.path)
  switch (as) {
    case 'large-text':
      return <LargeFile key={stat.path} workspace={workspace} stat={stat} />
    case 'image':
      return <ImageView key={stat.etag} name={name} source={source} bytes={stat.bytes} />
    case 'pdf':
      // Browsers refuse to show a PDF in a sandbox; it comes with a policy of its own and runs nothing in our origin.
      // oxlint-disable-next-line react/iframe-missing-sandbox
      return <iframe key={stat.etag} src={source} title={name} className="min-h-0 w-full flex-1 border-0 bg-sunken" />
    case 'media':
      return <Media key={stat.etag} stat={stat} source={source} />
    case 'binary':
      return <Binary workspace={workspace} stat={stat} />
    case 'folder':
      return (
        <EmptyState
          icon={<Folder />}
          title={`${name} is a folder`}
          action={<Button onClick={() => showSide('files')}>Show in files</Button>}
        />
      )
    case 'special':
      return (
        <EmptyState icon={<FileQuestion />} title={`${name} cannot be shown`}>
          It is a pipe, a socket, a device, or a link that leads nowhere.
        </EmptyState>
      )
  }
}

function Media({ stat, source }: { readonly stat: FileStat; readonly source: string }): ReactElement {
  const name = nameOf(stat.path)
  return (
    <div className="flex min-h-0 flex-1 items-center justify-center bg-sunken p-4">
      {stat.type.startsWith('video/') ? (
        // A file of the workspace has no captions beside it.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video src={source} controls aria-label={name} className="max-h-full max-w-full" />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <audio src={source} controls aria-label={name} />
      )}
    </div>
  )
}

function Binary({ workspace, stat }: { readonly workspace: WorkspaceId; readonly stat: FileStat }): ReactElement {
  const [asText, setAsText] = useState(false)
  if (asText) return <LargeFile workspace={workspace} stat={stat} />
  return (
    <EmptyState
      icon={<FileQuestion />}
      title={`${nameOf(stat.path)} is not text`}
      action={
        <>
          <Button icon={<Download size={14} />} onClick={() => download(contentUrl(workspace, stat.path, true))}>
            Download
          </Button>
          <Button variant="quiet" onClick={() => setAsText(true)}>
            Show as text
          </Button>
        </>
      }
    >
      {`${stat.type}, ${formatBytes(stat.bytes)}, changed ${formatExactTime(stat.modifiedAt)}`}
    </EmptyState>
  )
}
