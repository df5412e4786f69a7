import { ChevronRight } from 'lucide-react'
import { useId } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from '../../ui/index.ts'
import { useRowOpen } from './transcript-context.tsx'

interface DisclosureProps {
  /** Remembers under this name whether it is open. */
  readonly id: string
  readonly startOpen?: boolean
  readonly icon: ReactNode
  /** The line: a verb, an object. */
  readonly children: ReactNode
  /** At the right end of the line: duration, mark. */
  readonly meta?: ReactNode
  readonly failed?: boolean
  /** What it shows when open; nothing to open without it. */
  readonly body: ReactNode | null
}

/** One line of the transcript that opens in place. */
export function Disclosure({ id, startOpen = false, icon, children, meta, ...rest }: DisclosureProps): ReactElement {
  const { failed = false, body } = rest
  const [open, toggle] = useRowOpen(id, startOpen)
  const bodyId = useId()
  const line = (
    <>
      <span aria-hidden className={cx('inline-flex shrink-0 [&_svg]:size-3.5', failed ? 'text-failed' : 'text-faint')}>
        {icon}
      </span>
      <span className="flex min-w-0 flex-1 items-baseline gap-1.5 text-left">{children}</span>
      {meta}
    </>
  )
  if (body === null) return <div className="flex h-7 min-w-0 items-center gap-2 text-sm text-muted">{line}</div>
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? bodyId : undefined}
        onClick={toggle}
        className="group -mx-1.5 flex h-7 w-[calc(100%+12px)] min-w-0 items-center gap-2 rounded-md px-1.5 text-sm text-muted hover:bg-hover hover:text-text pointer-coarse:h-10"
      >
        {line}
        <ChevronRight
          size={14}
          aria-hidden
          className={cx(
            'shrink-0 text-faint transition-transform duration-100',
            open
              ? 'rotate-90'
              : 'opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100 pointer-coarse:opacity-100',
          )}
        />
      </button>
      {open ? (
        <div id={bodyId} className="mt-1 mb-2 ml-[7px] min-w-0 border-l border-line pl-3.5">
          {body}
        </div>
      ) : null}
    </div>
  )
}
