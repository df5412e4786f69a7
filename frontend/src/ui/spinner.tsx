import type { ReactElement } from 'react'

import { cx } from './cx.ts'
import { useDelayed } from './hooks.ts'

interface SpinnerProps {
  /** What is being waited for; said to screen readers. */
  readonly label?: string
  readonly size?: number
  /** 0 shows it at once, for a wait the user just asked for. */
  readonly delayMs?: number
  readonly className?: string
}

/** A small turning arc that appears only when waiting is noticeable; its place is kept from the start. */
export function Spinner({ label = 'Loading', size = 14, delayMs, className }: SpinnerProps): ReactElement {
  const shown = useDelayed(delayMs)
  return (
    <output className={cx('inline-flex shrink-0 text-faint', className)} style={{ width: size, height: size }}>
      {shown ? (
        <svg viewBox="0 0 16 16" fill="none" aria-hidden className="animate-[ui-spin_800ms_linear_infinite]">
          <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeOpacity="0.25" strokeWidth="1.5" />
          <path d="M8 1.75A6.25 6.25 0 0 1 14.25 8" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
        </svg>
      ) : null}
      {shown ? <span className="sr-only">{label}</span> : null}
    </output>
  )
}
