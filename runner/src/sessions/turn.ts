import type { ItemId, Origin, Outcome, TurnId, Usage } from '@octo/protocol'
import type { OwnDraft } from './live-items.ts'

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }

/** A file list in a turn is for a glance; who wants all of them asks version control. */
const MAX_TOUCHED = 200

/** What is known of the turn that runs. */
export interface Turn {
  readonly id: TurnId
  readonly item: ItemId
  readonly origin: Origin
  readonly startedAt: number
  usage: Usage | undefined
  model: string | undefined
  readonly touched: Set<string>
}

/** The turn as an item. */
export function turnDraft(turn: Turn, ended?: { readonly outcome: Outcome; readonly at: number }): OwnDraft {
  return {
    id: turn.item,
    kind: 'turn',
    turn: turn.id,
    origin: turn.origin,
    startedAt: turn.startedAt,
    ...(ended && { endedAt: ended.at, outcome: ended.outcome }),
    ...(turn.usage && { usage: turn.usage }),
    ...(turn.model !== undefined && { model: turn.model }),
    ...(turn.touched.size > 0 && { touched: [...turn.touched].slice(0, MAX_TOUCHED) }),
  }
}

export function addUsage(sum: Usage, more: Usage): Usage {
  const cost = sum.cost === undefined && more.cost === undefined ? undefined : (sum.cost ?? 0) + (more.cost ?? 0)
  return {
    input: sum.input + more.input,
    output: sum.output + more.output,
    cacheRead: sum.cacheRead + more.cacheRead,
    cacheWrite: sum.cacheWrite + more.cacheWrite,
    ...(cost !== undefined && { cost }),
  }
}
