import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { useSettings } from '../../lib/settings.ts'
import { nameOf } from '../paths.ts'
import type { TextBuffer } from './buffer.ts'
import type { OpenDocument } from './document.ts'

interface TouchEditorProps {
  readonly document: OpenDocument
  readonly buffer: TextBuffer
  readonly readOnly: boolean
  readonly goTo: { readonly line?: number }
}

/**
 * A text on a screen without a mouse: the browser's own field, with its selection handles, its keyboard with corrections
 * off, and its undo, all of which the editor for the desktop takes away there.
 */
export function TouchEditor({ document, buffer, readOnly, goTo }: TouchEditorProps): ReactElement {
  const field = useRef<HTMLTextAreaElement>(null)
  const { wrapLines } = useSettings()
  const text = useSyncExternalStore(
    (listener) => buffer.onChange(listener),
    () => buffer.read(),
  )
  useEffect(() => {
    if (goTo.line !== undefined && field.current !== null) showLine(field.current, goTo.line)
  }, [goTo])
  return (
    <textarea
      ref={field}
      aria-label={nameOf(document.path)}
      value={text}
      readOnly={readOnly}
      wrap={wrapLines ? 'soft' : 'off'}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      autoCorrect="off"
      onChange={(event) => buffer.replace(event.target.value)}
      // 16 px: browsers zoom into fields with smaller text.
      className="min-h-0 w-full flex-1 resize-none bg-surface px-3 py-2 font-mono text-lg leading-6 outline-none"
    />
  )
}

/** Puts the cursor at the beginning of a line and shows it. */
function showLine(field: HTMLTextAreaElement, line: number): void {
  const before = field.value.split('\n', Math.max(0, line - 1))
  const offset = before.reduce((sum, text) => sum + text.length + 1, 0)
  field.setSelectionRange(offset, offset)
  field.scrollTop = Math.max(0, (line - 4) * Number.parseFloat(getComputedStyle(field).lineHeight))
}
