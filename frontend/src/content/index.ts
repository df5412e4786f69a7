/**
 * Draws what agents write: Markdown, code, diffs and the output of tools. Everything here takes text that nobody has
 * checked and gives back React elements; no text ever becomes HTML, a script, a style or an unsafe link. It is bounded:
 * whatever the text, drawing it stays quick and the page stays small.
 */
export { ToolOutput } from './ansi/tool-output.tsx'
export { CodeBlock } from './code/code-block.tsx'
export { compareTexts } from './diff/compare.ts'
export { DiffView, PathName } from './diff/diff-view.tsx'
export type { FileDiff } from './diff/patch.ts'
export { parsePath, safeHref } from './links.ts'
export type { PathTarget } from './links.ts'
export { LongText } from './long-text.tsx'
export { Markdown } from './markdown/markdown.tsx'
