import type { User } from '@octo/protocol'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { UserProvider } from '../accounts/index.ts'
import { keepUnsavedFiles } from '../files/index.ts'
import { keepDrafts, useSessions, waitingSessions } from '../sessions/index.ts'
import { PanelGroup, ResizeHandle, ResizePanel, useIsPhone, useMedia } from '../ui/index.ts'
import { AddWorkspaceDialog, useWorkspaces } from '../workspaces/index.ts'
import { Centre } from './centre.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import { useCurrent } from './current.ts'
import { ChangesPanel, InboxPane, Palette, SessionPane } from './lazy-panes.ts'
import { restoreNavigation, THREE_COLUMNS, useNavigation } from './navigation.ts'
import { PhoneBar } from './phone-bar.tsx'
import { closeDialog, useShellDialog } from './shell-dialogs.ts'
import { SideContent, SidePanel } from './side-panel.tsx'
import { Sidebar } from './sidebar.tsx'
import { TabStrip } from './tab-strip.tsx'
import { useAddress } from './use-address.ts'
import { useShellCommands, useShortcuts } from './use-shell-commands.ts'
import { WorkbenchSkeleton } from './workbench-skeleton.tsx'

export interface WorkbenchProps {
  /** Whose tabs are brought back. */
  readonly user: User
}

/** The workbench of a user who is logged in. */
export function Workbench({ user }: WorkbenchProps): ReactElement {
  const ready = useRestored(user.id)
  return <UserProvider value={user}>{ready ? <RestoredWorkbench /> : <WorkbenchSkeleton />}</UserProvider>
}

function useRestored(user: string): boolean {
  const [restored, setRestored] = useState<string | null>(null)
  useEffect(() => {
    const stops = [restoreNavigation(user), keepDrafts(), keepUnsavedFiles(user)]
    // Tabs live outside of React; they are there from the next drawing on.
    // oxlint-disable-next-line react/set-state-in-effect
    setRestored(user)
    return () => {
      for (const stop of stops) stop()
    }
  }, [user])
  return restored === user
}

function RestoredWorkbench(): ReactElement {
  const isPhone = useIsPhone()
  const current = useCurrent()
  const commands = useShellCommands(current)
  const dialog = useShellDialog()
  useAddress()
  useShortcuts(commands)
  usePageTitle()
  usePreload()
  return (
    <div className="flex h-full min-h-0 flex-col">
      {isPhone ? <PhoneLayout /> : <DesktopLayout />}
      <ConnectionBar />
      <AddWorkspaceDialog open={dialog === 'add-workspace'} onOpenChange={closeDialog} />
      {dialog === 'palette' ? <Palette commands={commands} current={current} onClose={closeDialog} /> : null}
    </div>
  )
}

/** How long after the first drawing the rest is fetched: the first things come first. */
const PRELOAD_DELAY_MS = 300

/** Fetches what is likely to be shown next, so that the first session opens as quickly as any other. */
function usePreload(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const view of [SessionPane, ChangesPanel, InboxPane, Palette]) view.preload()
    }, PRELOAD_DELAY_MS)
    return () => clearTimeout(timer)
  }, [])
}

function DesktopLayout(): ReactElement {
  const sidebarOpen = useNavigation((state) => state.sidebarOpen)
  const { loaded, sorted } = useWorkspaces()
  // Before there is a workspace nothing could stand in it.
  const hasNothing = loaded && sorted.length === 0
  const isWide = useMedia(THREE_COLUMNS)
  const side = useNavigation((state) => (isWide ? state.side.open : state.sideOver)) && !hasNothing
  return (
    <PanelGroup id="workbench" direction="row" className="min-h-0 flex-1">
      {sidebarOpen ? (
        <>
          <ResizePanel id="sidebar" defaultSize={260} minSize={200} maxSize={440}>
            <Sidebar hideable />
          </ResizePanel>
          <ResizeHandle label="Resize sidebar" />
        </>
      ) : null}
      <ResizePanel id="centre" minSize={320}>
        <TabStrip />
        <div className="relative flex min-h-0 flex-1">
          <Centre />
          {side && !isWide ? (
            <div className="absolute inset-y-0 right-0 z-10 flex w-[min(420px,90%)] border-l border-line shadow-float">
              <SidePanel />
            </div>
          ) : null}
        </div>
      </ResizePanel>
      {side && isWide ? (
        <>
          <ResizeHandle label="Resize side panel" />
          <ResizePanel id="side" defaultSize={420} minSize={280} maxSize={1_000}>
            <SidePanel />
          </ResizePanel>
        </>
      ) : null}
    </PanelGroup>
  )
}

function PhoneLayout(): ReactElement {
  const screen = useNavigation((state) => state.phone)
  return (
    <>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {screen === 'sessions' ? (
          <Sidebar hideable={false} />
        ) : screen === 'centre' ? (
          <Centre />
        ) : (
          <SideContent view={screen} />
        )}
      </div>
      <PhoneBar />
    </>
  )
}

/** The page's title counts what waits, so that a tab in the background tells. */
function usePageTitle(): void {
  const { entries } = useSessions()
  const active = useNavigation((state) => state.tabs.find(({ key }) => key === state.active) ?? null)
  const waiting = waitingSessions(entries.values()).length
  const session = active?.target.kind === 'session' ? entries.get(active.target.session) : undefined
  useEffect(() => {
    const name = session === undefined ? 'octo' : `${session.title} · octo`
    document.title = waiting > 0 ? `(${waiting}) ${name}` : name
  }, [session, waiting])
}
