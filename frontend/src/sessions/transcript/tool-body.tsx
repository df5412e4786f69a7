import type { DiffPart, ImagePart, ToolItem } from '@octo/protocol'
import { ExternalLink } from 'lucide-react'
import type { ReactElement } from 'react'
import { CodeBlock, DiffView, safeHref, ToolOutput } from '../../content/index.ts'
import { openPath, openTab } from '../../shell/navigation.ts'
import { Button, formatBytes } from '../../ui/index.ts'
import { commandOf, contentOf, firstLine, inputText } from './tool-label.ts'
import { useTranscript } from './transcript-context.tsx'

/** What a tool call was given and what came of it. */
export function ToolBody({ item }: { readonly item: ToolItem }): ReactElement {
  const showsDiff = item.output.some((part) => part.type === 'diff')
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {showsDiff ? null : <ToolInput item={item} />}
      {item.output.map((part, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- parts have no identity but their place
        <OutputPart key={at} part={part} quiet={showsDiff && item.status === 'done'} />
      ))}
      {item.status === 'cancelled' ? <p className="text-sm text-faint">It was stopped before it ended.</p> : null}
    </div>
  )
}

function ToolInput({ item }: { readonly item: ToolItem }): ReactElement | null {
  const command = commandOf(item)
  if (command !== null) {
    // The line above already shows a short command.
    return command.trim() === firstLine(item.title) ? null : <CodeBlock code={command} info="sh" />
  }
  const content = contentOf(item)
  if (content !== null) return <CodeBlock code={content} info={item.title.slice(item.title.lastIndexOf('.') + 1)} />
  if (item.category === 'read' || item.category === 'search') return null
  const text = inputText(item.input)
  return text === '' ? null : <CodeBlock code={text} info="json" />
}

interface OutputPartProps {
  readonly part: ToolItem['output'][number]
  /** Beside a diff the tool's own words say nothing more. */
  readonly quiet: boolean
}

function OutputPart({ part, quiet }: OutputPartProps): ReactElement | null {
  const { openPath: openTarget } = useTranscript()
  switch (part.type) {
    case 'text':
      if (part.text === '' || quiet) return null
      return (
        <div className="min-w-0">
          <ToolOutput text={part.text} onOpenPath={openTarget} />
          {part.blob === undefined ? null : (
            <BlobLink id={part.blob.id} label={`Whole output, ${formatBytes(part.blob.bytes)}`} />
          )}
        </div>
      )
    case 'diff':
      return <Diff part={part} />
    case 'image':
      return <BlobImage part={part} />
    case 'terminal':
      return (
        <Button
          className="self-start"
          size="small"
          onClick={() => openTab({ kind: 'terminal', terminal: part.terminal })}
        >
          Open terminal
        </Button>
      )
    case 'link': {
      const href = safeHref(part.url)
      if (href === null) return <span className="text-sm break-all text-muted">{part.url}</span>
      return (
        <a
          href={href}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 text-sm text-accent-text"
        >
          {part.title ?? part.url}
          <ExternalLink size={12} aria-hidden />
        </a>
      )
    }
  }
}

function Diff({ part }: { readonly part: DiffPart }): ReactElement {
  const { workspace } = useTranscript()
  return (
    <div className="min-w-0">
      <DiffView
        source={{ patch: part.patch }}
        {...(workspace === null
          ? {}
          : { onOpenFile: (path: string, line: number | null) => openPath(workspace, path, line ?? undefined) })}
      />
      {part.blob === undefined ? null : (
        <BlobLink id={part.blob.id} label={`Whole diff, ${formatBytes(part.blob.bytes)}`} />
      )}
    </div>
  )
}

export function BlobImage({ part }: { readonly part: ImagePart }): ReactElement {
  const source = `/api/blobs/${part.blob.id}`
  return (
    <a href={source} target="_blank" rel="noreferrer" className="self-start rounded-md">
      <img
        src={source}
        alt={part.name ?? 'Image'}
        loading="lazy"
        className="max-h-80 max-w-full rounded-md border border-line object-contain"
      />
    </a>
  )
}

function BlobLink({ id, label }: { readonly id: string; readonly label: string }): ReactElement {
  return (
    <a
      href={`/api/blobs/${id}`}
      target="_blank"
      rel="noreferrer"
      className="mt-1 inline-flex items-center gap-1 text-xs text-accent-text hover:underline"
    >
      {label}
      <ExternalLink size={12} aria-hidden />
    </a>
  )
}
