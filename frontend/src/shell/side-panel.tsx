import { FileDiff, Folder } from 'lucide-react'
import type { ReactElement } from 'react'
import { EmptyState, TabPanel, Tabs } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import type { Current } from './current.ts'
import { useCurrent } from './current.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { ChangesPanel, FilesPanel, TerminalsPanel } from './lazy-panes.ts'
import { showSide, useNavigation } from './navigation.ts'
import type { SideView } from './navigation.ts'

const VIEWS: readonly { readonly value: SideView; readonly label: string }[] = [
  { value: 'changes', label: 'Changes' },
  { value: 'files', label: 'Files' },
  { value: 'terminals', label: 'Terminals' },
]

/** Beside the centre: what the session changed, the files and terminals of its workspace. */
export function SidePanel(): ReactElement {
  const view = useNavigation((state) => state.side.view)
  return (
    <aside aria-label="Side panel" className="flex min-h-0 flex-1 flex-col bg-bg">
      <Tabs
        label="Side panel"
        value={view}
        onValueChange={(value) => showSide(VIEWS.find((known) => known.value === value)?.value ?? 'changes')}
        items={VIEWS}
        className="min-h-0 flex-1"
      >
        <TabPanel value={view} className="flex flex-col">
          <SideContent view={view} />
        </TabPanel>
      </Tabs>
    </aside>
  )
}

/** One view of the side panel; on a phone it fills the screen. */
export function SideContent({ view }: { readonly view: SideView }): ReactElement {
  const { workspace, session } = useCurrent()
  return (
    <ErrorBoundary key={view} name="This panel">
      <View view={view} workspace={workspace} session={session} />
    </ErrorBoundary>
  )
}

function View({ view, workspace, session }: Current & { readonly view: SideView }): ReactElement {
  switch (view) {
    case 'changes':
      return session === null ? (
        <EmptyState icon={<FileDiff />} title="No session is shown">
          Open a session to see which files it changed.
        </EmptyState>
      ) : (
        <ChangesPanel key={session} session={session} />
      )
    case 'files':
      return workspace === null ? <NoWorkspace /> : <FilesPanel workspace={workspace} />
    case 'terminals':
      return <TerminalsPanel workspace={workspace} />
  }
}

/** Says so only once it is known: before the list has come, nothing would be true. */
function NoWorkspace(): ReactElement | null {
  if (!useWorkspaces().loaded) return null
  return (
    <EmptyState icon={<Folder />} title="No workspace">
      Add a workspace to see its files.
    </EmptyState>
  )
}
