import type { Workspace } from '@octo/protocol'
import { MessageSquarePlus, Pencil, SquareTerminal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { useCommand, useMux } from '../mux/index.ts'
import { forgetTabs, openTab, showSide } from '../shell/navigation.ts'
import { Button, ConfirmDialog, Dialog, TextField } from '../ui/index.ts'
import type { MenuEntry } from '../ui/index.ts'
import { markUsed } from './workspace-list.ts'

interface WorkspaceActions {
  readonly entries: readonly MenuEntry[]
  /** Dialogs that the entries open; put them anywhere. */
  readonly dialogs: ReactNode
}

/** What can be done with a workspace. */
export function useWorkspaceActions(workspace: Workspace): WorkspaceActions {
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null)
  const close = (open: boolean): void => {
    if (!open) setDialog(null)
  }
  const entries: readonly MenuEntry[] = [
    {
      kind: 'item',
      label: 'New session',
      icon: <MessageSquarePlus />,
      onSelect: () => openTab({ kind: 'new', workspace: workspace.id }),
    },
    {
      kind: 'item',
      label: 'Show files and terminals',
      icon: <SquareTerminal />,
      onSelect: () => {
        markUsed(workspace.id)
        showSide('files')
      },
    },
    { kind: 'separator' },
    { kind: 'item', label: 'Rename…', icon: <Pencil />, onSelect: () => setDialog('rename') },
    { kind: 'item', label: 'Remove…', icon: <Trash2 />, danger: true, onSelect: () => setDialog('remove') },
  ]
  return {
    entries,
    dialogs: (
      <>
        {dialog === 'rename' ? <RenameDialog workspace={workspace} onOpenChange={close} /> : null}
        <RemoveDialog workspace={workspace} open={dialog === 'remove'} onOpenChange={close} />
      </>
    ),
  }
}

interface DialogProps {
  readonly workspace: Workspace
  readonly onOpenChange: (open: boolean) => void
}

function RenameDialog({ workspace, onOpenChange }: DialogProps): ReactElement {
  const [name, setName] = useState(workspace.name)
  const { busy, run } = useCommand('workspaces.rename')
  const save = (): void => {
    if (name.trim() !== '') run({ workspace: workspace.id, name: name.trim() }, () => onOpenChange(false))
  }
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      size="small"
      title="Rename workspace"
      description="Only how it is shown; the folder keeps its name."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" busy={busy} disabled={name.trim() === ''} onClick={save}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        maxLength={100}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) save()
        }}
      />
    </Dialog>
  )
}

function RemoveDialog({ workspace, open, onOpenChange }: DialogProps & { readonly open: boolean }): ReactElement {
  const mux = useMux()
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove “${workspace.name}”?`}
      confirmLabel="Remove workspace"
      danger
      onConfirm={async () => {
        await mux.command('workspaces.remove', { workspace: workspace.id })
        forgetTabs((target) => 'workspace' in target && target.workspace === workspace.id)
      }}
    >
      Its sessions and terminals end, and their history is deleted. The folder {workspace.path} and everything in it
      stays.
    </ConfirmDialog>
  )
}
