import type { SessionId, WorkspaceId } from '@octo/protocol'
import { createContext, use, useState } from 'react'
import type { PathTarget } from '../../content/index.ts'
import type { SessionStore } from '../session-store.ts'

/** What rows need of the session they stand in; stable while the session is shown. */
export interface TranscriptScope {
  readonly session: SessionId
  readonly store: SessionStore
  readonly workspace: WorkspaceId | null
  readonly openPath: (target: PathTarget) => void
  /** Which rows the reader opened or closed: rows out of sight are unmounted and would forget it. */
  readonly opened: Map<string, boolean>
}

const TranscriptContext = createContext<TranscriptScope | null>(null)
export const TranscriptProvider = TranscriptContext.Provider

export function useTranscript(): TranscriptScope {
  const scope = use(TranscriptContext)
  if (scope === null) throw new Error('a transcript row outside of a transcript')
  return scope
}

/**
 * Whether a row is open, kept while the session is.
 * @param startOpen opens it by itself, e.g. when a tool fails; it stays open then, because closing would move the page
 */
export function useRowOpen(key: string, startOpen: boolean): readonly [boolean, () => void] {
  const { opened } = useTranscript()
  const [chosen, setChosen] = useState(opened.get(key))
  if (startOpen && !opened.has(key)) opened.set(key, true)
  const open = chosen ?? opened.get(key) ?? false
  const toggle = (): void => {
    opened.set(key, !open)
    setChosen(!open)
  }
  return [open, toggle]
}
