import { createContext, use, useSyncExternalStore } from 'react'
import type { ReactElement, ReactNode } from 'react'
import type { LiveList, LiveListState } from './live-list.ts'
import type { Mux, MuxState } from './mux.ts'
import type { Resource, ResourceState } from './resource.ts'

const MuxContext = createContext<Mux | null>(null)

export function MuxProvider({ mux, children }: { readonly mux: Mux; readonly children: ReactNode }): ReactElement {
  return <MuxContext value={mux}>{children}</MuxContext>
}

/** The connection of this tab. */
export function useMux(): Mux {
  const mux = use(MuxContext)
  if (mux === null) throw new Error('useMux outside of MuxProvider')
  return mux
}

/** Where the connection stands, as a hook. */
export function useMuxState(): MuxState {
  const mux = useMux()
  return useSyncExternalStore(mux.subscribe, () => mux.state)
}

/** A live list as a hook. */
export function useLiveList<Entry>(list: LiveList<Entry>): LiveListState<Entry> {
  return useSyncExternalStore(list.subscribe, () => list.state)
}

/** A resource as a hook. */
export function useResource<T>(resource: Resource<T>): ResourceState<T> {
  return useSyncExternalStore(resource.subscribe, () => resource.state)
}
