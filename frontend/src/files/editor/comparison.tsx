import { useEffect, useRef } from 'react'
import type { ReactElement } from 'react'
import { Skeleton } from '../../ui/index.ts'
import type { TextBuffer } from './buffer.ts'
import type { OpenDocument } from './document.ts'
import { useModelBuffer, useMonaco } from './editor-pane.tsx'

interface ComparisonProps {
  readonly document: OpenDocument
  readonly buffer: TextBuffer
  /** What is on disk. */
  readonly theirs: string
}

/** What is on disk beside the text being edited, which can be edited here too. */
export function Comparison({ document, buffer, theirs }: ComparisonProps): ReactElement {
  const monaco = useMonaco()
  const model = useModelBuffer(monaco, document, buffer)
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (monaco === null || model === null || element.current === null) return
    return monaco.openComparison(element.current, model, theirs)
  }, [monaco, model, theirs])
  if (monaco === null || model === null) return <Skeleton lines={8} className="min-h-0 flex-1 p-6" />
  return <div ref={element} className="min-h-0 flex-1" />
}
