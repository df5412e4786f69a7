import type { Provider } from '@octo/protocol'
import { useMemo } from 'react'
import type { LiveListState } from '../mux/index.ts'
import { createLiveList, perMux, useLiveList, useMux } from '../mux/index.ts'

/** The providers of this user, in use and on offer, live. */
export const providerList = perMux((mux) => createLiveList(mux, 'models.list', 'models.changed'))

export interface Providers extends LiveListState<Provider> {
  readonly enabled: readonly Provider[]
  readonly offered: readonly Provider[]
}

export function useProviders(): Providers {
  const state = useLiveList(providerList(useMux()))
  return useMemo(() => {
    const all = [...state.entries.values()]
    return {
      ...state,
      enabled: all.filter((provider) => provider.enabled),
      offered: all.filter((provider) => !provider.enabled),
    }
  }, [state])
}
