import { Command } from 'cmdk'
import { File, MessageSquare, Search, SquareChevronRight, SquareTerminal, TextSearch } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import type { Result } from '@octo/protocol'
import { matchWords } from '../lib/match-words.ts'
import { toOctoError, useMux } from '../mux/index.ts'
import { dotOf, useSessions } from '../sessions/index.ts'
import { terminalTitle, useTerminals } from '../terminals/index.ts'
import { Kbd, RelativeTime, Spinner, StateDot } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import type { ShellCommand } from './commands.ts'
import type { Current } from './current.ts'
import { openPath, openTab } from './navigation.ts'

/** Shorter words match everything. */
const MIN_SEARCH_CHARS = 2
/** The server is asked when typing pauses this long. */
const SEARCH_DELAY_MS = 120
const MAX_FILES = 20
const MAX_HITS = 15
const MAX_SESSIONS = 50

export interface PaletteProps {
  readonly commands: readonly ShellCommand[]
  readonly current: Current
  readonly onClose: () => void
}

/** Everything by its name: sessions, files, words in transcripts, commands with their shortcuts. */
export function Palette({ commands, current, onClose }: PaletteProps): ReactElement {
  const [query, setQuery] = useState('')
  const found = useFound(query, current)
  const run = (act: () => void): void => {
    onClose()
    act()
  }
  return (
    <Command.Dialog
      open
      onOpenChange={onClose}
      label="Search everything"
      loop
      filter={(_value, search, keywords) => matchWords((keywords ?? []).join(' '), search)}
      overlayClassName="ui-overlay fixed inset-0 z-40"
      contentClassName="ui-dialog fixed inset-x-2 top-[10dvh] z-50 mx-auto flex max-h-[70dvh] max-w-xl flex-col overflow-hidden rounded-xl bg-raised shadow-float"
    >
      <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3.5">
        <Search size={16} aria-hidden className="text-faint" />
        <Command.Input
          value={query}
          onValueChange={setQuery}
          placeholder="Search sessions, files, messages and commands"
          className="min-w-0 flex-1 bg-transparent text-base outline-none"
        />
        {found.searching ? <Spinner label="Searching" /> : null}
      </div>
      <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
        <Command.Empty className="px-2 py-6 text-center text-sm text-faint">
          {found.searching ? 'Searching…' : 'Nothing found.'}
        </Command.Empty>
        <SessionEntries onRun={run} />
        <CommandEntries commands={commands} onRun={run} />
        <TerminalEntries onRun={run} />
        <FileEntries found={found} current={current} onRun={run} />
        <HitEntries found={found} onRun={run} />
      </Command.List>
    </Command.Dialog>
  )
}

function Heading({ text }: { readonly text: string }): ReactElement {
  return <span className="block px-2 pt-2 pb-1 text-2xs font-medium text-faint">{text}</span>
}

interface EntriesProps {
  readonly onRun: (act: () => void) => void
}

interface EntryProps {
  /** Names it; never matched. */
  readonly value: string
  /** What it is found by. */
  readonly keywords: string[]
  readonly icon: ReactNode
  readonly onSelect: () => void
  readonly children: ReactNode
  readonly end?: ReactNode
}

function Entry({ value, keywords, icon, onSelect, children, end }: EntryProps): ReactElement {
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      onSelect={onSelect}
      className="flex min-h-row items-center gap-2 rounded-md px-2 text-sm select-none aria-selected:bg-pressed"
    >
      <span aria-hidden className="inline-flex w-4 shrink-0 justify-center text-faint [&_svg]:size-3.5">
        {icon}
      </span>
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {end}
    </Command.Item>
  )
}

function SessionEntries({ onRun }: EntriesProps): ReactElement {
  const { entries } = useSessions()
  const workspaces = useWorkspaces().entries
  const newest = [...entries.values()].toSorted((a, b) => b.updatedAt - a.updatedAt).slice(0, MAX_SESSIONS)
  return (
    <Command.Group heading={<Heading text="Sessions" />}>
      {newest.map((session) => (
        <Entry
          key={session.id}
          value={`session ${session.id}`}
          keywords={[session.title, workspaces.get(session.workspace)?.name ?? '']}
          icon={<StateDot state={dotOf(session, false)} label={null} />}
          onSelect={() => onRun(() => openTab({ kind: 'session', session: session.id }))}
          end={<RelativeTime at={session.updatedAt} className="shrink-0 text-xs text-faint" />}
        >
          {session.title}
          <span className="ml-2 text-xs text-faint">{workspaces.get(session.workspace)?.name}</span>
        </Entry>
      ))}
    </Command.Group>
  )
}

function TerminalEntries({ onRun }: EntriesProps): ReactElement | null {
  const { entries } = useTerminals()
  const workspaces = useWorkspaces().entries
  if (entries.size === 0) return null
  return (
    <Command.Group heading={<Heading text="Terminals" />}>
      {[...entries.values()].map((terminal) => (
        <Entry
          key={terminal.id}
          value={`terminal ${terminal.id}`}
          keywords={[terminalTitle(terminal), workspaces.get(terminal.workspace)?.name ?? '']}
          icon={<SquareTerminal />}
          onSelect={() => onRun(() => openTab({ kind: 'terminal', terminal: terminal.id }))}
        >
          {terminalTitle(terminal)}
          <span className="ml-2 text-xs text-faint">{workspaces.get(terminal.workspace)?.name}</span>
        </Entry>
      ))}
    </Command.Group>
  )
}

function CommandEntries({
  commands,
  onRun,
}: EntriesProps & { readonly commands: readonly ShellCommand[] }): ReactElement {
  return (
    <Command.Group heading={<Heading text="Commands" />}>
      {commands
        .filter(({ id }) => id !== 'palette')
        .map((command) => (
          <Entry
            key={command.id}
            value={`command ${command.id}`}
            keywords={[command.title, command.words ?? '']}
            icon={<SquareChevronRight />}
            onSelect={() => onRun(command.run)}
            end={command.shortcut === undefined ? null : <Kbd keys={command.shortcut} />}
          >
            {command.title}
          </Entry>
        ))}
    </Command.Group>
  )
}

interface Found {
  readonly query: string
  readonly files: readonly string[]
  readonly hits: Result<'sessions.search'>['hits']
  readonly error: string | null
}

const NOTHING: Found = { query: '', files: [], hits: [], error: null }

/** What the runner finds for a query: files of the current workspace, and messages of all sessions. */
function useFound(query: string, { workspace }: Current): Found & { readonly searching: boolean } {
  const mux = useMux()
  const [found, setFound] = useState(NOTHING)
  const wanted = query.trim()
  const id = workspace?.id ?? null
  useEffect(() => {
    if (wanted.length < MIN_SEARCH_CHARS) return
    const stop = new AbortController()
    const { signal } = stop
    const search = async (): Promise<void> => {
      try {
        const [files, messages] = await Promise.all([
          id === null
            ? { paths: [] }
            : mux.query('files.find', { workspace: id, query: wanted, limit: MAX_FILES }, { signal }),
          mux.query('sessions.search', { query: wanted, limit: MAX_HITS }, { signal }),
        ])
        if (!signal.aborted) setFound({ query: wanted, files: files.paths, hits: messages.hits, error: null })
      } catch (error) {
        if (!signal.aborted) setFound({ ...NOTHING, query: wanted, error: toOctoError(error).message })
      }
    }
    const timer = setTimeout(() => void search(), SEARCH_DELAY_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [mux, wanted, id])
  const short = wanted.length < MIN_SEARCH_CHARS
  return { ...(short ? NOTHING : found), searching: !short && found.query !== wanted }
}

interface FoundProps extends EntriesProps {
  readonly found: Found
}

function FileEntries({ found, current, onRun }: FoundProps & { readonly current: Current }): ReactElement | null {
  const workspace = current.workspace?.id
  if (workspace === undefined || found.files.length === 0) return null
  return (
    <Command.Group heading={<Heading text={`Files in ${current.workspace?.name ?? ''}`} />}>
      {found.files.map((path) => {
        const cut = path.lastIndexOf('/') + 1
        return (
          <Entry
            key={path}
            value={`file ${path}`}
            // The runner matched it already, fuzzily; the query makes sure that nothing here filters it out.
            keywords={[found.query]}
            icon={<File />}
            onSelect={() => onRun(() => openPath(workspace, path))}
          >
            {path.slice(cut)}
            <span className="ml-2 text-xs text-faint">{path.slice(0, cut)}</span>
          </Entry>
        )
      })}
    </Command.Group>
  )
}

function HitEntries({ found, onRun }: FoundProps): ReactElement | null {
  if (found.error !== null) return <p className="px-2 py-2 text-sm text-failed">{found.error}</p>
  if (found.hits.length === 0) return null
  return (
    <Command.Group heading={<Heading text="Messages" />}>
      {found.hits.map((hit) => (
        <Entry
          key={`${hit.session} ${hit.item}`}
          value={`message ${hit.session} ${hit.item}`}
          keywords={[found.query]}
          icon={<TextSearch />}
          onSelect={() =>
            onRun(() => openTab({ kind: 'session', session: hit.session, at: { item: hit.item, index: hit.index } }))
          }
          end={
            <span className="flex max-w-40 shrink-0 items-center gap-1 truncate text-xs text-faint">
              <MessageSquare size={12} aria-hidden />
              {hit.title}
            </span>
          }
        >
          {hit.excerpt}
        </Entry>
      ))}
    </Command.Group>
  )
}
