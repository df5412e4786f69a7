import { onSettingsChange, settings } from '../../../lib/settings.ts'
import { LINE_HEIGHT } from '../line-height.ts'
import type { ModelBuffer } from './model-buffer.ts'
import { monaco } from './setup.ts'

/** Where the cursor is and what the text is, for the line below the editor. */
export interface EditorStatus {
  readonly line: number
  readonly column: number
  /** Characters selected; 0 for none. */
  readonly selected: number
  readonly language: string
  readonly eol: 'LF' | 'CRLF'
}

export interface CodeEditor {
  /** Shows a line in the middle and puts the cursor on it. */
  goToLine(line: number): void
  setReadOnly(readOnly: boolean): void
  focus(): void
  /** Where it stood, for the next time this file is shown. */
  close(): EditorPlace
}

export type EditorPlace = monaco.editor.ICodeEditorViewState | null

interface EditorOptions {
  readonly element: HTMLElement
  readonly buffer: ModelBuffer
  readonly readOnly: boolean
  readonly place: EditorPlace
  readonly label: string
  readonly onStatus: (status: EditorStatus) => void
}

/** Shows a buffer in an editor of its own. */
export function openEditor({ element, buffer, readOnly, place, label, onStatus }: EditorOptions): CodeEditor {
  const editor = monaco.editor.create(element, {
    ...commonOptions(),
    model: buffer.model,
    readOnly,
    readOnlyMessage: { value: 'This file is read-only.' },
    ariaLabel: label,
  })
  if (place !== null) editor.restoreViewState(place)
  const tell = (): void => onStatus(statusOf(editor, buffer.model))
  const subscriptions = [
    editor.onDidChangeCursorSelection(tell),
    buffer.model.onDidChangeLanguage(tell),
    buffer.model.onDidChangeOptions(tell),
  ]
  const stopSettings = onSettingsChange(() => editor.updateOptions(commonOptions()))
  tell()
  return {
    goToLine: (line) => {
      const lineNumber = Math.min(Math.max(1, line), buffer.model.getLineCount())
      editor.setPosition({ lineNumber, column: 1 })
      editor.revealLineInCenter(lineNumber)
    },
    setReadOnly: (value) => editor.updateOptions({ readOnly: value }),
    focus: () => editor.focus(),
    close: () => {
      const left = editor.saveViewState()
      stopSettings()
      for (const subscription of subscriptions) subscription.dispose()
      editor.dispose()
      return left
    },
  }
}

/**
 * Shows what is on disk beside a buffer, which stays the one being edited.
 * @returns a function that takes the comparison away
 */
export function openComparison(element: HTMLElement, buffer: ModelBuffer, theirs: string): () => void {
  const original = monaco.editor.createModel(theirs, buffer.model.getLanguageId())
  const editor = monaco.editor.createDiffEditor(element, {
    ...commonOptions(),
    originalEditable: false,
    renderSideBySide: true,
    renderOverviewRuler: false,
    useInlineViewWhenSpaceIsLimited: true,
    renderSideBySideInlineBreakpoint: 700,
    hideUnchangedRegions: { enabled: true },
    ignoreTrimWhitespace: false,
    originalAriaLabel: 'On disk',
    modifiedAriaLabel: 'Yours',
  })
  editor.setModel({ original, modified: buffer.model })
  return () => {
    editor.dispose()
    original.dispose()
  }
}

function commonOptions(): monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions {
  const { codeSize, wrapLines } = settings()
  return {
    theme: 'octo',
    automaticLayout: true,
    fontSize: codeSize,
    lineHeight: Math.round(codeSize * LINE_HEIGHT),
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
    fontLigatures: false,
    wordWrap: wrapLines ? 'on' : 'off',
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    fixedOverflowWidgets: true,
    lineNumbersMinChars: 4,
    lineDecorationsWidth: 8,
    folding: true,
    glyphMargin: false,
    renderLineHighlight: 'line',
    renderLineHighlightOnlyWhenFocus: true,
    guides: { indentation: true, bracketPairs: false },
    padding: { top: 8, bottom: 8 },
    smoothScrolling: false,
    cursorBlinking: 'smooth',
    stickyScroll: { enabled: true, maxLineCount: 3 },
    // Words of the file itself are offered; nothing asks a server.
    quickSuggestions: false,
    wordBasedSuggestions: 'currentDocument',
    occurrencesHighlight: 'singleFile',
    unicodeHighlight: { ambiguousCharacters: false },
    accessibilitySupport: 'auto',
    scrollbar: {
      verticalScrollbarSize: 10,
      horizontalScrollbarSize: 10,
      useShadows: false,
      alwaysConsumeMouseWheel: false,
    },
  }
}

function statusOf(editor: monaco.editor.IStandaloneCodeEditor, model: monaco.editor.ITextModel): EditorStatus {
  const selection = editor.getSelection()
  const { lineNumber, column } = selection?.getPosition() ?? { lineNumber: 1, column: 1 }
  return {
    line: lineNumber,
    column,
    selected: selection === null ? 0 : model.getValueLengthInRange(selection),
    language: languageName(model.getLanguageId()),
    eol: model.getEOL() === '\n' ? 'LF' : 'CRLF',
  }
}

function languageName(id: string): string {
  if (id === 'plaintext') return 'Plain text'
  return monaco.languages.getLanguages().find((language) => language.id === id)?.aliases?.[0] ?? id
}
