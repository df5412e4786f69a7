import { FileWarning, FileX, GitCompare, History, Lock } from 'lucide-react'
import type { ReactElement } from 'react'
import { Banner, Button } from '../../ui/index.ts'
import type { DocumentView, OpenDocument } from './document.ts'

interface DocumentBarsProps {
  readonly document: OpenDocument
  readonly view: Extract<DocumentView, { phase: 'edited' }>
  readonly comparing: boolean
  readonly onCompare: (comparing: boolean) => void
}

/** What happened to a file under its text, as bars over it: nothing stands in the way of reading and typing. */
export function DocumentBars({ document, view, comparing, onCompare }: DocumentBarsProps): ReactElement {
  return (
    <>
      <DiskBar document={document} view={view} comparing={comparing} onCompare={onCompare} />
      {view.failure === null ? null : (
        <Banner tone="failed" icon={<FileWarning />} action={<Again document={document} />}>
          {`Not saved. ${view.failure.message}`}
        </Banner>
      )}
      {view.unkept && view.dirty ? (
        <Banner tone="waiting" icon={<FileWarning />}>
          This text is too long to be kept in this browser. Save it before you leave.
        </Banner>
      ) : null}
      {view.restored && view.disk.kind === 'same' ? (
        <Banner
          tone="accent"
          icon={<History />}
          action={
            <Button size="small" variant="quiet" onClick={() => void document.discard()}>
              Discard
            </Button>
          }
        >
          What you had not saved here was brought back.
        </Banner>
      ) : null}
      {view.stat.writable ? null : <Banner icon={<Lock />}>This file is read-only.</Banner>}
    </>
  )
}

function Again({ document }: { readonly document: OpenDocument }): ReactElement {
  return (
    <Button size="small" variant="quiet" onClick={() => void document.save()}>
      Try again
    </Button>
  )
}

function DiskBar({ document, view, comparing, onCompare }: DocumentBarsProps): ReactElement | null {
  switch (view.disk.kind) {
    case 'same':
      return null
    case 'gone':
      return (
        <Banner
          tone="waiting"
          icon={<FileX />}
          action={
            <Button size="small" variant="quiet" busy={view.saving} onClick={() => void document.save()}>
              Write it again
            </Button>
          }
        >
          This file has been deleted or moved.
        </Banner>
      )
    case 'changed':
      return (
        <Banner tone="waiting" icon={<GitCompare />}>
          <span className="flex flex-wrap items-center gap-x-3">
            <span className="min-w-48 flex-1">
              {comparing
                ? 'What is on disk is marked −, yours is marked +. Edit yours until it is right, then save it.'
                : 'This file changed on disk while you were editing it.'}
            </span>
            <span className="-mx-2 flex flex-wrap">
              <Button size="small" variant="quiet" onClick={() => onCompare(!comparing)}>
                {comparing ? 'Back' : 'Compare'}
              </Button>
              <Button size="small" variant="quiet" onClick={() => document.takeTheirs()}>
                Take theirs
              </Button>
              <Button size="small" variant="quiet" busy={view.saving} onClick={() => void document.keepMine()}>
                {comparing ? 'Save mine' : 'Keep mine'}
              </Button>
            </span>
          </span>
        </Banner>
      )
  }
}
