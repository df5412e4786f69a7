import type { ReactElement } from 'react'

import { cx } from './cx.ts'

export type DotState = 'working' | 'stopping' | 'waiting' | 'failed' | 'interrupted' | 'idle' | 'unread' | 'ok'

const LABELS: Record<DotState, string> = {
  working: 'Working',
  stopping: 'Stopping',
  waiting: 'Waiting for you',
  failed: 'Failed',
  interrupted: 'Interrupted',
  idle: 'Idle',
  unread: 'Unread',
  ok: 'Done',
}

const COLOURS: Record<DotState, string> = {
  working: 'text-working',
  stopping: 'text-idle',
  waiting: 'text-waiting',
  failed: 'text-failed',
  interrupted: 'text-waiting',
  idle: 'text-idle',
  unread: 'text-accent-text',
  ok: 'text-ok',
}

interface StateDotProps {
  readonly state: DotState
  /** Null when the words stand right beside it. */
  readonly label?: string | null
  readonly className?: string
}

/** The state of a session at a glance. Each state has its own shape as well as its colour. */
export function StateDot({ state, label = LABELS[state], className }: StateDotProps): ReactElement {
  const name = label === null ? ({ 'aria-hidden': true } as const) : ({ role: 'img', 'aria-label': label } as const)
  return (
    <span {...name} title={label ?? undefined} className={cx('inline-flex size-3 shrink-0', COLOURS[state], className)}>
      <svg viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
        <Shape state={state} />
      </svg>
    </span>
  )
}

function Shape({ state }: { readonly state: DotState }): ReactElement {
  switch (state) {
    case 'working':
    case 'stopping':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" strokeOpacity="0.28" />
          <path
            d="M6 1.75A4.25 4.25 0 0 1 10.25 6"
            strokeLinecap="round"
            className="origin-center animate-[ui-spin_1.1s_linear_infinite]"
          />
        </>
      )
    case 'waiting':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" />
          <path d="M6 1.75a4.25 4.25 0 0 1 0 8.5Z" fill="currentColor" stroke="none" />
        </>
      )
    case 'failed':
      return <path d="m3 3 6 6M9 3 3 9" strokeWidth="2" strokeLinecap="round" />
    case 'interrupted':
      return <path d="M6 2v4.6M6 9.6v.2" strokeWidth="2" strokeLinecap="round" />
    case 'idle':
      return <circle cx="6" cy="6" r="2.75" />
    case 'unread':
      return <circle cx="6" cy="6" r="3.5" fill="currentColor" stroke="none" />
    case 'ok':
      return <path d="m2.5 6.4 2.4 2.3 4.6-5" strokeLinecap="round" strokeLinejoin="round" strokeWidth="1.75" />
  }
}
