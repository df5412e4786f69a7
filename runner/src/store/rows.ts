import type { Item, ItemChange } from '@octo/protocol'
import type { CommandRecord, SessionChange } from './store.ts'

/** An item as the worker stores it. What the columns say is left out of `json`, and put back by {@link itemJson}. */
export interface ItemRow {
  readonly id: string
  readonly idx: number
  readonly seq: number
  readonly kind: Item['kind']
  /** 1 while it has not ended, so that a restart finds what was cut. */
  readonly unfinished: 0 | 1
  readonly json: string
  /** What a search finds it by; `null` leaves the search index as it is. */
  readonly text: string | null
}

/** What is read back of an item, or of what is left of one. */
export interface StoredItem extends Pick<ItemRow, 'id' | 'idx' | 'seq' | 'json'> {
  readonly kind: ItemChange['kind']
}

export interface TombstoneRow {
  readonly id: string
  readonly seq: number
  readonly kind: 'removed'
}

export interface CommandRow {
  readonly user: string
  readonly id: string
  readonly method: string
  readonly digest: string
  /** The result or the error, as JSON; absent while it runs. */
  readonly outcome?: string
}

export interface ChangeRow {
  readonly session: string
  readonly workspace: string
  readonly seq: number
  readonly properties: string
  /** Absent leaves it as it is. */
  readonly agentState?: string
  readonly items: readonly (ItemRow | TombstoneRow)[]
  readonly command?: CommandRow
}

export function changeRow(change: SessionChange): ChangeRow {
  return {
    session: change.session,
    workspace: change.properties.workspace,
    seq: change.seq,
    properties: JSON.stringify(change.properties),
    ...(change.agentState !== undefined && { agentState: JSON.stringify(change.agentState) }),
    items: change.items.map(itemChangeRow),
    ...(change.command && { command: doneRow(change.command) }),
  }
}

export function doneRow(record: CommandRecord): CommandRow {
  const { user, command, method, digest, result } = record
  return { user, id: command, method, digest, outcome: JSON.stringify(result ?? null) }
}

function itemChangeRow(change: ItemChange): ItemRow | TombstoneRow {
  return change.kind === 'removed' ? { id: change.id, seq: change.seq, kind: 'removed' } : itemRow(change)
}

export function itemRow(item: Item): ItemRow {
  const { id, index, seq, kind, ...rest } = item
  const unfinished = isUnfinished(item)
  const text = unfinished ? null : searchedText(item)
  return { id, idx: index, seq, kind, unfinished: unfinished ? 1 : 0, json: JSON.stringify(rest), text }
}

/** Puts the columns back in front. `json` is an object with at least its creation time, so a comma may follow. */
export function itemJson(row: StoredItem): string {
  if (row.kind === 'removed') return `{"id":"${row.id}","seq":${row.seq},"kind":"removed"}`
  return `{"id":"${row.id}","seq":${row.seq},"index":${row.idx},"kind":"${row.kind}",${row.json.slice(1)}`
}

/** Whether an item still waits for its end: a crash leaves it cut. */
export function isUnfinished(item: Item): boolean {
  switch (item.kind) {
    case 'turn':
      return item.outcome === undefined
    case 'tool':
      return item.status === 'pending' || item.status === 'running' || item.output.some(isGrowing)
    case 'request':
      return item.state === 'open'
    case 'task':
      return item.state === 'running'
    case 'notice':
      return item.running === true
    case 'assistant':
    case 'user':
      return item.parts.some(isGrowing)
    case 'plan':
      return false
  }
}

function isGrowing(part: object): boolean {
  return 'growing' in part && part.growing === true
}

/** What people search for: what they and the agent said, and what tools were about. */
export function searchedText(item: Item): string | null {
  switch (item.kind) {
    case 'user':
    case 'assistant':
      return item.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
    case 'tool':
      return item.title
    case 'turn':
    case 'request':
    case 'plan':
    case 'task':
    case 'notice':
      return null
  }
}
