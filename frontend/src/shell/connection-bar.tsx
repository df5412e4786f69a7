import { CloudOff, RefreshCw } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { useMux, useMuxState, usualRunner } from '../mux/index.ts'
import type { MuxState } from '../mux/index.ts'
import { Banner, Button } from '../ui/index.ts'

/** A cut that mends itself sooner is nobody's concern. */
const QUIET_MS = 1_200

/** One quiet line over the page while something of the way to the runner is missing. Nothing below it moves. */
export function ConnectionBar(): ReactElement {
  return (
    <div className="pointer-events-none fixed inset-x-0 top-1 z-30 flex justify-center px-2 *:pointer-events-auto *:max-w-xl *:rounded-lg *:shadow-float">
      <ConnectionState />
    </div>
  )
}

function ConnectionState(): ReactElement | null {
  const mux = useMux()
  const state = useMuxState()
  const online = useOnline()
  const late = useLate(state.phase === 'reconnecting')
  const firstBuild = useFirst(state.phase === 'ready' ? state.build : null)
  const retry = (
    <Button size="small" icon={<RefreshCw size={12} />} onClick={() => mux.retryNow()}>
      Try now
    </Button>
  )
  if (!online) {
    return <Banner icon={<CloudOff />}>You are offline. What is here can be read, and what you type is kept.</Banner>
  }
  if (state.phase === 'reconnecting') {
    if (!late) return null
    return (
      <Banner tone="waiting" icon={<CloudOff />} action={retry}>
        The server cannot be reached. Trying again{retryText(state)}.
      </Banner>
    )
  }
  const runner = usualRunner(state)
  if (state.phase === 'ready' && runner?.state !== 'ready') {
    return (
      <Banner tone="waiting" icon={<CloudOff />}>
        {runner?.state === 'starting' || runner === null
          ? 'Your runner is starting.'
          : `Your runner is not there. ${runner.reason ?? 'It is being started again.'}`}
      </Banner>
    )
  }
  if (state.phase === 'ready' && firstBuild !== null && firstBuild !== state.build) {
    return (
      <Banner
        tone="accent"
        action={
          <Button size="small" onClick={() => location.reload()}>
            Reload
          </Button>
        }
      >
        octo was updated. Reload when it suits you; what you typed is kept.
      </Banner>
    )
  }
  return null
}

function retryText(state: Extract<MuxState, { phase: 'reconnecting' }>): string {
  return state.nextTryAt === null ? ' now' : ' in a moment'
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('online', listener)
      window.addEventListener('offline', listener)
      return () => {
        window.removeEventListener('online', listener)
        window.removeEventListener('offline', listener)
      }
    },
    () => navigator.onLine,
  )
}

/** True once something has been going on for long enough to be told. */
function useLate(active: boolean): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!active) return
    const timer = setTimeout(() => setLate(true), QUIET_MS)
    return () => {
      clearTimeout(timer)
      setLate(false)
    }
  }, [active])
  return late
}

/** The first value that was known. */
function useFirst<T>(value: T | null): T | null {
  const [first, setFirst] = useState(value)
  if (first === null && value !== null) setFirst(value)
  return first
}
