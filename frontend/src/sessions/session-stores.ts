import type { SessionId } from '@octo/protocol'
import { useSyncExternalStore } from 'react'
import type { Mux } from '../mux/index.ts'
import { perMux, useMux } from '../mux/index.ts'
import type { SessionStore, SessionStoreState } from './session-store.ts'
import { createSessionStore } from './session-store.ts'

/** Sessions kept in memory after their last view is gone: going back to one of them shows it at once. */
const MAX_KEPT = 12

const storesOf = perMux(() => new Map<SessionId, SessionStore>())

/** The store of a session, the same one for every view of it. */
export function useSessionStore(id: SessionId): SessionStore {
  const mux = useMux()
  return sessionStore(mux, id)
}

/** The store of a session, for what is no view. */
export function sessionStore(mux: Mux, id: SessionId): SessionStore {
  const stores = storesOf(mux)
  const store = stores.get(id) ?? createSessionStore(mux, id)
  // Last in the map is the last used.
  stores.delete(id)
  dropUnwatched(stores)
  stores.set(id, store)
  return store
}

/** A part of a session's state as a hook; renders again only when that part changes. */
export function useSessionState<T>(store: SessionStore, select: (state: SessionStoreState) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.state))
}

function dropUnwatched(stores: Map<SessionId, SessionStore>): void {
  for (const [id, store] of stores) {
    if (stores.size < MAX_KEPT) return
    if (!store.watched) stores.delete(id)
  }
}
