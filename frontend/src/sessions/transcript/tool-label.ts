import type { AssistantItem, ToolCategory, ToolItem } from '@octo/protocol'
import { formatPlural } from '../../ui/index.ts'

interface Verbs {
  readonly running: string
  readonly done: string
  readonly failed: string
}

const VERBS: Record<ToolCategory, Verbs> = {
  read: { running: 'Reading', done: 'Read', failed: 'Could not read' },
  edit: { running: 'Editing', done: 'Edited', failed: 'Could not edit' },
  delete: { running: 'Deleting', done: 'Deleted', failed: 'Could not delete' },
  move: { running: 'Moving', done: 'Moved', failed: 'Could not move' },
  search: { running: 'Searching', done: 'Searched', failed: 'Could not search' },
  execute: { running: 'Running', done: 'Ran', failed: 'Failed' },
  fetch: { running: 'Fetching', done: 'Fetched', failed: 'Could not fetch' },
  think: { running: 'Thinking', done: 'Thought', failed: 'Could not think' },
  other: { running: 'Using', done: 'Used', failed: 'Failed' },
}

export interface ToolLabel {
  readonly verb: string
  /** The command, path or pattern; empty when the verb says it all. */
  readonly object: string
}

/** What one line says of a tool call. */
export function labelOf(tool: ToolItem): ToolLabel {
  return { verb: verbOf(tool), object: firstLine(tool.title) || tool.name }
}

const WRITE: Verbs = { running: 'Writing', done: 'Wrote', failed: 'Could not write' }

function verbOf(tool: ToolItem): string {
  const { category, status } = tool
  const verbs = contentOf(tool) === null ? VERBS[category] : WRITE
  switch (status) {
    case 'pending':
    case 'running':
      return verbs.running
    case 'done':
      return verbs.done
    case 'failed':
      return verbs.failed
    case 'cancelled':
      return 'Stopped'
  }
}

/** What one line says of a run of reads and searches: "Read 4 files, searched 2 times". */
export function labelOfRun(items: readonly (ToolItem | AssistantItem)[]): string {
  const tools = items.filter((item) => item.kind === 'tool')
  const reads = tools.filter((tool) => tool.category === 'read')
  const searches = tools.length - reads.length
  const busy = tools.some((tool) => tool.status === 'running' || tool.status === 'pending')
  const files = new Set(reads.map((tool) => tool.title)).size
  const parts = [
    ...(files > 0 ? [`${busy ? 'reading' : 'read'} ${formatPlural(files, 'file')}`] : []),
    ...(searches > 0 ? [`${busy ? 'searching' : 'searched'} ${formatPlural(searches, 'time')}`] : []),
  ]
  const text = parts.join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** How long a tool ran, or has been running; `null` before it starts. */
export function durationOf(
  item: { readonly startedAt?: number; readonly endedAt?: number },
  now: number,
): number | null {
  if (item.startedAt === undefined) return null
  return Math.max(0, (item.endedAt ?? now) - item.startedAt)
}

export function firstLine(text: string): string {
  const end = text.indexOf('\n')
  return (end < 0 ? text : text.slice(0, end)).trim()
}

/** The command of a shell tool, as agents commonly pass it; `null` if the input is something else. */
export function commandOf(tool: ToolItem): string | null {
  const { input } = tool
  if (typeof input !== 'object' || input === null || !('command' in input)) return null
  const { command } = input
  if (typeof command === 'string') return command
  return Array.isArray(command) ? command.join(' ') : null
}

/** The whole text a tool wrote to a file, where it says so and no diff does. */
export function contentOf({ category, input }: ToolItem): string | null {
  if (category !== 'edit' || typeof input !== 'object' || input === null || !('content' in input)) return null
  return typeof input.content === 'string' ? input.content : null
}

/** The input as text, for tools nothing better is known of; empty when there is none. */
export function inputText(input: unknown): string {
  if (input === undefined || input === null) return ''
  if (typeof input === 'string') return input
  const text = JSON.stringify(input, null, 2)
  return text === '{}' ? '' : text
}
