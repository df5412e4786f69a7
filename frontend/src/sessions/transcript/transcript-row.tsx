import { memo } from 'react'
import type { ReactElement } from 'react'
import type { Row } from '../rows.ts'
import { AssistantTurn } from './assistant-turn.tsx'
import { NoticeLine, PlanCard, RequestLine } from './small-rows.tsx'
import { TaskLine, ToolLine, ToolRun } from './tool-rows.tsx'
import { TurnEnd } from './turn-end.tsx'
import { EchoTurn, UserTurn } from './user-turn.tsx'

interface TranscriptRowProps {
  readonly row: Row
  /** Whether nothing stands below it. */
  readonly last: boolean
}

/** One row, drawn again only when it shows something else. */
export const TranscriptRow = memo(function TranscriptRow({ row, last }: TranscriptRowProps): ReactElement {
  switch (row.kind) {
    case 'user':
      return <UserTurn item={row.item} />
    case 'assistant':
      return <AssistantTurn item={row.item} />
    case 'tool':
      return <ToolLine row={row} renderRow={renderNested} />
    case 'run':
      return <ToolRun row={row} renderRow={renderNested} />
    case 'task':
      return <TaskLine row={row} renderRow={renderNested} />
    case 'request':
      return <RequestLine item={row.item} />
    case 'plan':
      return <PlanCard item={row.item} />
    case 'notice':
      return <NoticeLine item={row.item} />
    case 'turn-end':
      return <TurnEnd row={row} last={last} />
    case 'echo':
      return <EchoTurn echo={row.echo} />
  }
})

function renderNested(row: Row): ReactElement {
  return <TranscriptRow key={row.key} row={row} last={false} />
}
