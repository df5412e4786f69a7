import type { Session, SessionSummary } from '@octo/protocol'

/** What a list shows of a session. */
export function summaryOf(session: Session): SessionSummary {
  const { id, workspace, title, agent, state, waiting, archived, createdAt, updatedAt, model, queue } = session
  return {
    id,
    workspace,
    title,
    agent,
    state,
    waiting,
    archived,
    createdAt,
    updatedAt,
    queued: queue.length,
    ...(model !== undefined && { model: model.name }),
  }
}

/** Whether two summaries look the same in a list. */
export function sameSummary(one: SessionSummary, other: SessionSummary): boolean {
  const names = Object.keys({ ...one, ...other }) as (keyof SessionSummary)[]
  return names.every((name) => one[name] === other[name])
}
