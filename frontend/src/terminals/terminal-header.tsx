import type { Terminal } from '@octo/protocol'
import { Ellipsis, Plus, Search, SquareTerminal } from 'lucide-react'
import type { ReactElement } from 'react'
import { useMux } from '../mux/index.ts'
import { IconButton, isApple, Menu, Tooltip } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import { useTerminalActions } from './terminal-actions.tsx'
import type { TerminalController } from './terminal-controller.ts'
import { openNewTerminal, terminalTitle } from './terminal-list.ts'

interface TerminalHeaderProps {
  readonly terminal: Terminal
  readonly controller: TerminalController | null
}

/** What the terminal is called, where it runs, and what can be done with it. */
export function TerminalHeader({ terminal, controller }: TerminalHeaderProps): ReactElement {
  const mux = useMux()
  const workspace = useWorkspaces().entries.get(terminal.workspace) ?? null
  const { entries, dialogs, rename } = useTerminalActions(terminal)
  const title = terminalTitle(terminal)
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 border-b border-line px-4">
      <SquareTerminal size={14} aria-hidden className="shrink-0 text-faint" />
      <h2 className="min-w-0">
        <Tooltip label="Rename">
          <button
            type="button"
            onClick={rename}
            className="block max-w-full truncate rounded-sm text-sm font-medium underline-offset-4 hover:underline"
          >
            {title}
          </button>
        </Tooltip>
      </h2>
      {workspace === null ? null : (
        <span className="min-w-0 shrink truncate text-xs text-faint max-sm:hidden" title={workspace.path}>
          {workspace.name}
        </span>
      )}
      <span className="flex-1" />
      <IconButton
        size="small"
        label="Find"
        shortcut={isApple() ? 'mod+f' : 'mod+shift+f'}
        icon={<Search size={14} />}
        disabled={controller === null}
        onClick={() => controller?.showFind()}
      />
      <IconButton
        size="small"
        label="New terminal"
        icon={<Plus size={15} />}
        onClick={() => void openNewTerminal(mux, { workspace: terminal.workspace })}
      />
      <Menu
        align="end"
        entries={entries}
        trigger={<IconButton size="small" label="Terminal menu" icon={<Ellipsis size={16} />} />}
      />
      {dialogs}
    </header>
  )
}
