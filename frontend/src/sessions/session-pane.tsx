import type { Session, SessionId, SessionSummary } from '@octo/protocol'
import { useEffect, useRef } from 'react'
import type { KeyboardEvent, ReactElement, RefObject } from 'react'
import { ModelNeeded, useProviders } from '../models/index.ts'
import { useCommand } from '../mux/index.ts'
import { forgetTab } from '../shell/navigation.ts'
import type { ItemPlace } from '../shell/tabs.ts'
import { Banner, Button, EmptyState, ErrorState, Skeleton } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import { Composer } from './composer/composer.tsx'
import { openRequests } from './requests/answers.ts'
import { RequestCard } from './requests/request-card.tsx'
import { markSeen } from './seen.ts'
import { SessionHeader } from './session-header.tsx'
import { useSessions } from './session-list.ts'
import type { SessionStore } from './session-store.ts'
import { useSessionState, useSessionStore } from './session-stores.ts'
import { Transcript } from './transcript/transcript.tsx'

export interface SessionPaneProps {
  readonly id: SessionId
  readonly at: ItemPlace | undefined
}

/** A session: its transcript, what it asks, and the composer. */
export function SessionPane({ id, at }: SessionPaneProps): ReactElement {
  const store = useSessionStore(id)
  const session = useSessionState(store, (state) => state.view.session)
  const phase = useSessionState(store, (state) => state.phase)
  const error = useSessionState(store, (state) => state.error)
  useSeen(useSessions().entries.get(id))
  if (phase === 'gone') {
    return (
      <EmptyState
        className="my-auto"
        title="This session is gone"
        action={<Button onClick={() => forgetTab({ kind: 'session', session: id })}>Close tab</Button>}
      >
        It was deleted, or it belongs to somebody else.
      </EmptyState>
    )
  }
  if (session === null) {
    return error === null ? (
      <Skeleton lines={6} label="Loading the session" className="mx-auto w-full max-w-measure p-6" />
    ) : (
      <ErrorState className="my-auto" title="The session could not be loaded" onRetry={() => store.retry()}>
        {error.message}
      </ErrorState>
    )
  }
  return <LoadedSession session={session} store={store} at={at} />
}

interface LoadedSessionProps {
  readonly session: Session
  readonly store: SessionStore
  readonly at: ItemPlace | undefined
}

function LoadedSession({ session, store, at }: LoadedSessionProps): ReactElement {
  const { entries } = useWorkspaces()
  const workspace = entries.get(session.workspace) ?? null
  const field = useRef<HTMLTextAreaElement>(null)
  const stop = useCommand('sessions.stop')
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || session.state !== 'working') return
    stop.run({ session: session.id })
  }
  return (
    // Escape stops the agent from anywhere in the session; the button that does the same is in the composer.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-surface" onKeyDown={onKeyDown}>
      <SessionHeader session={session} workspace={workspace} />
      {workspace?.present === false ? (
        <Banner tone="failed">{`The folder ${workspace.path} is not there any more. The session can be read, but not go on.`}</Banner>
      ) : null}
      <Transcript store={store} session={session} at={at} />
      <div className="mx-auto w-full max-w-measure shrink-0 px-4 pb-3 max-sm:px-2 max-sm:pb-2">
        <PendingRequest store={store} />
        <ComposerArea session={session} store={store} field={field} />
      </div>
    </div>
  )
}

function PendingRequest({ store }: { readonly store: SessionStore }): ReactElement | null {
  const items = useSessionState(store, (state) => state.view.items)
  const [first, ...rest] = openRequests(items)
  if (first === undefined) return null
  return <RequestCard key={first.id} session={store.id} item={first} more={rest.length} takesFocus />
}

interface ComposerAreaProps {
  readonly session: Session
  readonly store: SessionStore
  readonly field: RefObject<HTMLTextAreaElement | null>
}

function ComposerArea({ session, store, field }: ComposerAreaProps): ReactElement {
  const { loaded, enabled } = useProviders()
  const unarchive = useCommand('sessions.archive')
  if (session.archived) {
    return (
      <div className="flex items-center justify-between gap-3 rounded-xl border border-line px-4 py-2 text-sm text-muted">
        This session is archived.
        <Button busy={unarchive.busy} onClick={() => unarchive.run({ session: session.id, archived: false })}>
          Take out of the archive
        </Button>
      </div>
    )
  }
  if (loaded && enabled.length === 0 && session.capabilities.models) return <ModelNeeded />
  return <Composer session={session} store={store} fieldRef={field} />
}

/** A session that is looked at is read, as long as somebody can see it. */
function useSeen(summary: SessionSummary | undefined): void {
  useEffect(() => {
    if (summary === undefined) return
    const mark = (): void => {
      if (document.visibilityState === 'visible') markSeen(summary)
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [summary])
}
