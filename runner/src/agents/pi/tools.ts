import { isAbsolute, relative } from 'node:path'
import type { DiffPart, ToolCategory } from '@octo/protocol'
import type { OutputDraft } from '../adapter.ts'
import { capValue } from '../lib/cap-value.ts'
import type { ToolResult } from './events.ts'

/** What a person reads in one line; more is in the item's input. */
const MAX_TITLE_CHARS = 200

/** pi's own tools; those of extensions are `other`. */
const categories: Readonly<Record<string, ToolCategory>> = {
  read: 'read',
  ls: 'read',
  write: 'edit',
  edit: 'edit',
  bash: 'execute',
  powershell: 'execute',
  grep: 'search',
  find: 'search',
}

/** The argument that says the most about a call, by its usual names. */
const TELLING = ['command', 'path', 'file_path', 'pattern', 'query', 'url', 'prompt']

export function toolCategory(name: string): ToolCategory {
  return categories[name] ?? 'other'
}

/** One line for a person: the command, the path, the pattern. */
export function toolTitle(name: string, input: unknown): string {
  const values = typeof input === 'object' && input !== null ? (input as Readonly<Record<string, unknown>>) : {}
  const telling = TELLING.map((key) => values[key]).find((value) => typeof value === 'string' && value.trim() !== '')
  const line = typeof telling === 'string' ? (telling.trim().split('\n')[0] ?? '') : name
  return line.length > MAX_TITLE_CHARS ? `${line.slice(0, MAX_TITLE_CHARS)}…` : line
}

export function toolInput(input: unknown): unknown {
  return capValue(input ?? null)
}

/** The file a call of pi's own writing tools changes, relative to the workspace if it lies there. */
export function changedPaths(name: string, input: unknown, cwd: string): string[] {
  if (toolCategory(name) !== 'edit') return []
  const path = (input as { readonly path?: unknown } | null)?.path
  if (typeof path !== 'string' || path === '') return []
  if (!isAbsolute(path)) return [path]
  const inside = relative(cwd, path)
  return [inside !== '' && !inside.startsWith('..') ? inside : path]
}

/** What a result shows: its texts as one, then its images, and the change it made to a file. */
export function resultParts(result: ToolResult, path: string | undefined): OutputDraft[] {
  const parts: OutputDraft[] = []
  const patch = result.details?.patch
  if (patch !== undefined && path !== undefined) parts.push(diffPart(path, patch))
  const text = resultText(result)
  if (text !== '') parts.push({ type: 'text', text })
  for (const block of result.content) {
    if (block.type === 'image' && block.data !== undefined) {
      parts.push({ type: 'image', data: block.data, mediaType: block.mimeType ?? 'application/octet-stream' })
    }
  }
  return parts
}

export function resultText(result: ToolResult): string {
  return result.content.flatMap((block) => (block.type === 'text' ? [block.text ?? ''] : [])).join('\n')
}

function diffPart(path: string, patch: string): Omit<DiffPart, 'blob'> {
  const all = patch.split('\n')
  const lines = all.slice(all.findIndex((line) => line.startsWith('@@')))
  return {
    type: 'diff',
    path,
    patch,
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
  }
}
