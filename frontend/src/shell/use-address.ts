import { useEffect } from 'react'
import { navigation, onNavigation, openTab } from './navigation.ts'
import { pathOf, targetOf } from './routes.ts'
import { tabKey } from './tabs.ts'

/**
 * Keeps the address bar and the tab in front the same: an address opens its tab, going to a tab is a step in the
 * browser's history, and going back in it goes back to the tab.
 */
export function useAddress(): void {
  useEffect(() => {
    const open = (): void => {
      const target = targetOf(location.pathname, location.search)
      if (target !== null) openTab(target)
    }
    const show = (): void => {
      const { tabs, active } = navigation()
      const target = tabs.find(({ key }) => key === active)?.target
      const path = target === undefined ? '/' : pathOf(target)
      if (path !== location.pathname + location.search) history.pushState(null, '', path)
    }
    // The address the page was opened with counts; later it follows the tabs.
    open()
    replaceAddress()
    window.addEventListener('popstate', open)
    const stop = onNavigation(show)
    return () => {
      stop()
      window.removeEventListener('popstate', open)
    }
  }, [])
}

/** The first address of the page names the tab in front, without a step in the history. */
function replaceAddress(): void {
  const { tabs, active } = navigation()
  const target = tabs.find(({ key }) => key === active)?.target
  if (target === undefined || tabKey(target) !== active) return
  history.replaceState(null, '', pathOf(target))
}
