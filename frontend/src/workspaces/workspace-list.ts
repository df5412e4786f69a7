import type { Workspace, WorkspaceId } from '@octo/protocol'
import { useMemo } from 'react'
import { isRecord, readStored, writeStored } from '../lib/storage.ts'
import type { LiveListState } from '../mux/index.ts'
import { createLiveList, perMux, useLiveList, useMux } from '../mux/index.ts'

/** The workspaces of this user, live. */
export const workspaceList = perMux((mux) => createLiveList(mux, 'workspaces.list', 'workspaces.changed'))

export interface Workspaces extends LiveListState<Workspace> {
  /** Most recently used first. */
  readonly sorted: readonly Workspace[]
}

export function useWorkspaces(): Workspaces {
  const state = useLiveList(workspaceList(useMux()))
  return useMemo(() => {
    const used = lastUsed()
    const rank = (workspace: Workspace): number => Math.max(workspace.updatedAt, used.get(workspace.id) ?? 0)
    return { ...state, sorted: [...state.entries.values()].toSorted((a, b) => rank(b) - rank(a)) }
  }, [state])
}

const STORAGE_KEY = 'octo.workspaces.used'
/** What is remembered orders a menu; more entries nobody scrolls. */
const MAX_REMEMBERED = 50

/** Remembers that the user works here, so that the next new session and terminal begin here. */
export function markUsed(workspace: WorkspaceId): void {
  const used = new Map(lastUsed()).set(workspace, Date.now())
  const newest = [...used].toSorted((a, b) => b[1] - a[1]).slice(0, MAX_REMEMBERED)
  writeStored(STORAGE_KEY, Object.fromEntries(newest))
}

function lastUsed(): ReadonlyMap<string, number> {
  const stored = readStored(STORAGE_KEY)
  if (!isRecord(stored)) return new Map()
  return new Map(Object.entries(stored).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
}
