import type {
  AssistantItem,
  DiffPart,
  Item,
  ItemId,
  NoticeItem,
  PlanItem,
  RequestItem,
  TaskItem,
  ToolItem,
  TurnItem,
  UserItem,
} from '@octo/protocol'
import type { Echo } from './echoes.ts'

/** One row of the transcript. A row keeps its identity as long as what it shows is the same. */
export type Row =
  | { readonly kind: 'user'; readonly key: string; readonly item: UserItem }
  | { readonly kind: 'assistant'; readonly key: string; readonly item: AssistantItem }
  | ToolRow
  | ToolRunRow
  | { readonly kind: 'request'; readonly key: string; readonly item: RequestItem }
  | { readonly kind: 'plan'; readonly key: string; readonly item: PlanItem }
  | TaskRow
  | { readonly kind: 'notice'; readonly key: string; readonly item: NoticeItem }
  | TurnEndRow
  | { readonly kind: 'echo'; readonly key: string; readonly echo: Echo }

export interface ToolRow {
  readonly kind: 'tool'
  readonly key: string
  readonly item: ToolItem
  /** What a sub-agent did under it. */
  readonly children: readonly Row[]
}

export interface TaskRow {
  readonly kind: 'task'
  readonly key: string
  readonly item: TaskItem
  readonly children: readonly Row[]
}

/** Small reads and searches one after another, with the thinking between them, as one line. */
export interface ToolRunRow {
  readonly kind: 'run'
  readonly key: string
  readonly items: readonly (ToolItem | AssistantItem)[]
}

/** What stands under a finished turn. */
export interface TurnEndRow {
  readonly kind: 'turn-end'
  readonly key: string
  readonly turn: TurnItem
  readonly changes: TurnChanges
  /** What the agent wrote last in this turn, to copy. */
  readonly answer: AssistantItem | null
}

export interface TurnChanges {
  readonly files: number
  readonly added: number
  readonly removed: number
}

interface Sources {
  /** Items of sub-agents, by the item they belong to. */
  readonly children: ReadonlyMap<ItemId, readonly Item[]>
  /** Rows made before, by key. */
  readonly known: ReadonlyMap<string, Row>
}

/**
 * Makes the rows of a transcript.
 * @param before the rows made last, whose unchanged ones are used again so that they are not drawn again
 */
export function makeRows(items: readonly Item[], echoes: readonly Echo[], before: readonly Row[] = []): readonly Row[] {
  const sources: Sources = { children: childrenByParent(items), known: rowsByKey(before) }
  const isTop = ({ parent }: Item): boolean => parent === undefined || !sources.children.has(parent)
  const rows = buildRows(sources.children.size === 0 ? items : items.filter(isTop), sources)
  for (const echo of echoes) rows.push(reused({ kind: 'echo', key: `echo:${echo.command}`, echo }, sources.known))
  return rows
}

function buildRows(items: readonly Item[], sources: Sources): Row[] {
  const rows: Row[] = []
  let run: (ToolItem | AssistantItem)[] = []
  let turn: TurnItem | null = null
  let turnFrom = 0

  const endRun = (): void => {
    for (const row of runRows(run)) rows.push(reused(row, sources.known))
    run = []
  }
  const endTurn = (to: number): void => {
    endRun()
    if (turn?.endedAt !== undefined) {
      if (saysItsEnd(rows.at(-1), turn)) rows.pop()
      rows.push(reused(turnEnd(turn, items.slice(turnFrom, to)), sources.known))
    }
    turn = null
  }

  for (const [at, item] of items.entries()) {
    if (item.kind === 'turn') {
      endTurn(at)
      turn = item
      turnFrom = at
    } else if (joinsRun(item) && !sources.children.has(item.id)) {
      run.push(item)
    } else if (!isSilent(item)) {
      endRun()
      rows.push(reused(rowOf(item, sources), sources.known))
    }
  }
  endTurn(items.length)
  return rows
}

function rowsByKey(rows: readonly Row[], known = new Map<string, Row>()): ReadonlyMap<string, Row> {
  for (const row of rows) {
    known.set(row.key, row)
    if (row.kind === 'tool' || row.kind === 'task') rowsByKey(row.children, known)
  }
  return known
}

/** A child whose parent is not loaded stands for itself. */
function childrenByParent(items: readonly Item[]): ReadonlyMap<ItemId, readonly Item[]> {
  const children = new Map<ItemId, Item[]>()
  if (!items.some((item) => item.parent !== undefined)) return children
  const ids = new Set(items.map((item) => item.id))
  for (const item of items) {
    if (item.parent === undefined || !ids.has(item.parent)) continue
    const list = children.get(item.parent) ?? []
    list.push(item)
    children.set(item.parent, list)
  }
  return children
}

/** What shows nothing here: an answer that has not begun, and a request that is asked over the composer. */
function isSilent(item: Item): boolean {
  if (item.kind === 'request') return item.state === 'open'
  return item.kind === 'assistant' && item.parts.every((part) => part.text === '')
}

function joinsRun(item: Item): item is ToolItem | AssistantItem {
  if (item.kind === 'tool') return isSmall(item)
  return item.kind === 'assistant' && !isSilent(item) && isThinkingOnly(item)
}

/** Tools that only look, and did not fail: a failure stands for itself. */
export function isSmall(item: ToolItem): boolean {
  return (item.category === 'read' || item.category === 'search') && item.status !== 'failed'
}

function isThinkingOnly(item: AssistantItem): boolean {
  return item.parts.every((part) => part.type === 'thinking' || part.text.trim() === '')
}

/**
 * From its first tool on, a run is one row, so that nothing moves when it grows. Thinking at its ends is no part of it:
 * before the first tool it stands above, after the last one it leads to what comes next.
 */
function runRows(run: readonly (ToolItem | AssistantItem)[]): readonly Row[] {
  const first = run.findIndex((item) => item.kind === 'tool')
  if (first < 0) return run.map(plainRow)
  const last = run.findLastIndex((item) => item.kind === 'tool')
  const items = run.slice(first, last + 1)
  const row: Row = { kind: 'run', key: `run:${items[0]?.id ?? ''}`, items }
  return [...run.slice(0, first).map(plainRow), row, ...run.slice(last + 1).map(plainRow)]
}

function plainRow(item: ToolItem | AssistantItem): Row {
  return item.kind === 'tool'
    ? { kind: 'tool', key: item.id, item, children: [] }
    : { kind: 'assistant', key: item.id, item }
}

function rowOf(item: Exclude<Item, TurnItem>, sources: Sources): Row {
  const childRows = (): readonly Row[] => buildRows(sources.children.get(item.id) ?? [], sources)
  switch (item.kind) {
    case 'tool':
      return { kind: 'tool', key: item.id, item, children: childRows() }
    case 'task':
      return { kind: 'task', key: item.id, item, children: childRows() }
    case 'user':
      return { kind: 'user', key: item.id, item }
    case 'assistant':
      return { kind: 'assistant', key: item.id, item }
    case 'request':
      return { kind: 'request', key: item.id, item }
    case 'plan':
      return { kind: 'plan', key: item.id, item }
    case 'notice':
      return { kind: 'notice', key: item.id, item }
  }
}

/** A notice that says no more than the end of the turn right below it. */
function saysItsEnd(row: Row | undefined, { outcome }: TurnItem): boolean {
  if (row?.kind !== 'notice' || row.item.details !== undefined) return false
  return outcome?.type === 'interrupted' && outcome.reason === row.item.text
}

function turnEnd(turn: TurnItem, items: readonly Item[]): Row {
  const tools = items.filter((item) => item.kind === 'tool')
  const answer = items.findLast((item) => item.kind === 'assistant' && item.parts.some(isText))
  return {
    kind: 'turn-end',
    key: `end:${turn.id}`,
    turn,
    changes: sumChanges(turn, tools),
    answer: answer?.kind === 'assistant' ? answer : null,
  }
}

function isText(part: AssistantItem['parts'][number]): boolean {
  return part.type === 'text' && part.text.trim() !== ''
}

function sumChanges(turn: TurnItem, tools: readonly ToolItem[]): TurnChanges {
  const diffs = tools.flatMap((tool) => (tool.status === 'done' ? diffsOf(tool) : []))
  const paths = new Set([...(turn.touched ?? []), ...diffs.map((diff) => diff.path)])
  return {
    files: paths.size,
    added: diffs.reduce((sum, diff) => sum + diff.added, 0),
    removed: diffs.reduce((sum, diff) => sum + diff.removed, 0),
  }
}

export function diffsOf(tool: ToolItem): readonly DiffPart[] {
  return tool.output.filter((part) => part.type === 'diff')
}

/** The row made before, if it shows the same. */
function reused(row: Row, known: ReadonlyMap<string, Row>): Row {
  const old = known.get(row.key)
  return old !== undefined && showsSame(old, row) ? old : row
}

function showsSame(a: Row, b: Row): boolean {
  switch (a.kind) {
    case 'run':
      return b.kind === 'run' && sameEntries(a.items, b.items)
    case 'tool':
      return b.kind === 'tool' && a.item === b.item && sameEntries(a.children, b.children)
    case 'task':
      return b.kind === 'task' && a.item === b.item && sameEntries(a.children, b.children)
    case 'turn-end':
      return b.kind === 'turn-end' && a.turn === b.turn && a.answer === b.answer && sameChanges(a.changes, b.changes)
    case 'echo':
      return b.kind === 'echo' && a.echo === b.echo
    case 'user':
    case 'assistant':
    case 'request':
    case 'plan':
    case 'notice':
      return b.kind === a.kind && a.item === b.item
  }
}

function sameEntries(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at])
}

function sameChanges(a: TurnChanges, b: TurnChanges): boolean {
  return a.files === b.files && a.added === b.added && a.removed === b.removed
}
