import type { ReactElement, ReactNode } from 'react'
import { cx } from '../../ui/index.ts'

interface MarkProps {
  /** What the sign means, for those who do not see it. */
  readonly label: string
  readonly icon: ReactNode
  readonly className?: string
}

/** A sign that stands for a word. */
export function Mark({ label, icon, className }: MarkProps): ReactElement {
  return (
    <span title={label} className={cx('inline-flex shrink-0', className)}>
      <span aria-hidden>{icon}</span>
      <span className="sr-only">{label}</span>
    </span>
  )
}
