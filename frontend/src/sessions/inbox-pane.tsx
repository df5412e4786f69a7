import type { SessionSummary } from '@octo/protocol'
import { ArrowUpRight, Inbox } from 'lucide-react'
import { useMemo } from 'react'
import type { ReactElement } from 'react'
import { openTab } from '../shell/navigation.ts'
import { Button, EmptyState, RelativeTime, Skeleton } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import { openRequests } from './requests/answers.ts'
import { RequestCard } from './requests/request-card.tsx'
import { useSessions, waitingSessions } from './session-list.ts'
import { useSessionState, useSessionStore } from './session-stores.ts'

/** Sessions opened at a time to show what they ask; the next ones follow as these are answered. */
const MAX_SHOWN = 10

/** Everything that waits for the user, answerable in one place. */
export function InboxPane(): ReactElement {
  const { entries, loaded } = useSessions()
  const waiting = useMemo(() => waitingSessions(entries.values()), [entries])
  if (!loaded) return <Skeleton lines={4} className="m-6" />
  if (waiting.length === 0) {
    return (
      <EmptyState className="my-auto" icon={<Inbox />} title="Nothing waits for you">
        When an agent asks for permission or has a question, it stands here.
      </EmptyState>
    )
  }
  return (
    <div className="h-full min-h-0 flex-1 overflow-y-auto bg-surface">
      <div className="mx-auto flex w-full max-w-measure flex-col gap-5 px-4 py-6">
        <h1 className="text-lg font-semibold">Waiting for you</h1>
        {waiting.slice(0, MAX_SHOWN).map((session) => (
          <WaitingSession key={session.id} session={session} />
        ))}
        {waiting.length > MAX_SHOWN ? (
          <p className="text-sm text-faint">{`${waiting.length - MAX_SHOWN} more sessions wait.`}</p>
        ) : null}
      </div>
    </div>
  )
}

function WaitingSession({ session }: { readonly session: SessionSummary }): ReactElement {
  const store = useSessionStore(session.id)
  const items = useSessionState(store, (state) => state.view.items)
  const workspace = useWorkspaces().entries.get(session.workspace)
  const requests = openRequests(items)
  return (
    <section aria-label={session.title}>
      <div className="mb-1.5 flex items-center gap-2 text-sm">
        <h2 className="min-w-0 truncate font-medium">{session.title}</h2>
        <span className="min-w-0 shrink truncate text-xs text-faint">{workspace?.name}</span>
        <RelativeTime at={session.updatedAt} className="shrink-0 text-xs text-faint" />
        <span className="flex-1" />
        <Button
          size="small"
          variant="quiet"
          icon={<ArrowUpRight size={13} />}
          onClick={() => openTab({ kind: 'session', session: session.id })}
        >
          Open
        </Button>
      </div>
      {requests.length === 0 ? <Skeleton lines={2} /> : null}
      {requests.map((request) => (
        <RequestCard key={request.id} session={session.id} item={request} more={0} takesFocus={false} />
      ))}
    </section>
  )
}
