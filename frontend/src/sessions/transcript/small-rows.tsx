import type { NoticeItem, PlanItem, RequestItem } from '@octo/protocol'
import { Circle, CircleAlert, CircleCheck, CircleDot, Info, MessageCircleQuestion, TriangleAlert } from 'lucide-react'
import type { ReactElement } from 'react'
import { cx, RelativeTime, Spinner } from '../../ui/index.ts'
import { describeAnswer } from '../requests/answers.ts'
import { Disclosure } from './disclosure.tsx'
import { Mark } from './mark.tsx'

/** The agent's to-do list. */
export function PlanCard({ item }: { readonly item: PlanItem }): ReactElement {
  return (
    <section aria-label="Plan" className="my-2 rounded-lg border border-line px-3 py-2">
      <ul className="flex flex-col gap-1">
        {item.entries.map((entry, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- entries have no identity but their place
          <li key={at} className="flex items-start gap-2 text-sm">
            <PlanMark status={entry.status} />
            <span className={cx('min-w-0', entry.status === 'done' ? 'text-faint line-through' : 'text-text')}>
              {entry.text}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function PlanMark({ status }: { readonly status: PlanItem['entries'][number]['status'] }): ReactElement {
  switch (status) {
    case 'pending':
      return <Mark label="To do" icon={<Circle size={14} />} className="mt-[3px] text-faint" />
    case 'active':
      return <Mark label="In work" icon={<CircleDot size={14} />} className="mt-[3px] text-working" />
    case 'done':
      return <Mark label="Done" icon={<CircleCheck size={14} />} className="mt-[3px] text-ok" />
  }
}

const LEVELS: Record<NoticeItem['level'], string> = {
  info: 'text-faint',
  warning: 'text-waiting',
  error: 'text-failed',
}

/** Something octo or the agent reports that is nobody's message. */
export function NoticeLine({ item }: { readonly item: NoticeItem }): ReactElement {
  const icon = item.level === 'info' ? <Info /> : item.level === 'warning' ? <TriangleAlert /> : <CircleAlert />
  const { details } = item
  return (
    <Disclosure
      id={item.id}
      icon={<span className={LEVELS[item.level]}>{icon}</span>}
      failed={item.level === 'error'}
      meta={item.running === true ? <Spinner size={12} delayMs={0} label="Under way" /> : null}
      body={
        details === undefined ? null : (
          <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap text-muted [overflow-wrap:anywhere]">
            {details}
          </pre>
        )
      }
    >
      <span className={cx('min-w-0 truncate', item.level === 'info' ? '' : LEVELS[item.level])} title={item.text}>
        {item.text}
      </span>
    </Disclosure>
  )
}

/** A request in the transcript, once it is settled: what was asked, who answered what. */
export function RequestLine({ item }: { readonly item: RequestItem }): ReactElement {
  return (
    <div className="flex min-h-7 min-w-0 items-center gap-2 text-sm text-muted">
      <MessageCircleQuestion size={14} aria-hidden className="shrink-0 text-faint" />
      <span className="min-w-0 truncate text-text" title={item.title}>
        {item.title}
      </span>
      <span className={cx('shrink-0', item.state === 'open' && 'text-waiting')}>{describeAnswer(item)}</span>
      {item.answeredAt === undefined ? null : (
        <RelativeTime at={item.answeredAt} className="ml-auto shrink-0 text-xs text-faint" />
      )}
    </div>
  )
}
