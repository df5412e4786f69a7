import type { SessionId } from '@octo/protocol'
import { Archive, ArchiveRestore, FoldVertical, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { useCommand, useMux } from '../mux/index.ts'
import { forgetTab } from '../shell/navigation.ts'
import { Button, ConfirmDialog, Dialog, TextField, toast } from '../ui/index.ts'
import type { MenuEntry } from '../ui/index.ts'
import { forgetDraft } from './drafts.ts'

/** What acting on a session needs of it. */
export interface ActionTarget {
  readonly id: SessionId
  readonly title: string
  readonly archived: boolean
  /** Whether it can be compacted; unknown where only the list is at hand. */
  readonly compacts?: boolean
}

interface SessionActions {
  readonly entries: readonly MenuEntry[]
  /** Dialogs that the entries open; put them anywhere. */
  readonly dialogs: ReactNode
  readonly rename: () => void
}

/** What can be done with a session, for its header, its row in the list and its context menu. */
export function useSessionActions(target: ActionTarget): SessionActions {
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null)
  const archive = useCommand('sessions.archive')
  const compact = useCommand('sessions.compact')
  const setArchived = (archived: boolean): void =>
    archive.run({ session: target.id, archived }, () => {
      if (!archived) return
      forgetTab({ kind: 'session', session: target.id })
      const undo = { label: 'Undo', onAction: () => archive.run({ session: target.id, archived: false }) }
      toast({ text: `Archived “${target.title}”.`, action: undo })
    })
  const close = (open: boolean): void => {
    if (!open) setDialog(null)
  }
  const entries: MenuEntry[] = [
    { kind: 'item', label: 'Rename…', icon: <Pencil />, onSelect: () => setDialog('rename') },
    ...(target.compacts === true
      ? [
          {
            kind: 'item' as const,
            label: 'Compact the context',
            icon: <FoldVertical />,
            onSelect: () => compact.run({ session: target.id }),
          },
        ]
      : []),
    target.archived
      ? { kind: 'item', label: 'Take out of the archive', icon: <ArchiveRestore />, onSelect: () => setArchived(false) }
      : { kind: 'item', label: 'Archive', icon: <Archive />, onSelect: () => setArchived(true) },
    { kind: 'separator' },
    { kind: 'item', label: 'Delete…', icon: <Trash2 />, danger: true, onSelect: () => setDialog('delete') },
  ]
  return {
    entries,
    rename: () => setDialog('rename'),
    dialogs: (
      <>
        {dialog === 'rename' ? <RenameDialog target={target} onOpenChange={close} /> : null}
        <DeleteDialog target={target} open={dialog === 'delete'} onOpenChange={close} />
      </>
    ),
  }
}

interface RenameDialogProps {
  readonly target: ActionTarget
  readonly onOpenChange: (open: boolean) => void
}

function RenameDialog({ target, onOpenChange }: RenameDialogProps): ReactElement {
  const [title, setTitle] = useState(target.title)
  const { busy, run } = useCommand('sessions.rename')
  const save = (): void => {
    if (title.trim() !== '') run({ session: target.id, title: title.trim() }, () => onOpenChange(false))
  }
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      size="small"
      title="Rename session"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" busy={busy} disabled={title.trim() === ''} onClick={save}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Title"
        value={title}
        maxLength={200}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) save()
        }}
      />
    </Dialog>
  )
}

interface DeleteDialogProps extends RenameDialogProps {
  readonly open: boolean
}

function DeleteDialog({ target, open, onOpenChange }: DeleteDialogProps): ReactElement {
  const mux = useMux()
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete “${target.title}”?`}
      confirmLabel="Delete session"
      danger
      onConfirm={async () => {
        await mux.command('sessions.delete', { session: target.id })
        forgetTab({ kind: 'session', session: target.id })
        forgetDraft(target.id)
      }}
    >
      Its whole transcript, its queue and its attachments are deleted, and cannot be had back. Files in the workspace
      stay as they are. To only put it out of sight, archive it.
    </ConfirmDialog>
  )
}
