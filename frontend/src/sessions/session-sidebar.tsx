import type { SessionSummary, Workspace } from '@octo/protocol'
import { Archive, ArchiveX, ChevronRight, Ellipsis, FolderPlus, Inbox, Plus, Search, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { KeyboardEvent, ReactElement } from 'react'
import { openTab, useNavigation } from '../shell/navigation.ts'
import {
  Badge,
  Button,
  ContextMenu,
  cx,
  EmptyState,
  ErrorState,
  IconButton,
  Menu,
  formatExactTime,
  Skeleton,
  StateDot,
  useNow,
} from '../ui/index.ts'
import { useWorkspaceActions, useWorkspaces } from '../workspaces/index.ts'
import { useUnread } from './seen.ts'
import { useSessionActions } from './session-actions.tsx'
import type { SessionGroup } from './session-list.ts'
import { formatAge } from './format-age.ts'
import { dotOf, groupSessions, sessionList, useSessions, waitingSessions } from './session-list.ts'
import { useMux } from '../mux/index.ts'

/** Sessions of a group shown before "Show all": the older ones are found by the filter. */
const FIRST_SESSIONS = 12

interface SessionSidebarProps {
  readonly onAddWorkspace: () => void
}

/** All sessions by workspace, what waits for the user on top. */
export function SessionSidebar({ onAddWorkspace }: SessionSidebarProps): ReactElement {
  const [filter, setFilter] = useState('')
  const [archived, setArchived] = useState(false)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-1 px-2 pb-1">
        <FilterField value={filter} placeholder={archived ? 'Filter archived' : 'Filter'} onChange={setFilter} />
        <IconButton
          label={archived ? 'Show current sessions' : 'Show archived sessions'}
          icon={archived ? <ArchiveX size={15} /> : <Archive size={15} />}
          pressed={archived}
          onClick={() => setArchived(!archived)}
        />
        <IconButton label="Add workspace" icon={<FolderPlus size={15} />} onClick={onAddWorkspace} />
      </div>
      <SessionGroups filter={filter} archived={archived} />
    </div>
  )
}

interface FilterFieldProps {
  readonly value: string
  readonly placeholder: string
  readonly onChange: (value: string) => void
}

/** Without a frame of its own until it is used: the list is what is looked at. */
function FilterField({ value, placeholder, onChange }: FilterFieldProps): ReactElement {
  return (
    <label className="flex h-control min-w-0 flex-1 items-center gap-2 rounded-md pr-1 pl-2 text-faint focus-within:bg-sunken focus-within:outline-1 focus-within:outline-focus hover:bg-hover">
      <Search size={14} aria-hidden className="shrink-0" />
      <span className="sr-only">Filter sessions</span>
      <input
        value={value}
        placeholder={placeholder}
        className="min-w-0 flex-1 bg-transparent text-sm text-text outline-none"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('')
          if (event.key === 'ArrowDown') focusFirstRow(event)
        }}
      />
      {value === '' ? null : (
        <IconButton size="small" label="Clear" icon={<X size={13} />} onClick={() => onChange('')} />
      )}
    </label>
  )
}

function focusFirstRow(event: KeyboardEvent): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('[data-session-row]')?.focus()
}

interface SessionGroupsProps {
  readonly filter: string
  readonly archived: boolean
}

function SessionGroups({ filter, archived }: SessionGroupsProps): ReactElement {
  const mux = useMux()
  const { entries, loaded, error } = useSessions()
  const workspaces = useWorkspaces()
  // Without their names every workspace would look removed for a moment.
  const named = workspaces.loaded || workspaces.error !== null
  const groups = useMemo(() => groupSessions(entries.values(), { filter, archived }), [entries, filter, archived])
  const waiting = useMemo(() => waitingSessions(entries.values()), [entries])
  if (!loaded || !named) {
    return error === null ? (
      <Skeleton lines={8} label="Loading sessions" className="px-4 pt-3" />
    ) : (
      <ErrorState title="Sessions could not be loaded" onRetry={() => sessionList(mux).reload()}>
        {error.message}
      </ErrorState>
    )
  }
  const shown = orderGroups(groups, workspaces.entries, filter !== '' || archived)
  return (
    // Arrow keys move between the rows, as in any list; the rows themselves are buttons.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <nav aria-label="Sessions" className="min-h-0 flex-1 overflow-y-auto pb-2" onKeyDown={moveBetweenRows}>
      {waiting.length > 0 && filter === '' && !archived ? <WaitingSection sessions={waiting} /> : null}
      {shown.map((group) => (
        <WorkspaceGroup
          key={group.workspace}
          group={group}
          workspace={workspaces.entries.get(group.workspace) ?? null}
          filtered={filter !== ''}
        />
      ))}
      {shown.length === 0 ? <NothingHere filter={filter} archived={archived} /> : null}
    </nav>
  )
}

/**
 * Groups stand by the name of their workspace, so that they stay where they are while agents work. A workspace without
 * sessions is listed too: it is where the first one begins.
 */
function orderGroups(
  groups: readonly SessionGroup[],
  workspaces: ReadonlyMap<string, Workspace>,
  narrowed: boolean,
): readonly SessionGroup[] {
  const known = new Set<string>(groups.map((group) => group.workspace))
  const empty = narrowed ? [] : [...workspaces.values()].filter(({ id }) => !known.has(id))
  const nameOf = ({ workspace }: SessionGroup): string => workspaces.get(workspace)?.name ?? '\uffff'
  return [...groups, ...empty.map(({ id }) => ({ workspace: id, sessions: [] }))].toSorted((a, b) =>
    nameOf(a).localeCompare(nameOf(b)),
  )
}

function NothingHere({ filter, archived }: SessionGroupsProps): ReactElement {
  if (filter !== '') return <EmptyState title="No session matches" />
  return archived ? (
    <EmptyState title="Nothing is archived" />
  ) : (
    <EmptyState title="No sessions yet">Add a workspace, then describe a task.</EmptyState>
  )
}

function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-session-row]')]
  const at = rows.findIndex((row) => row === document.activeElement)
  if (at < 0) return
  event.preventDefault()
  rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

function WaitingSection({ sessions }: { readonly sessions: readonly SessionSummary[] }): ReactElement {
  return (
    <section aria-label="Waiting for you" className="mb-1 border-b border-line pb-1">
      <h3 className="flex h-7 items-center gap-2 pr-1 pl-3 text-xs font-medium text-waiting">
        <Inbox size={14} aria-hidden />
        <span className="flex-1">Waiting for you</span>
        <Button size="small" variant="quiet" onClick={() => openTab({ kind: 'inbox' })}>
          Answer
        </Button>
      </h3>
      {sessions.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </section>
  )
}

interface WorkspaceGroupProps {
  readonly group: SessionGroup
  readonly workspace: Workspace | null
  readonly filtered: boolean
}

function WorkspaceGroup({ group, workspace, filtered }: WorkspaceGroupProps): ReactElement {
  const [open, setOpen] = useState(true)
  const [whole, setWhole] = useState(false)
  const shown = whole || filtered ? group.sessions : group.sessions.slice(0, FIRST_SESSIONS)
  const hidden = group.sessions.length - shown.length
  const name = workspace?.name ?? 'A removed workspace'
  return (
    <section aria-label={name}>
      <div className="group/head flex h-8 items-center gap-0.5 pr-1 pl-1.5 pointer-coarse:h-10">
        <button
          type="button"
          aria-expanded={open}
          title={workspace?.path}
          onClick={() => setOpen(!open)}
          className="flex h-6 min-w-0 flex-1 items-center gap-1 rounded-sm px-1 text-xs font-medium text-muted hover:text-text pointer-coarse:h-10"
        >
          <ChevronRight size={12} aria-hidden className={cx('shrink-0 transition-transform', open && 'rotate-90')} />
          <span className="truncate">{name}</span>
          {workspace?.present === false ? <Badge tone="failed">missing</Badge> : null}
        </button>
        {workspace === null ? null : <WorkspaceButtons workspace={workspace} />}
      </div>
      {open ? shown.map((session) => <SessionRow key={session.id} session={session} />) : null}
      {open && hidden > 0 ? (
        <Button size="small" variant="quiet" className="ml-6" onClick={() => setWhole(true)}>
          {`Show ${hidden.toLocaleString('en-US')} more`}
        </Button>
      ) : null}
    </section>
  )
}

function WorkspaceButtons({ workspace }: { readonly workspace: Workspace }): ReactElement {
  const { entries, dialogs } = useWorkspaceActions(workspace)
  return (
    <>
      <span className="flex opacity-0 group-focus-within/head:opacity-100 group-hover/head:opacity-100 has-[[data-state=open]]:opacity-100 pointer-coarse:opacity-100">
        <Menu
          align="end"
          entries={entries}
          trigger={<IconButton size="small" label={`${workspace.name} menu`} icon={<Ellipsis size={14} />} />}
        />
      </span>
      <IconButton
        size="small"
        label={`New session in ${workspace.name}`}
        icon={<Plus size={14} />}
        onClick={() => openTab({ kind: 'new', workspace: workspace.id })}
      />
      {dialogs}
    </>
  )
}

/** One session: its state, its title, when it last changed. A single press looks at it, a double one keeps its tab. */
function SessionRow({ session }: { readonly session: SessionSummary }): ReactElement {
  const unread = useUnread()(session)
  const active = useNavigation(({ active: key }) => key === `session:${session.id}`)
  const { entries, dialogs } = useSessionActions(session)
  return (
    <>
      <ContextMenu entries={entries}>
        <div className="group/row relative mx-1.5">
          <button
            type="button"
            data-session-row
            aria-current={active ? 'page' : undefined}
            onClick={() => openTab({ kind: 'session', session: session.id }, { preview: true })}
            onDoubleClick={() => openTab({ kind: 'session', session: session.id })}
            className={cx(
              'flex h-row w-full items-center gap-2 rounded-md pr-2 pl-3 text-left text-sm',
              active ? 'bg-selected text-text' : 'text-muted hover:bg-hover hover:text-text',
            )}
          >
            <StateDot state={dotOf(session, unread && !active)} />
            <span className={cx('min-w-0 flex-1 truncate', unread && !active && 'font-medium text-text')}>
              {session.title}
            </span>
            {session.queued > 0 ? <Badge title={`${session.queued} queued`}>{session.queued}</Badge> : null}
            <Age
              at={session.updatedAt}
              className="group-focus-within/row:opacity-0 group-hover/row:opacity-0 pointer-coarse:opacity-100!"
            />
          </button>
          <span className="absolute inset-y-0 right-1 flex items-center opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-[[data-state=open]]:opacity-100 pointer-coarse:hidden">
            <Menu
              align="end"
              entries={entries}
              trigger={<IconButton size="small" label={`${session.title} menu`} icon={<Ellipsis size={14} />} />}
            />
          </span>
        </div>
      </ContextMenu>
      {dialogs}
    </>
  )
}

/** When it changed, as short as can be: the title needs the room. */
function Age({ at, className }: { readonly at: number; readonly className: string }): ReactElement {
  const now = useNow()
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={formatExactTime(at)}
      className={cx('shrink-0 text-2xs text-faint tabular-nums', className)}
    >
      {formatAge(at, now)}
    </time>
  )
}
