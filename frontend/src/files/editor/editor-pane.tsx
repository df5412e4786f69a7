import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ReactElement, RefObject } from 'react'
import { formatCount, Spinner } from '../../ui/index.ts'
import { nameOf } from '../paths.ts'
import type { TextBuffer } from './buffer.ts'
import { FirstScreen } from './first-screen.tsx'
import type { OpenDocument } from './document.ts'
import type * as MonacoModule from './monaco/index.ts'
import type { CodeEditor, EditorPlace, EditorStatus, ModelBuffer } from './monaco/index.ts'

type Monaco = typeof MonacoModule

/** Where each document was left, so that it is shown there again. */
const places = new WeakMap<OpenDocument, EditorPlace>()

export interface EditorPaneProps {
  readonly document: OpenDocument
  readonly buffer: TextBuffer
  readonly readOnly: boolean
  /** Line to show, with the object that asked for it: the same line may be asked for again. */
  readonly goTo: { readonly line?: number }
}

/** The text of a file in the editor. */
export function EditorPane({ document, buffer, readOnly, goTo }: EditorPaneProps): ReactElement {
  const monaco = useMonaco()
  const model = useModelBuffer(monaco, document, buffer)
  if (monaco === null || model === null) return <FirstScreen text={buffer.read()} />
  return (
    <Editor key={document.path} monaco={monaco} document={document} buffer={model} readOnly={readOnly} goTo={goTo} />
  )
}

let loaded: Monaco | null = null

/** Fetches the editor while there is time, because a text is likely to be opened. */
export function preloadEditor(): void {
  // Whoever opens a text is told when it fails.
  if (loaded === null) fetchMonaco().catch(() => undefined)
}

async function fetchMonaco(): Promise<Monaco> {
  loaded = await import('./monaco/index.ts')
  return loaded
}

/** The editor's code, fetched once. */
export function useMonaco(): Monaco | null {
  const [monaco, setMonaco] = useState(loaded)
  const [failure, setFailure] = useState<Error | null>(null)
  useEffect(() => {
    if (loaded !== null) return
    fetchMonaco().then(setMonaco, (error: unknown) =>
      setFailure(error instanceof Error ? error : new Error(String(error))),
    )
  }, [])
  if (failure !== null) throw failure
  return monaco
}

/** Moves the document into a buffer the editor can show, if it is not in one yet. */
export function useModelBuffer(monaco: Monaco | null, document: OpenDocument, buffer: TextBuffer): ModelBuffer | null {
  const isModel = monaco !== null && buffer instanceof monaco.ModelBuffer
  useEffect(() => {
    if (monaco === null || isModel) return
    document.adopt((text) => monaco.createBuffer(document.workspace, document.path, text))
  }, [monaco, document, isModel])
  return isModel ? buffer : null
}

interface EditorProps extends Omit<EditorPaneProps, 'buffer'> {
  readonly monaco: Monaco
  readonly buffer: ModelBuffer
}

function Editor({ monaco, document, buffer, readOnly, goTo }: EditorProps): ReactElement {
  const element = useRef<HTMLDivElement>(null)
  const [status, setStatus] = useState<EditorStatus | null>(null)
  const editor = useEditor({ monaco, document, buffer, element, readOnly, onStatus: setStatus })
  useEffect(() => editor.current?.setReadOnly(readOnly), [editor, readOnly])
  useEffect(() => {
    if (goTo.line !== undefined) editor.current?.goToLine(goTo.line)
  }, [editor, goTo])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div ref={element} className="min-h-0 flex-1" />
      <StatusLine status={status} readOnly={readOnly} />
    </div>
  )
}

interface UseEditor {
  readonly monaco: Monaco
  readonly document: OpenDocument
  readonly buffer: ModelBuffer
  readonly element: RefObject<HTMLDivElement | null>
  readonly readOnly: boolean
  readonly onStatus: (status: EditorStatus) => void
}

function useEditor({ monaco, document, buffer, element, readOnly, onStatus }: UseEditor): RefObject<CodeEditor | null> {
  const editor = useRef<CodeEditor | null>(null)
  const startsReadOnly = useEffectEvent(() => readOnly)
  useEffect(() => {
    if (element.current === null) return
    const opened = monaco.openEditor({
      element: element.current,
      buffer,
      readOnly: startsReadOnly(),
      place: places.get(document) ?? null,
      label: nameOf(document.path),
      onStatus,
    })
    editor.current = opened
    return () => {
      places.set(document, opened.close())
      editor.current = null
    }
  }, [monaco, document, buffer, element, onStatus])
  return editor
}

function StatusLine({
  status,
  readOnly,
}: {
  readonly status: EditorStatus | null
  readonly readOnly: boolean
}): ReactElement {
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 border-t border-line px-3 text-2xs text-faint tabular-nums">
      {status === null ? (
        <Spinner label="Loading" />
      ) : (
        <>
          <span>{`Line ${status.line}, column ${status.column}`}</span>
          {status.selected > 0 ? <span>{`${formatCount(status.selected)} selected`}</span> : null}
          <span className="flex-1" />
          {readOnly ? <span>Read-only</span> : null}
          <span>{status.eol}</span>
          <span>{status.language}</span>
        </>
      )}
    </footer>
  )
}
