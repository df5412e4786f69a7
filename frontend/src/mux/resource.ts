import type { OctoError } from '@octo/protocol'
import { toOctoError } from './errors.ts'
import type { Mux } from './mux.ts'

export interface ResourceState<T> {
  /** The last answer; `null` until the first. */
  readonly value: T | null
  readonly loading: boolean
  readonly error: OctoError | null
}

export interface Resource<T> {
  readonly state: ResourceState<T>
  /** Watches; the first watcher asks. */
  readonly subscribe: (listener: () => void) => () => void
  reload(): void
}

/**
 * The answer to a question that has no notification of changes: asked for when it is first shown and whenever the
 * runner comes back, and again on demand.
 */
export function createResource<T>(mux: Mux, ask: (mux: Mux) => Promise<T>): Resource<T> {
  const listeners = new Set<() => void>()
  let state: ResourceState<T> = { value: null, loading: true, error: null }
  let asking = 0
  let stop: (() => void) | null = null

  const show = (patch: Partial<ResourceState<T>>): void => {
    state = { ...state, ...patch }
    for (const listener of listeners) listener()
  }

  const load = async (): Promise<void> => {
    asking += 1
    const own = asking
    show({ loading: true })
    try {
      const value = await ask(mux)
      if (own === asking) show({ value, loading: false, error: null })
    } catch (error) {
      if (own === asking) show({ loading: false, error: toOctoError(error) })
    }
  }

  return {
    get state() {
      return state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      stop ??= mux.onReady(() => void load())
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = null
      }
    },
    reload: () => void load(),
  }
}
