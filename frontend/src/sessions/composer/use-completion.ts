import type { Result, SessionId, WorkspaceId } from '@octo/protocol'
import { useEffect, useState } from 'react'
import type { Mux } from '../../mux/index.ts'
import { toOctoError, useMux } from '../../mux/index.ts'
import type { Trigger } from './completion.ts'
import { rankCommand } from './completion.ts'

/** More than this nobody reads while typing. */
const MAX_ENTRIES = 20

export interface CompletionEntry {
  readonly value: string
  readonly label: string
  readonly hint: string
}

export interface CompletionState {
  /** `null` while the first answer for this trigger is on its way. */
  readonly entries: readonly CompletionEntry[] | null
  readonly error: string | null
}

export interface CompletionScope {
  readonly workspace: WorkspaceId | null
  /** Null before the session exists: its agent's commands are not known then. */
  readonly session: SessionId | null
}

const NOTHING: CompletionState = { entries: null, error: null }

/** Entries for what is being completed. Entries of the last query stay until the next answer, so nothing flickers. */
export function useCompletion(trigger: Trigger | null, { workspace, session }: CompletionScope): CompletionState {
  const mux = useMux()
  const [state, setState] = useState({ ...NOTHING, place: '' })
  const kind = trigger?.kind ?? null
  const query = trigger?.query ?? ''
  const place = trigger === null ? '' : `${trigger.kind} ${trigger.from}`
  useEffect(() => {
    if (kind === null) return
    const stop = new AbortController()
    const { signal } = stop
    const ask = async (): Promise<CompletionState> => {
      try {
        const entries =
          kind === 'file' ? await findFiles(mux, { workspace, query, signal }) : await findCommands(mux, session, query)
        return { entries, error: null }
      } catch (error) {
        return { entries: [], error: toOctoError(error).message }
      }
    }
    const show = async (): Promise<void> => {
      const next = await ask()
      if (!signal.aborted) setState({ ...next, place })
    }
    void show()
    return () => stop.abort()
  }, [mux, kind, place, query, workspace, session])
  return state.place === place ? state : NOTHING
}

interface FileQuery {
  readonly workspace: WorkspaceId | null
  readonly query: string
  readonly signal: AbortSignal
}

async function findFiles(mux: Mux, { workspace, query, signal }: FileQuery): Promise<readonly CompletionEntry[]> {
  if (workspace === null) return []
  const { paths } = await mux.query('files.find', { workspace, query, limit: MAX_ENTRIES }, { signal })
  return paths.map((path) => {
    const cut = path.lastIndexOf('/')
    return { value: path, label: path.slice(cut + 1), hint: cut < 0 ? '' : path.slice(0, cut) }
  })
}

async function findCommands(mux: Mux, session: SessionId | null, query: string): Promise<readonly CompletionEntry[]> {
  if (session === null) return []
  const { commands } = await commandsOf(mux, session)
  return commands
    .map((command) => ({ command, rank: rankCommand(command.name, query) }))
    .filter((entry): entry is { command: (typeof commands)[number]; rank: number } => entry.rank !== null)
    .toSorted((a, b) => a.rank - b.rank || a.command.name.localeCompare(b.command.name))
    .slice(0, MAX_ENTRIES)
    .map(({ command }) => ({ value: command.name, label: `/${command.name}`, hint: command.description }))
}

/** Commands of an agent change rarely; asked for once while a word is being typed. */
const COMMANDS_FRESH_MS = 10_000
let asked: { session: SessionId; at: number; answer: Promise<Result<'sessions.commands'>> } | null = null

function commandsOf(mux: Mux, session: SessionId): Promise<Result<'sessions.commands'>> {
  if (asked?.session !== session || Date.now() - asked.at > COMMANDS_FRESH_MS) {
    asked = { session, at: Date.now(), answer: mux.query('sessions.commands', { session }) }
  }
  return asked.answer
}
