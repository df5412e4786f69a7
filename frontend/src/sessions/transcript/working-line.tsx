import type { Item, Session } from '@octo/protocol'
import type { ReactElement } from 'react'
import { StateDot } from '../../ui/index.ts'
import { Elapsed } from './elapsed.tsx'

interface WorkingLineProps {
  readonly session: Session
  readonly items: readonly Item[]
}

/** At the end while the agent works: that it does, on what, and for how long. The space stays when it goes. */
export function WorkingLine({ session, items }: WorkingLineProps): ReactElement {
  const startedAt = items.findLast((item) => item.kind === 'turn' && item.endedAt === undefined)
  const label = labelOf(session)
  return (
    <div className="mx-auto h-10 w-full max-w-measure px-4">
      {label === null ? null : (
        <p className="flex h-7 items-center gap-2 text-sm text-muted">
          <StateDot state={session.state === 'stopping' ? 'stopping' : 'working'} label={null} />
          <output>{label}</output>
          {startedAt?.kind === 'turn' ? <Elapsed startedAt={startedAt.startedAt} /> : null}
        </p>
      )}
    </div>
  )
}

/** Phases that the last row already shows. */
const SHOWN_ABOVE: ReadonlySet<string> = new Set(['', 'thinking', 'writing'])

function labelOf({ state, phase, waiting }: Session): string | null {
  // What is asked stands right below, over the composer.
  if (waiting > 0) return null
  switch (state) {
    case 'idle':
    case 'interrupted':
    case 'failed':
    case 'waiting':
      return null
    case 'stopping':
      return 'Stopping'
    case 'working':
      return phase === undefined || SHOWN_ABOVE.has(phase) ? 'Working' : phase.charAt(0).toUpperCase() + phase.slice(1)
  }
}
