import { useSyncExternalStore } from 'react'
import type { ComponentType, ReactElement } from 'react'
import { Skeleton } from '../ui/index.ts'

export interface LazyView<Props> {
  (props: Props): ReactElement
  /** Fetches it before it is shown. */
  readonly preload: () => void
}

interface Loading<Props> {
  readonly component: ComponentType<Props> | null
  readonly error: Error | null
}

/**
 * A view whose code is fetched when it is first shown; a failure is thrown to the nearest boundary. React's own lazy
 * shows a fallback for at least 300 ms once it had to show one, however soon the code is there.
 */
export function lazyView<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyView<Props> {
  const listeners = new Set<() => void>()
  let state: Loading<Props> = { component: null, error: null }
  let started = false

  const show = (next: Loading<Props>): void => {
    state = next
    for (const listener of listeners) listener()
  }
  const fetchCode = async (): Promise<void> => {
    try {
      show({ component: await load(), error: null })
    } catch (error) {
      show({ component: null, error: error instanceof Error ? error : new Error(String(error)) })
    }
  }
  const preload = (): void => {
    if (started) return
    started = true
    void fetchCode()
  }
  const subscribe = (listener: () => void): (() => void) => {
    preload()
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  function View(props: Props): ReactElement {
    const { component: Component, error } = useSyncExternalStore(subscribe, () => state)
    if (error !== null) throw error
    return Component === null ? <Skeleton lines={5} className="p-6" /> : <Component {...props} />
  }
  return Object.assign(View, { preload })
}
