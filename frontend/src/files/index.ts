/**
 * The files of a workspace in the browser: their tree, the editor, viewers, uploads. Shows what the runner has and saves
 * only over what it showed. Holds no fact but unsaved text, which is nobody else's yet. What draws is fetched when first
 * shown: see panes.ts.
 */
export { keepUnsavedFiles } from './editor/unsaved.ts'
export { fileIcon } from './tree/tree-icon.tsx'
