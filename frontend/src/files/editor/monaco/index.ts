/** The editor proper, fetched with Monaco when a text is first shown. */
import type { WorkspaceId } from '@octo/protocol'
import { ModelBuffer } from './model-buffer.ts'
import { monaco } from './setup.ts'

export { ModelBuffer } from './model-buffer.ts'
export { type CodeEditor, type EditorPlace, type EditorStatus, openComparison, openEditor } from './open-editor.ts'

/** Makes a buffer whose language is that of the file's name. */
export function createBuffer(workspace: WorkspaceId, path: string, text: string): ModelBuffer {
  const uri = monaco.Uri.from({ scheme: 'octo', authority: workspace, path: `/${path}` })
  // Left from a tab that was closed a moment ago.
  monaco.editor.getModel(uri)?.dispose()
  return new ModelBuffer(text, uri)
}
