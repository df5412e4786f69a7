import type { Terminal } from '@octo/protocol'
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { useCommand, useMux } from '../mux/index.ts'
import { forgetTab } from '../shell/navigation.ts'
import { Button, ConfirmDialog, Dialog, TextField } from '../ui/index.ts'
import type { MenuEntry } from '../ui/index.ts'
import { closeTerminal, terminalTitle } from './terminal-list.ts'

interface TerminalActions {
  readonly entries: readonly MenuEntry[]
  /** Dialogs that the entries open; put them anywhere. */
  readonly dialogs: ReactNode
  readonly rename: () => void
}

/** What can be done with a terminal, for its header and its row in the list. */
export function useTerminalActions(terminal: Terminal): TerminalActions {
  const mux = useMux()
  const [dialog, setDialog] = useState<'rename' | 'close' | null>(null)
  const dismiss = (open: boolean): void => {
    if (!open) setDialog(null)
  }
  const close = async (): Promise<void> => {
    if (await closeTerminal(mux, terminal.id)) forgetTab({ kind: 'terminal', terminal: terminal.id })
  }
  const closing: MenuEntry =
    terminal.state === 'ended'
      ? { kind: 'item', label: 'Close terminal', icon: <Trash2 />, onSelect: () => void close() }
      : { kind: 'item', label: 'Close terminal…', icon: <Trash2 />, danger: true, onSelect: () => setDialog('close') }
  return {
    rename: () => setDialog('rename'),
    entries: [
      { kind: 'item', label: 'Rename…', icon: <Pencil />, onSelect: () => setDialog('rename') },
      { kind: 'separator' },
      closing,
    ],
    dialogs: (
      <>
        {dialog === 'rename' ? <RenameDialog terminal={terminal} onOpenChange={dismiss} /> : null}
        <ConfirmDialog
          open={dialog === 'close'}
          onOpenChange={dismiss}
          title={`Close “${terminalTitle(terminal)}”?`}
          confirmLabel="Close terminal"
          danger
          onConfirm={close}
        >
          Its shell and everything that was started in it are ended, in the background too. To only put it out of sight,
          close its tab.
        </ConfirmDialog>
      </>
    ),
  }
}

interface RenameDialogProps {
  readonly terminal: Terminal
  readonly onOpenChange: (open: boolean) => void
}

function RenameDialog({ terminal, onOpenChange }: RenameDialogProps): ReactElement {
  const [name, setName] = useState(terminalTitle(terminal))
  const { busy, run } = useCommand('terminals.rename')
  const trimmed = name.trim()
  const save = (): void => {
    if (trimmed !== '') run({ terminal: terminal.id, name: trimmed }, () => onOpenChange(false))
  }
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      size="small"
      title="Rename terminal"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" busy={busy} disabled={trimmed === ''} onClick={save}>
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
