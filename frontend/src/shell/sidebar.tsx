import { PanelLeft, Plus, Search, Settings } from 'lucide-react'
import type { ReactElement } from 'react'
import { logOut, useUser } from '../accounts/index.ts'
import { toOctoError, useMuxState, usualRunner } from '../mux/index.ts'
import { SessionSidebar } from '../sessions/index.ts'
import { Button, cx, IconButton, Kbd, Menu, toast, Tooltip } from '../ui/index.ts'
import { openTab, toggleSidebar } from './navigation.ts'
import { openDialog } from './shell-dialogs.ts'

interface SidebarProps {
  /** On a phone it is a screen of its own and cannot be hidden. */
  readonly hideable: boolean
}

/** The left column: sessions, and at its foot the runner, the user and the settings. */
export function Sidebar({ hideable }: SidebarProps): ReactElement {
  return (
    <aside aria-label="Sidebar" className="flex min-h-0 flex-1 flex-col bg-bg">
      <div className="flex h-9 shrink-0 items-center gap-1 pr-1.5 pl-3.5">
        <span className="flex flex-1 items-center gap-2 text-sm font-semibold">
          <img src="/icon.svg" alt="" className="size-4" />
          octo
        </span>
        <IconButton
          size="small"
          label="Search everything"
          shortcut="mod+k"
          icon={<Search size={15} />}
          onClick={() => openDialog('palette')}
        />
        {hideable ? (
          <IconButton
            size="small"
            label="Hide sidebar"
            shortcut="mod+b"
            icon={<PanelLeft size={16} />}
            onClick={toggleSidebar}
          />
        ) : null}
      </div>
      <div className="shrink-0 px-2 pt-1 pb-2">
        <Button
          className="w-full justify-start! px-2!"
          icon={<Plus size={15} />}
          onClick={() => openTab({ kind: 'new', workspace: null })}
        >
          <span className="flex-1 text-left">New session</span>
          <Kbd keys="alt+n" className="pointer-coarse:hidden" />
        </Button>
      </div>
      <SessionSidebar onAddWorkspace={() => openDialog('add-workspace')} />
      <SidebarFoot />
    </aside>
  )
}

function SidebarFoot(): ReactElement {
  const { name } = useUser()
  const leave = (): void => {
    logOut().catch((error: unknown) => toast({ tone: 'failed', text: toOctoError(error).message }))
  }
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-t border-line px-2">
      <RunnerDot />
      <Menu
        side="top"
        entries={[
          { kind: 'item', label: 'Account…', onSelect: () => openTab({ kind: 'settings', page: 'account' }) },
          { kind: 'separator' },
          { kind: 'item', label: 'Log out', onSelect: leave },
        ]}
        trigger={
          <Button variant="quiet" className="min-w-0 flex-1 justify-start! px-1.5! font-normal!">
            <span className="truncate">{name}</span>
          </Button>
        }
      />
      <IconButton
        label="Settings"
        shortcut="mod+,"
        icon={<Settings size={16} />}
        onClick={() => openTab({ kind: 'settings', page: 'appearance' })}
      />
    </div>
  )
}

const RUNNER_LABELS = {
  ready: 'Your runner is ready',
  starting: 'Your runner is starting',
  lost: 'Your runner is not there',
} as const

function RunnerDot(): ReactElement {
  const state = useMuxState()
  const runner = usualRunner(state)
  const label = state.phase === 'ready' ? RUNNER_LABELS[runner?.state ?? 'starting'] : 'Not connected'
  const ready = runner?.state === 'ready'
  return (
    <Tooltip label={runner?.version === undefined ? label : `${label} (${runner.version})`} side="top">
      <span className="inline-flex size-6 items-center justify-center">
        <span className="sr-only">{label}</span>
        <span aria-hidden className={cx('size-2 rounded-full', ready ? 'bg-ok' : 'border-2 border-waiting')} />
      </span>
    </Tooltip>
  )
}
