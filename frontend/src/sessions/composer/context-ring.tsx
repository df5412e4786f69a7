import type { Session } from '@octo/protocol'
import type { ReactElement } from 'react'
import { formatCount, Tooltip } from '../../ui/index.ts'

/** From here on the end of the context is near enough to be told in colour. */
const NEARLY_FULL = 0.8

interface ContextRingProps {
  readonly context: NonNullable<Session['context']>
}

/** How full the model's context is, as a ring. */
export function ContextRing({ context }: ContextRingProps): ReactElement {
  const share = Math.min(1, context.tokens / context.window)
  const percent = Math.round(share * 100)
  const label = `Context: ${formatCount(context.tokens)} of ${formatCount(context.window)} tokens, ${percent} %`
  return (
    <Tooltip label={label} side="top">
      <span className="mx-1.5 inline-flex shrink-0 items-center gap-1 text-2xs text-faint">
        <span className="sr-only">{label}</span>
        <svg viewBox="0 0 16 16" width="16" height="16" fill="none" strokeWidth="2" aria-hidden className="-rotate-90">
          <circle cx="8" cy="8" r="6" stroke="var(--line-strong)" />
          <circle
            cx="8"
            cy="8"
            r="6"
            stroke={share >= NEARLY_FULL ? 'var(--waiting)' : 'var(--text-faint)'}
            pathLength={100}
            strokeDasharray={`${Math.max(percent, 1)} 100`}
          />
        </svg>
        {share >= NEARLY_FULL ? <span className="text-waiting tabular-nums">{`${percent} %`}</span> : null}
      </span>
    </Tooltip>
  )
}
