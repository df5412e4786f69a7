import { X } from 'lucide-react'
import type { ReactElement } from 'react'

import { IconButton } from './button.tsx'
import { cx } from './cx.ts'

interface ProgressBarProps {
  /** What is being done: "Uploading design.pdf". */
  readonly label: string
  /** 0 to 1, or null while the length is unknown. */
  readonly value: number | null
  /** How far, in words: "3.1 of 12 MB". */
  readonly detail?: string
  readonly onCancel?: () => void
  readonly className?: string
}

/** A thin bar with words over it and a way to cancel. */
export function ProgressBar({ label, value, detail, onCancel, className }: ProgressBarProps): ReactElement {
  const share = value === null ? null : Math.min(1, Math.max(0, value))
  return (
    <div className={cx('flex min-w-0 items-center gap-2', className)}>
      <div className="min-w-0 flex-1">
        <div className="flex justify-between gap-3 text-xs">
          <span className="truncate">{label}</span>
          <span className="shrink-0 text-faint tabular-nums">
            {detail ?? (share === null ? '' : `${Math.round(share * 100)} %`)}
          </span>
        </div>
        <div
          // A native progress element cannot show a moving bar of our own while the length is unknown.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
          {...(detail === undefined ? {} : { 'aria-valuetext': detail })}
          className="mt-1 h-1 overflow-hidden rounded-full bg-pressed"
        >
          {share === null ? (
            <div className="h-full w-2/5 animate-[ui-slide_1.4s_ease-in-out_infinite] rounded-full bg-accent" />
          ) : (
            <div
              className="h-full rounded-full bg-accent transition-[width] duration-200"
              style={{ width: `${share * 100}%` }}
            />
          )}
        </div>
      </div>
      {onCancel === undefined ? null : (
        <IconButton size="small" label={`Cancel: ${label}`} icon={<X size={14} />} onClick={onCancel} />
      )}
    </div>
  )
}
