import { CircleAlert, X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

import type { Tone } from './badge.tsx'
import { Button, IconButton } from './button.tsx'
import { cx } from './cx.ts'

interface EmptyStateProps {
  readonly icon?: ReactNode
  readonly title: string
  /** What to do first. */
  readonly children?: ReactNode
  /** The button that does it. */
  readonly action?: ReactNode
  readonly className?: string
}

/** What a view shows when there is nothing yet: what will be here, and the first step. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps): ReactElement {
  return (
    <div className={cx('mx-auto flex max-w-sm flex-col items-center px-6 py-12 text-center', className)}>
      {icon === undefined ? null : <span className="mb-3 text-faint [&_svg]:size-5">{icon}</span>}
      <h3 className="text-sm font-medium text-balance">{title}</h3>
      {children === undefined ? null : <div className="mt-1 text-sm text-pretty text-muted">{children}</div>}
      {action === undefined ? null : <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}

interface ErrorStateProps {
  /** What happened, in the user's words. */
  readonly title: string
  /** What to do next. */
  readonly children?: ReactNode
  readonly onRetry?: () => void
  readonly retryLabel?: string
  /** The code or technical text, small, for a report. */
  readonly detail?: string
  readonly className?: string
}

/** What a view shows when it could not load: what happened, what next, and a way to try again. */
export function ErrorState({
  title,
  children,
  onRetry,
  retryLabel = 'Try again',
  ...rest
}: ErrorStateProps): ReactElement {
  const { detail, className } = rest
  return (
    <div role="alert" className={cx('mx-auto flex max-w-sm flex-col items-center px-6 py-12 text-center', className)}>
      <CircleAlert size={20} className="mb-3 text-failed" aria-hidden />
      <h3 className="text-sm font-medium text-balance">{title}</h3>
      {children === undefined ? null : <div className="mt-1 text-sm text-pretty text-muted">{children}</div>}
      {detail === undefined ? null : <code className="mt-2 max-w-full text-xs break-words text-faint">{detail}</code>}
      {onRetry === undefined ? null : (
        <Button className="mt-4" onClick={onRetry}>
          {retryLabel}
        </Button>
      )}
    </div>
  )
}

const BANNERS: Record<Tone, string> = {
  neutral: 'bg-sunken text-muted',
  accent: 'bg-accent-soft text-accent-text',
  waiting: 'bg-waiting-soft text-waiting',
  failed: 'bg-failed-soft text-failed',
  ok: 'bg-ok-soft text-ok',
}

interface BannerProps {
  readonly tone?: Tone
  readonly icon?: ReactNode
  readonly children: ReactNode
  /** One small button. */
  readonly action?: ReactNode
  readonly onDismiss?: () => void
  readonly className?: string
}

/** A quiet bar across a view: offline, reconnecting, an update waits. It never covers what is being read. */
export function Banner({ tone = 'neutral', icon, children, action, onDismiss, className }: BannerProps): ReactElement {
  return (
    <div
      role={tone === 'failed' ? 'alert' : 'status'}
      className={cx('flex min-h-8 items-center gap-2 px-3 py-1 text-xs', BANNERS[tone], className)}
    >
      {icon === undefined ? null : <span className="inline-flex shrink-0 [&_svg]:size-3.5">{icon}</span>}
      <span className="min-w-0 flex-1 text-pretty">{children}</span>
      {action}
      {onDismiss === undefined ? null : (
        <IconButton size="small" label="Dismiss" icon={<X size={14} />} className="text-current" onClick={onDismiss} />
      )}
    </div>
  )
}
