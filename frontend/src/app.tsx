import type { User } from '@octo/protocol'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { useLocation } from 'wouter'
import { LoginForm, LoginPage, needsSetup, SetupPage } from './accounts/index.ts'
import { lazyView } from './lib/lazy-view.tsx'
import { createBrowserMux, MuxProvider } from './mux/index.ts'
import type { Mux } from './mux/index.ts'
import { ErrorBoundary } from './shell/error-boundary.tsx'
import { WorkbenchSkeleton } from './shell/workbench-skeleton.tsx'
import { Dialog, ErrorState, Toaster, TooltipProvider } from './ui/index.ts'

/** Fetched while the connection is being made, so that neither waits for the other. */
export const Workbench = lazyView(async () => (await import('./shell/index.ts')).Workbench)

interface AppProps {
  /** The one-time secret that the address carried; empty without one. */
  readonly setupSecret: string
}

/** The whole application: the pages before the workbench, and the workbench. */
export function App({ setupSecret }: AppProps): ReactElement {
  const [location, navigate] = useLocation()
  return (
    <TooltipProvider>
      <ErrorBoundary name="This page">
        {location === '/setup' || setupSecret !== '' ? (
          <SetupPage linked={setupSecret} onDone={() => window.location.assign('/')} />
        ) : (
          <Connected onLeaveLogin={() => (location === '/login' ? navigate('/') : undefined)} />
        )}
      </ErrorBoundary>
      <Toaster />
    </TooltipProvider>
  )
}

/** One connection for the life of the page: it outlives a login that ends, so that nothing typed is lost. */
function Connected({ onLeaveLogin }: { readonly onLeaveLogin: () => void }): ReactElement {
  const [mux] = useState(createBrowserMux)
  return (
    <MuxProvider mux={mux}>
      <Entrance mux={mux} onLeaveLogin={onLeaveLogin} />
    </MuxProvider>
  )
}

interface EntranceProps {
  readonly mux: Mux
  readonly onLeaveLogin: () => void
}

function Entrance({ mux, onLeaveLogin }: EntranceProps): ReactElement {
  const state = useSyncExternalStore(mux.subscribe, () => mux.state)
  const user = useFirstUser(mux)
  const loggedIn = (): void => {
    onLeaveLogin()
    mux.retryNow()
  }
  if (state.phase === 'outdated') {
    return (
      <ErrorState className="pt-[20dvh]" title="octo was updated" retryLabel="Reload" onRetry={() => location.reload()}>
        This page is of an earlier version. Reload it to go on; what you typed is kept.
      </ErrorState>
    )
  }
  if (user === null) {
    return state.phase === 'logged-out' ? <LoggedOut onLoggedIn={loggedIn} /> : <WorkbenchSkeleton />
  }
  return (
    <>
      <Workbench user={user} />
      <Dialog open={state.phase === 'logged-out'} onOpenChange={leave} size="small" title="Log in again">
        <LoginForm reason="Your login has ended. Everything is as you left it." onLoggedIn={loggedIn} />
      </Dialog>
    </>
  )
}

/** Who does not want to log in again leaves the workbench: nothing in it would answer. */
function leave(): void {
  location.assign('/login')
}

/** Who this page belongs to. Another user begins with a new page, so that nothing of one is shown to the other. */
function useFirstUser(mux: Mux): User | null {
  const [user, setUser] = useState(() => userOf(mux))
  useEffect(() => {
    const check = (): void => {
      const current = userOf(mux)
      if (current === null) return
      setUser((first) => {
        if (first !== null && first.id !== current.id) location.assign('/')
        return first ?? current
      })
    }
    check()
    return mux.subscribe(check)
  }, [mux])
  return user
}

function userOf(mux: Mux): User | null {
  return mux.state.phase === 'ready' ? mux.state.user : null
}

/** The login; a server without any account says how to make the first. */
function LoggedOut({ onLoggedIn }: { readonly onLoggedIn: () => void }): ReactElement {
  const [setup, setSetup] = useState<boolean | null>(null)
  useEffect(() => {
    needsSetup().then(setSetup, () => setSetup(false))
  }, [])
  if (setup === null) return <></>
  if (setup) return <SetupPage linked="" onDone={() => window.location.assign('/')} />
  return <LoginPage onLoggedIn={onLoggedIn} />
}
