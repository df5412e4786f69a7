import type { ToolItem } from '@octo/protocol'
import { Check, Layers, X } from 'lucide-react'
import type { ReactElement } from 'react'
import { LineCounts, Spinner } from '../../ui/index.ts'
import type { Row, TaskRow, ToolRow, ToolRunRow } from '../rows.ts'
import { diffsOf } from '../rows.ts'
import { Disclosure } from './disclosure.tsx'
import { Elapsed } from './elapsed.tsx'
import { Mark } from './mark.tsx'
import { Thinking } from './thinking.tsx'
import { ToolBody } from './tool-body.tsx'
import { ToolIcon } from './tool-icon.tsx'
import { inputText, labelOf, labelOfRun } from './tool-label.ts'

interface NestedProps {
  readonly renderRow: (row: Row) => ReactElement
}

/** A tool call: one line that opens in place. A failed one stands open. */
export function ToolLine({ row, renderRow }: { readonly row: ToolRow } & NestedProps): ReactElement {
  const { item, children } = row
  const hasBody = item.output.length > 0 || inputText(item.input) !== '' || children.length > 0
  return (
    <Disclosure
      id={item.id}
      icon={<ToolIcon category={item.category} />}
      startOpen={item.status === 'failed' || isLiveShell(item)}
      failed={item.status === 'failed'}
      meta={<ToolMeta item={item} />}
      body={
        hasBody ? (
          <>
            <ToolBody item={item} />
            {children.map(renderRow)}
          </>
        ) : null
      }
    >
      <ToolTitle item={item} />
    </Disclosure>
  )
}

/** Commands that end sooner would only flash open. */
const LIVE_AFTER_MS = 1_500

/** While a command runs, its output is what one looks at. */
function isLiveShell({ category, status, output, startedAt }: ToolItem): boolean {
  if (category !== 'execute' || status !== 'running' || output.length === 0) return false
  return startedAt !== undefined && Date.now() - startedAt > LIVE_AFTER_MS
}

function ToolTitle({ item }: { readonly item: ToolItem }): ReactElement {
  const { verb, object } = labelOf(item)
  return (
    <>
      <span className={item.status === 'failed' ? 'shrink-0 text-failed' : 'shrink-0'}>{verb}</span>
      <span className="min-w-0 truncate font-mono text-xs text-text">{object}</span>
    </>
  )
}

function ToolMeta({ item }: { readonly item: ToolItem }): ReactElement {
  const diffs = diffsOf(item)
  return (
    <span className="flex shrink-0 items-center gap-2">
      {diffs.length > 0 ? (
        <LineCounts
          added={diffs.reduce((sum, diff) => sum + diff.added, 0)}
          removed={diffs.reduce((sum, diff) => sum + diff.removed, 0)}
        />
      ) : null}
      {item.startedAt === undefined ? null : <Elapsed startedAt={item.startedAt} endedAt={item.endedAt} />}
      <StatusMark status={item.status} />
    </span>
  )
}

function StatusMark({ status }: { readonly status: ToolItem['status'] }): ReactElement | null {
  switch (status) {
    case 'pending':
    case 'running':
      return <Spinner label="Running" delayMs={0} size={12} className="text-working" />
    case 'done':
      return <Mark label="Done" icon={<Check size={13} />} className="text-faint" />
    case 'failed':
      return <Mark label="Failed" icon={<X size={13} />} className="text-failed" />
    case 'cancelled':
      return null
  }
}

/** Reads and searches as one line; each of them inside. A single one looks like any other tool call. */
export function ToolRun({ row, renderRow }: { readonly row: ToolRunRow } & NestedProps): ReactElement {
  const [only] = row.items
  if (row.items.length === 1 && only?.kind === 'tool') {
    return <ToolLine row={{ kind: 'tool', key: only.id, item: only, children: [] }} renderRow={renderRow} />
  }
  const last = row.items.findLast((item) => item.kind === 'tool')
  const running = last?.status === 'running' || last?.status === 'pending'
  return (
    <Disclosure
      id={row.key}
      icon={<ToolIcon category={row.items.some(isRead) ? 'read' : 'search'} />}
      meta={<StatusMark status={running ? 'running' : 'done'} />}
      body={row.items.map((item) => (
        <RunEntry key={item.id} item={item} renderRow={renderRow} />
      ))}
    >
      <span className="shrink-0">{labelOfRun(row.items)}</span>
      {running && last !== undefined ? (
        <span className="min-w-0 truncate font-mono text-xs text-faint">{labelOf(last).object}</span>
      ) : null}
    </Disclosure>
  )
}

function isRead(item: ToolRunRow['items'][number]): boolean {
  return item.kind === 'tool' && item.category === 'read'
}

function RunEntry({ item, renderRow }: { readonly item: ToolRunRow['items'][number] } & NestedProps): ReactElement {
  if (item.kind === 'tool') {
    return <ToolLine row={{ kind: 'tool', key: item.id, item, children: [] }} renderRow={renderRow} />
  }
  return (
    <>
      {item.parts.map((part, at) =>
        part.type === 'thinking' ? (
          // oxlint-disable-next-line react/no-array-index-key -- parts have no identity but their place
          <Thinking key={at} id={`${item.id}:${at}`} part={part} />
        ) : null,
      )}
    </>
  )
}

const TASK_STATES: Record<TaskRow['item']['state'], ToolItem['status']> = {
  running: 'running',
  done: 'done',
  failed: 'failed',
  stopped: 'cancelled',
}

/** A sub-agent or background command, with what it did inside. */
export function TaskLine({ row, renderRow }: { readonly row: TaskRow } & NestedProps): ReactElement {
  const { item, children } = row
  return (
    <Disclosure
      id={item.id}
      icon={<Layers />}
      failed={item.state === 'failed'}
      startOpen={item.state === 'failed'}
      meta={
        <span className="flex items-center gap-2">
          <Elapsed startedAt={item.createdAt} endedAt={item.endedAt} />
          <StatusMark status={TASK_STATES[item.state]} />
        </span>
      }
      body={children.length > 0 ? children.map(renderRow) : null}
    >
      <span className="truncate text-text">{item.title}</span>
    </Disclosure>
  )
}
