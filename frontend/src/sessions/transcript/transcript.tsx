import type { Session } from '@octo/protocol'
import { useEffect, useMemo, useRef } from 'react'
import type { ReactElement } from 'react'
import type { PathTarget } from '../../content/index.ts'
import { openPath } from '../../shell/navigation.ts'
import type { ItemPlace } from '../../shell/tabs.ts'
import { Spinner, toast, TranscriptList } from '../../ui/index.ts'
import type { TranscriptListHandle } from '../../ui/index.ts'
import type { Row } from '../rows.ts'
import type { SessionStore } from '../session-store.ts'
import { useSessionState } from '../session-stores.ts'
import type { TranscriptScope } from './transcript-context.tsx'
import { TranscriptProvider } from './transcript-context.tsx'
import { TranscriptRow } from './transcript-row.tsx'
import { rowKeyOf, transcriptView } from './transcript-view.ts'
import { WorkingLine } from './working-line.tsx'

interface TranscriptProps {
  readonly store: SessionStore
  readonly session: Session
  /** An item to show first, from a search. */
  readonly at: ItemPlace | undefined
}

/** The items of a session as they are shown. */
export function Transcript({ store, session, at }: TranscriptProps): ReactElement {
  const items = useSessionState(store, (state) => state.view.items)
  const echoes = useSessionState(store, (state) => state.echoes)
  const loadingOlder = useSessionState(store, (state) => state.loadingOlder)
  const view = transcriptView(store)
  const rows = view.rows(items, echoes)
  const list = useRef<TranscriptListHandle>(null)
  const scope = useScope(store, session)
  useShownItem({ store, at, list })
  const loadOlder = (): void => {
    store.loadOlder().catch((error: unknown) => toast({ tone: 'failed', text: messageOf(error) }))
  }
  return (
    <TranscriptProvider value={scope}>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <TranscriptList<Row>
          ref={list}
          label={`Transcript of ${session.title}`}
          items={rows}
          itemKey={keyOf}
          renderItem={(row, index) => (
            <div className="mx-auto w-full max-w-measure px-4">
              <TranscriptRow row={row} last={index === rows.length - 1} />
            </div>
          )}
          footer={<WorkingLine session={session} items={items} />}
          onReachStart={loadOlder}
          position={view.position}
          onSavePosition={view.savePosition}
        />
        {loadingOlder ? (
          <span className="ui-float absolute top-2 left-1/2 flex -translate-x-1/2 rounded-full p-1.5">
            <Spinner label="Loading older messages" />
          </span>
        ) : null}
      </div>
    </TranscriptProvider>
  )
}

function keyOf(row: Row): string {
  return row.key
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function useScope(store: SessionStore, { id, workspace }: Session): TranscriptScope {
  return useMemo(
    () => ({
      session: id,
      store,
      workspace,
      openPath: ({ path, line }: PathTarget) => openPath(workspace, path.replace(/^\.\//, ''), line ?? undefined),
      opened: transcriptView(store).opened,
    }),
    [store, id, workspace],
  )
}

interface ShownItem {
  readonly store: SessionStore
  readonly at: ItemPlace | undefined
  readonly list: { readonly current: TranscriptListHandle | null }
}

/** Goes back until the item is loaded, then brings it to the top of the view. */
function useShownItem({ store, at, list }: ShownItem): void {
  useEffect(() => {
    if (at === undefined) return
    const stop = new AbortController()
    const find = async (): Promise<void> => {
      while (!stop.signal.aborted && isBefore(store, at.index)) await store.loadOlder()
      // The rows of what was just loaded are drawn with the next frame.
      requestAnimationFrame(() => {
        const { view, echoes } = store.state
        const key = rowKeyOf(transcriptView(store).rows(view.items, echoes), at.item)
        if (key !== null && !stop.signal.aborted) list.current?.showItem(key)
      })
    }
    find().catch((error: unknown) => toast({ tone: 'failed', text: messageOf(error) }))
    return () => stop.abort()
  }, [store, at, list])
}

function isBefore(store: SessionStore, index: number): boolean {
  const { floor, older } = store.state.view
  return older && floor > index
}
