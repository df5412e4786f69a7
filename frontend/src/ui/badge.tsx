import type { ReactElement, ReactNode } from 'react'

import { cx } from './cx.ts'

export type Tone = 'neutral' | 'accent' | 'waiting' | 'failed' | 'ok'

const TONES: Record<Tone, string> = {
  neutral: 'bg-hover text-muted',
  accent: 'bg-accent-soft text-accent-text',
  waiting: 'bg-waiting-soft text-waiting',
  failed: 'bg-failed-soft text-failed',
  ok: 'bg-ok-soft text-ok',
}

interface BadgeProps {
  readonly tone?: Tone
  readonly children: ReactNode
  readonly title?: string
  readonly className?: string
}

/** A short word or number in a soft tint. */
export function Badge({ tone = 'neutral', children, title, className }: BadgeProps): ReactElement {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center gap-1 rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap tabular-nums',
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}

interface LineCountsProps {
  readonly added: number
  readonly removed: number
  readonly className?: string
}

/** `+46 −3`: changed lines, in the colours of a diff. */
export function LineCounts({ added, removed, className }: LineCountsProps): ReactElement {
  return (
    <span className={cx('shrink-0 space-x-1 text-xs tabular-nums', className)}>
      <span className="sr-only">{`${added} lines added, ${removed} removed`}</span>
      <span aria-hidden className={added > 0 ? 'text-diff-add-text' : 'text-faint'}>{`+${added}`}</span>
      <span aria-hidden className={removed > 0 ? 'text-diff-del-text' : 'text-faint'}>{`−${removed}`}</span>
    </span>
  )
}
