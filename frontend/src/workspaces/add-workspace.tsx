import { useCallback, useState } from 'react'
import type { ReactElement } from 'react'
import { useCommand } from '../mux/index.ts'
import { openTab } from '../shell/navigation.ts'
import { Button, Dialog } from '../ui/index.ts'
import { FolderBrowser } from './folder-browser.tsx'
import { markUsed } from './workspace-list.ts'

/** Choosing a folder, and making it a workspace. */
function useChooser(onAdded: () => void): { browser: ReactElement; button: ReactElement; path: string | null } {
  const [path, setPath] = useState<string | null>(null)
  const [newFolder, setNewFolder] = useState<string | null>(null)
  const { busy, run } = useCommand('workspaces.add')
  const onPath = useCallback((opened: string) => setPath(opened), [])
  const name = newFolder?.trim() ?? ''
  const add = (): void => {
    if (path === null) return
    const chosen = name === '' ? { path } : { path: `${path === '/' ? '' : path}/${name}`, create: true }
    run(chosen, (workspace) => {
      markUsed(workspace.id)
      openTab({ kind: 'new', workspace: workspace.id })
      onAdded()
    })
  }
  return {
    path,
    browser: <FolderBrowser onPath={onPath} newFolder={newFolder} onNewFolder={setNewFolder} />,
    button: (
      <Button
        variant="primary"
        busy={busy}
        disabled={path === null || (newFolder !== null && name === '')}
        onClick={add}
      >
        {newFolder === null ? 'Work in this folder' : 'Make it and work there'}
      </Button>
    ),
  }
}

interface AddWorkspaceDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export function AddWorkspaceDialog({ open, onOpenChange }: AddWorkspaceDialogProps): ReactElement | null {
  return open ? <OpenDialog onOpenChange={onOpenChange} /> : null
}

function OpenDialog({ onOpenChange }: Omit<AddWorkspaceDialogProps, 'open'>): ReactElement {
  const { browser, button } = useChooser(() => onOpenChange(false))
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title="Add workspace"
      description="A folder on the machine that sessions, terminals and files belong to."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          {button}
        </>
      }
    >
      {browser}
    </Dialog>
  )
}

/** The first thing a new user sees: where to work. */
export function FirstWorkspace(): ReactElement {
  const { browser, button, path } = useChooser(() => undefined)
  return (
    <div className="h-full min-h-0 flex-1 overflow-y-auto bg-surface">
      <div className="mx-auto flex w-full max-w-xl flex-col gap-4 px-4 py-[8dvh]">
        <div>
          <h1 className="text-xl font-semibold">Where do you want to work?</h1>
          <p className="mt-1 text-sm text-pretty text-muted">
            Choose a folder on this machine. Agents, terminals and files work in it. You can add more later.
          </p>
        </div>
        {browser}
        <div className="flex items-center justify-between gap-3">
          <span className="min-w-0 truncate text-xs text-faint">{path}</span>
          {button}
        </div>
      </div>
    </div>
  )
}
