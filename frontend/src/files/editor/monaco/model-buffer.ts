import { minimalEdit } from '../text-edit.ts'
import type { Mark, TextBuffer } from '../buffer.ts'
import { monaco } from './setup.ts'

/** A text that lives in one of Monaco's models, with its undo. */
export class ModelBuffer implements TextBuffer {
  readonly model: monaco.editor.ITextModel

  /** @param uri names the file: its ending decides the language */
  constructor(text: string, uri: monaco.Uri) {
    this.model = monaco.editor.createModel(text, undefined, uri)
    // Brackets in colours of their own shout over the colours that mean something.
    this.model.updateOptions({
      bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
    })
  }

  read(): string {
    return this.model.getValue(undefined, true)
  }

  replace(text: string): void {
    const { model } = this
    const eol = text.includes('\r\n') ? '\r\n' : '\n'
    if (model.getEOL() !== eol && text.includes('\n')) {
      model.pushEOL(eol === '\n' ? monaco.editor.EndOfLineSequence.LF : monaco.editor.EndOfLineSequence.CRLF)
    }
    const edit = minimalEdit(model.getValue(), withoutMark(text))
    if (edit === null) return
    const range = monaco.Range.fromPositions(model.getPositionAt(edit.start), model.getPositionAt(edit.end))
    model.pushStackElement()
    model.pushEditOperations([], [{ range, text: edit.text }], () => null)
    model.pushStackElement()
  }

  mark(): Mark {
    return this.model.getAlternativeVersionId()
  }

  isAt(mark: Mark): boolean {
    return this.model.getAlternativeVersionId() === mark
  }

  onChange(listener: () => void): () => void {
    const subscription = this.model.onDidChangeContent(listener)
    return () => subscription.dispose()
  }

  dispose(): void {
    this.model.dispose()
  }
}

/** Monaco keeps a byte order mark beside the text. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
