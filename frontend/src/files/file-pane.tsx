import type { Workspace, WorkspaceId } from '@octo/protocol'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { useMux } from '../mux/index.ts'
import { closeTab, replaceTab } from '../shell/navigation.ts'
import { tabKey } from '../shell/tabs.ts'
import { Button, EmptyState, Skeleton, useIsPhone } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import { ClosingDialog } from './editor/closing-dialog.tsx'
import { Comparison } from './editor/comparison.tsx'
import { DocumentBars } from './editor/document-bars.tsx'
import type { DocumentView, OpenDocument } from './editor/document.ts'
import { openDocuments } from './editor/documents.ts'
import { EditorPane } from './editor/editor-pane.tsx'
import { FirstScreen } from './editor/first-screen.tsx'
import { TouchEditor } from './editor/touch-editor.tsx'
import { FileHeader } from './file-header.tsx'
import { MissingFile } from './missing-file.tsx'
import { pathInWorkspace } from './paths.ts'
import { MarkdownPreview } from './viewers/markdown-preview.tsx'
import { OtherFile } from './viewers/other-file.tsx'

/** The tab that shows a file. */
export interface FileTarget {
  readonly kind: 'file'
  readonly workspace: WorkspaceId
  readonly path: string
  readonly line?: number
}

export interface FilePaneProps {
  readonly target: FileTarget
}

/** A file in the centre: its text to edit, or whatever else it is. */
export function FilePane({ target }: FilePaneProps): ReactElement {
  const { entries, loaded } = useWorkspaces()
  const workspace = entries.get(target.workspace)
  if (workspace === undefined) {
    if (!loaded) return <Skeleton lines={8} className="p-6" />
    return (
      <EmptyState
        title="This workspace is not there any more"
        action={<Button onClick={() => void closeTab(tabKey(target))}>Close tab</Button>}
      />
    )
  }
  const path = pathInWorkspace(workspace.path, target.path)
  if (path === null) return <Outside workspace={workspace} target={target} />
  if (path !== target.path) return <Moved target={target} path={path} />
  return <DocumentPane key={path} target={target} />
}

function Outside({ workspace, target }: { readonly workspace: Workspace; readonly target: FileTarget }): ReactElement {
  return (
    <EmptyState
      title="This file lies outside of the workspace"
      action={<Button onClick={() => void closeTab(tabKey(target))}>Close tab</Button>}
    >
      {`${target.path} is not in ${workspace.path}. Add its folder as a workspace to open it.`}
    </EmptyState>
  )
}

/** What was written as an absolute path, or with "./", goes to the tab of that file. */
function Moved({ target, path }: { readonly target: FileTarget; readonly path: string }): ReactElement {
  useEffect(() => replaceTab(tabKey(target), { ...target, path }), [target, path])
  return <Skeleton lines={8} className="p-6" />
}

function DocumentPane({ target }: FilePaneProps): ReactElement {
  const document = openDocuments(useMux()).open(target.workspace, target.path)
  const view = useSyncExternalStore(document.subscribe, () => document.view)
  const [preview, setPreview] = useState(false)
  useSaveKey(document)
  const canPreview = /\.(?:md|markdown|mdx)$/iu.test(target.path)
  return (
    <section aria-label={target.path} className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <FileHeader document={document} view={view} {...(canPreview ? { preview, onPreview: setPreview } : {})} />
      <Body document={document} view={view} target={target} preview={canPreview && preview} />
      <ClosingDialog document={document} />
    </section>
  )
}

/** Ctrl+S and Cmd+S save the file in front, wherever the keyboard is; the browser's own "Save page" helps nobody here. */
function useSaveKey(document: OpenDocument): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      void document.save()
    }
    globalThis.document.addEventListener('keydown', onKey, { capture: true })
    return () => globalThis.document.removeEventListener('keydown', onKey, { capture: true })
  }, [document])
}

interface BodyProps {
  readonly document: OpenDocument
  readonly view: DocumentView
  readonly target: FileTarget
  readonly preview: boolean
}

function Body({ document, view, target, preview }: BodyProps): ReactElement {
  switch (view.phase) {
    case 'loading':
      return view.beginning === null ? (
        <Skeleton lines={12} className="p-6" label="Loading file" />
      ) : (
        <FirstScreen text={view.beginning} />
      )
    case 'failed':
      return <MissingFile target={target} error={view.error} onRetry={() => void document.load()} />
    case 'viewed':
      return <OtherFile workspace={target.workspace} stat={view.stat} as={view.as} />
    case 'edited':
      return <TextBody document={document} view={view} target={target} preview={preview} />
  }
}

interface TextBodyProps extends BodyProps {
  readonly view: Extract<DocumentView, { phase: 'edited' }>
}

function TextBody({ document, view, target, preview }: TextBodyProps): ReactElement {
  const isPhone = useIsPhone()
  const [comparing, setComparing] = useState(false)
  const { buffer, disk, stat } = view
  const common = { document, buffer, readOnly: !stat.writable, goTo: target }
  return (
    <>
      <DocumentBars document={document} view={view} comparing={comparing} onCompare={setComparing} />
      {comparing && disk.kind === 'changed' ? (
        <Comparison document={document} buffer={buffer} theirs={disk.theirs.text} />
      ) : preview ? (
        <MarkdownPreview workspace={target.workspace} path={target.path} buffer={buffer} />
      ) : isPhone ? (
        <TouchEditor {...common} />
      ) : (
        <EditorPane {...common} />
      )}
    </>
  )
}
