import type { AssistantItem, Outcome, TurnItem, Usage } from '@octo/protocol'
import { CircleAlert, CirclePause, Play } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useCommand } from '../../mux/index.ts'
import { showSide } from '../../shell/navigation.ts'
import {
  Button,
  CopyButton,
  cx,
  formatCost,
  formatDuration,
  formatExactTime,
  formatPlural,
  formatTokens,
  LineCounts,
} from '../../ui/index.ts'
import type { TurnEndRow } from '../rows.ts'
import { useTranscript } from './transcript-context.tsx'

/** What stands under a finished turn: how it ended, what it cost, what it changed. */
export function TurnEnd({ row, last }: { readonly row: TurnEndRow; readonly last: boolean }): ReactElement {
  const { turn, changes, answer } = row
  return (
    <div className="pt-1 pb-5">
      {turn.outcome === undefined ? null : <OutcomeLine outcome={turn.outcome} last={last} />}
      <div className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-faint tabular-nums">
        {answer === null ? null : <CopyButton text={() => textOf(answer)} label="Copy answer" className="-ml-1.5" />}
        <TurnFacts turn={turn} />
        {changes.files > 0 ? (
          <button
            type="button"
            onClick={() => showSide('changes')}
            className="inline-flex items-center gap-1.5 rounded-sm hover:text-text"
          >
            {formatPlural(changes.files, 'changed file')}
            {changes.added + changes.removed > 0 ? (
              <LineCounts added={changes.added} removed={changes.removed} />
            ) : null}
          </button>
        ) : null}
      </div>
    </div>
  )
}

function TurnFacts({ turn }: { readonly turn: TurnItem }): ReactElement {
  const { startedAt, endedAt, usage, model } = turn
  return (
    <>
      {endedAt === undefined ? null : (
        <time dateTime={new Date(endedAt).toISOString()} title={formatExactTime(endedAt)}>
          {formatDuration(endedAt - startedAt)}
        </time>
      )}
      {usage === undefined ? null : (
        <span title={describeUsage(usage)}>
          {formatTokens(usage.input + usage.output + usage.cacheRead + usage.cacheWrite)}
        </span>
      )}
      {usage?.cost === undefined || usage.cost === 0 ? null : <span>{formatCost(usage.cost)}</span>}
      {model === undefined ? null : <span className="max-w-48 truncate">{model}</span>}
    </>
  )
}

/** The parts of a usage, for a tooltip. */
export function describeUsage(usage: Usage): string {
  const cached = usage.cacheRead + usage.cacheWrite
  return `${formatTokens(usage.input)} in, ${formatTokens(usage.output)} out${cached > 0 ? `, ${formatTokens(cached)} cached` : ''}`
}

const FAILURES: Record<Extract<Outcome, { type: 'failed' }>['kind'], string> = {
  auth: 'The provider refused the key. Check it under Settings, Models.',
  rate_limit: 'The provider limits how much may be asked. Wait a little, then go on.',
  overloaded: 'The provider is overloaded. Wait a little, then go on.',
  context: 'The conversation is longer than the model can read. Compact it, or begin a new session.',
  network: 'The provider could not be reached. Check the connection, then go on.',
  sandbox: 'Something outside of what the agent may do was in the way.',
  provider: 'The provider answered with an error.',
  agent: 'The agent itself failed.',
}

function OutcomeLine({ outcome, last }: { readonly outcome: Outcome; readonly last: boolean }): ReactElement | null {
  switch (outcome.type) {
    case 'done':
      return null
    case 'token_limit':
      return <Ended last={last}>The answer reached the token limit of the model.</Ended>
    case 'refusal':
      return <Ended last={false}>The model refused to go on.</Ended>
    case 'stopped':
      return <Ended last={last}>Stopped.</Ended>
    case 'interrupted':
      return (
        <Ended last={last} tone="failed" interrupted>
          Interrupted. {outcome.reason}
        </Ended>
      )
    case 'failed':
      return (
        <Ended last={last} tone="failed" detail={outcome.message}>
          {FAILURES[outcome.kind]}
        </Ended>
      )
  }
}

interface EndedProps {
  /** Whether this is where the session stands: only then can it go on from here. */
  readonly last: boolean
  readonly tone?: 'quiet' | 'failed'
  readonly detail?: string
  readonly interrupted?: boolean
  readonly children: ReactNode
}

function Ended({ last, tone = 'quiet', detail, interrupted = false, children }: EndedProps): ReactElement {
  const failed = tone === 'failed'
  return (
    <div
      className={cx(
        'mb-2 flex flex-wrap items-center gap-2 rounded-lg px-3 py-2 text-sm',
        failed ? 'bg-failed-soft text-failed' : 'bg-sunken text-muted',
      )}
    >
      {failed ? <CircleAlert size={14} aria-hidden /> : <CirclePause size={14} aria-hidden />}
      <div className="min-w-0 flex-1">
        <p className="text-pretty">{children}</p>
        {detail === undefined ? null : <p className="mt-0.5 font-mono text-xs [overflow-wrap:anywhere]">{detail}</p>}
      </div>
      {last ? <ContinueButton interrupted={interrupted} /> : null}
    </div>
  )
}

/** What asks the agent to take up where it failed or was stopped; it still has the conversation. */
const GO_ON = 'Go on.'

/** Goes on: an interrupted turn is the runner's to resume, after any other end the agent is simply asked to. */
function ContinueButton({ interrupted }: { readonly interrupted: boolean }): ReactElement {
  const { session, store } = useTranscript()
  const { busy, run } = useCommand('sessions.resume')
  const goOn = (): void => {
    if (interrupted) run({ session })
    // A prompt that fails stays in the transcript, with what went wrong.
    else store.send({ text: GO_ON }, 'prompt').catch(() => undefined)
  }
  return (
    <Button size="small" icon={<Play size={12} />} busy={busy} onClick={goOn}>
      Continue
    </Button>
  )
}

function textOf(item: AssistantItem): string {
  return item.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
}
