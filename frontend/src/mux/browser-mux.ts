import { createMux } from './create-mux.ts'
import type { Mux } from './mux.ts'
import { renewLogin } from './renew-login.ts'
import { openBrowserSocket } from './socket.ts'

/**
 * The mux of a page: it looks after its link whenever the tab or the network comes back, because timers of a sleeping
 * tab stand still.
 */
export function createBrowserMux(): Mux {
  const mux = createMux({ openSocket: openBrowserSocket, renewLogin })
  const stop = new AbortController()
  const { signal } = stop
  const check = (): void => {
    if (document.visibilityState === 'visible') mux.retryNow()
  }
  document.addEventListener('visibilitychange', check, { signal })
  window.addEventListener('online', check, { signal })
  window.addEventListener('focus', check, { signal })
  window.addEventListener('pageshow', check, { signal })
  return {
    ...mux,
    // A spread would freeze the getter at its first value.
    get state() {
      return mux.state
    },
    close: () => {
      stop.abort()
      mux.close()
    },
  }
}
