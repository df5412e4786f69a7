import type { ReactElement } from 'react'

import { cx } from './cx.ts'
import { useDelayed } from './hooks.ts'

interface SkeletonProps {
  /** How many lines of text will stand here, about. */
  readonly lines?: number
  /** What is loading; said to screen readers. */
  readonly label?: string
  readonly className?: string
}

/** Widths that look like text rather than like a table. */
const WIDTHS = ['82%', '94%', '61%', '88%', '73%', '47%'] as const

/** Grey lines where text will come, after the delay that keeps fast loads from flashing. */
export function Skeleton({ lines = 3, label = 'Loading', className }: SkeletonProps): ReactElement {
  const shown = useDelayed()
  return (
    <output aria-busy className={cx('flex flex-col gap-3', className)}>
      {shown ? <span className="sr-only">{label}</span> : null}
      {shown
        ? Array.from({ length: lines }, (_, index) => (
            <span
              key={index}
              className="h-2.5 animate-[ui-pulse_1.6s_ease-in-out_infinite] rounded-sm bg-pressed"
              style={{ width: WIDTHS[index % WIDTHS.length] }}
            />
          ))
        : null}
    </output>
  )
}
