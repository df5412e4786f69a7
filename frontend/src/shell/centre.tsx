import type { ReactElement } from 'react'
import { NewSession } from '../sessions/index.ts'
import { FirstWorkspace, useWorkspaces } from '../workspaces/index.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { FilePane, InboxPane, SessionPane, SettingsPane, TerminalPane } from './lazy-panes.ts'
import { useNavigation } from './navigation.ts'
import type { TabTarget } from './tabs.ts'

/** What the tab in front shows. Without a tab: the beginning of a session, and before that the choice of a folder. */
export function Centre(): ReactElement {
  const tab = useNavigation((state) => state.tabs.find(({ key }) => key === state.active) ?? null)
  const { loaded, sorted } = useWorkspaces()
  const needsWorkspace = loaded && sorted.length === 0 && tab?.target.kind !== 'settings'
  return (
    <main id="centre" className="flex min-h-0 min-w-0 flex-1 flex-col">
      {needsWorkspace ? (
        <FirstWorkspace />
      ) : (
        <ErrorBoundary key={tab?.key ?? 'home'} name="This tab">
          <Pane target={tab?.target ?? { kind: 'new', workspace: null }} />
        </ErrorBoundary>
      )}
    </main>
  )
}

function Pane({ target }: { readonly target: TabTarget }): ReactElement {
  switch (target.kind) {
    case 'session':
      return <SessionPane id={target.session} at={target.at} />
    case 'new':
      return <NewSession key={target.workspace} workspace={target.workspace} />
    case 'file':
      return <FilePane target={target} />
    case 'terminal':
      return <TerminalPane id={target.terminal} />
    case 'settings':
      return <SettingsPane page={target.page} />
    case 'inbox':
      return <InboxPane />
  }
}
