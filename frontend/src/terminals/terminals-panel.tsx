import type { Terminal, Workspace } from '@octo/protocol'
import { Ellipsis, Plus, SquareTerminal } from 'lucide-react'
import { useMemo } from 'react'
import type { ReactElement } from 'react'
import { useMux } from '../mux/index.ts'
import { openTab, useNavigation } from '../shell/navigation.ts'
import { Button, cx, EmptyState, ErrorState, IconButton, Menu, RelativeTime, Skeleton } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import { useTerminalActions } from './terminal-actions.tsx'
import { openNewTerminal, terminalList, terminalTitle, useTerminals } from './terminal-list.ts'

/** The terminals there are, those of the current workspace first, and a button for another. */
export function TerminalsPanel({ workspace }: { readonly workspace: Workspace | null }): ReactElement {
  const mux = useMux()
  const { entries, loaded, error } = useTerminals()
  const groups = useGroups([...entries.values()], workspace)
  if (!loaded) {
    return error === null ? (
      <Skeleton lines={4} label="Loading terminals" className="p-4" />
    ) : (
      <ErrorState title="Terminals could not be loaded" onRetry={() => terminalList(mux).reload()}>
        {error.message}
      </ErrorState>
    )
  }
  const create = (): void => {
    if (workspace !== null) void openNewTerminal(mux, { workspace: workspace.id })
  }
  if (entries.size === 0) {
    return (
      <EmptyState
        icon={<SquareTerminal />}
        title="No terminals"
        action={
          <Button variant="primary" icon={<Plus size={14} />} disabled={workspace === null} onClick={create}>
            New terminal
          </Button>
        }
      >
        {workspace === null
          ? 'Add a workspace first.'
          : `A terminal runs a shell in ${workspace.name}. It goes on when you close its tab or your browser.`}
      </EmptyState>
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center justify-between gap-2 px-3 pt-2 pb-1">
        <span className="min-w-0 truncate text-xs text-faint">{workspace?.name}</span>
        <Button size="small" icon={<Plus size={13} />} disabled={workspace === null} onClick={create}>
          New terminal
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            {group.name === workspace?.name ? null : (
              <h3 className="px-2 pt-3 pb-1 text-2xs font-medium text-faint">{group.name}</h3>
            )}
            <ul>
              {group.terminals.map((terminal) => (
                <TerminalRow key={terminal.id} terminal={terminal} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  )
}

interface Group {
  readonly name: string
  readonly terminals: readonly Terminal[]
}

function useGroups(terminals: readonly Terminal[], current: Workspace | null): readonly Group[] {
  const workspaces = useWorkspaces().entries
  return useMemo(() => {
    const byWorkspace = Map.groupBy(terminals, (terminal) => terminal.workspace)
    const groups = [...byWorkspace].map(([id, members]) => ({
      name: workspaces.get(id)?.name ?? 'Another workspace',
      terminals: members.toSorted((a, b) => a.createdAt - b.createdAt),
      rank: id === current?.id ? 0 : 1,
    }))
    return groups.toSorted((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
  }, [terminals, current, workspaces])
}

function TerminalRow({ terminal }: { readonly terminal: Terminal }): ReactElement {
  const active = useNavigation((state) => state.active === `terminal:${terminal.id}`)
  const { entries, dialogs } = useTerminalActions(terminal)
  const title = terminalTitle(terminal)
  const running = terminal.state === 'running'
  return (
    <li className={cx('group flex items-center rounded-md pr-1 hover:bg-hover', active && 'bg-selected')}>
      <button
        type="button"
        aria-current={active}
        className="flex h-row min-w-0 flex-1 items-center gap-2 rounded-md pl-2 text-left text-sm"
        onClick={() => openTab({ kind: 'terminal', terminal: terminal.id })}
      >
        <SquareTerminal size={14} aria-hidden className={cx('shrink-0', running ? 'text-ok' : 'text-disabled')} />
        <span className={cx('min-w-0 flex-1 truncate', !running && 'text-muted')}>{title}</span>
        <span className="shrink-0 text-xs text-faint">
          {running ? <RelativeTime at={terminal.createdAt} /> : describeEnd(terminal)}
        </span>
      </button>
      <Menu
        align="end"
        entries={entries}
        trigger={<IconButton size="small" label={`Menu of ${title}`} icon={<Ellipsis size={14} />} />}
      />
      {dialogs}
    </li>
  )
}

/** How a program ended, in a few words. */
export function describeEnd(terminal: Pick<Terminal, 'exitCode' | 'signal'>): string {
  if (terminal.signal !== undefined) return `Ended by ${terminal.signal}`
  return terminal.exitCode === 0 ? 'Ended' : `Ended with code ${terminal.exitCode ?? '?'}`
}
