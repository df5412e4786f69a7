import '@xterm/xterm/css/xterm.css'
import './terminals.css'
import type { Terminal, TerminalId } from '@octo/protocol'
import { SquareTerminal } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { useMux } from '../mux/index.ts'
import { forgetTab, setTabTitle } from '../shell/navigation.ts'
import { Button, ConfirmDialog, ContextMenu, cx, EmptyState, ErrorState, Skeleton, useMedia } from '../ui/index.ts'
import type { MenuEntry } from '../ui/index.ts'
import { FindBar } from './find-bar.tsx'
import { KeyBar } from './key-bar.tsx'
import type { TerminalController } from './terminal-controller.ts'
import { TerminalHeader } from './terminal-header.tsx'
import { terminalList, terminalTitle, useTerminals } from './terminal-list.ts'
import { EndedBar, TerminalNotices } from './terminal-notices.tsx'
import { useController, useControllerState } from './use-controller.ts'

/** A terminal in a tab. */
export function TerminalPane({ id }: { readonly id: TerminalId }): ReactElement {
  const mux = useMux()
  const { entries, loaded, error } = useTerminals()
  const terminal = entries.get(id)
  if (terminal !== undefined) return <OpenTerminal key={id} terminal={terminal} />
  if (loaded) return <ClosedTerminal id={id} />
  if (error === null) return <Skeleton lines={6} label="Loading the terminal" className="p-6" />
  return (
    <ErrorState title="The terminal could not be loaded" onRetry={() => terminalList(mux).reload()}>
      {error.message}
    </ErrorState>
  )
}

function ClosedTerminal({ id }: { readonly id: TerminalId }): ReactElement {
  return (
    <EmptyState
      icon={<SquareTerminal />}
      title="This terminal is closed"
      action={<Button onClick={() => forgetTab({ kind: 'terminal', terminal: id })}>Close tab</Button>}
    >
      It was closed elsewhere, or the runner was started anew.
    </EmptyState>
  )
}

function OpenTerminal({ terminal }: { readonly terminal: Terminal }): ReactElement {
  const { host, controller } = useController(terminal)
  const touch = useMedia('(pointer: coarse)')
  const title = terminalTitle(terminal)
  useEffect(() => setTabTitle({ kind: 'terminal', terminal: terminal.id }, title), [terminal.id, title])
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <TerminalHeader terminal={terminal} controller={controller} />
      {terminal.state === 'ended' ? <EndedBar terminal={terminal} /> : null}
      <div className="relative flex min-h-0 flex-1">
        <TerminalMenu controller={controller}>
          <div className="terminal-frame">
            <TerminalHost host={host} controller={controller} label={title} />
          </div>
        </TerminalMenu>
        {controller === null ? null : <Floating terminal={terminal} controller={controller} />}
      </div>
      {touch && controller !== null && terminal.state === 'running' ? <KeyBar controller={controller} /> : null}
    </div>
  )
}

interface TerminalHostProps {
  readonly host: ReturnType<typeof useController>['host']
  readonly controller: TerminalController | null
  readonly label: string
}

function TerminalHost({ host, controller, label }: TerminalHostProps): ReactElement {
  return (
    <>
      <section ref={host} aria-label={label} className="terminal-host" />
      {controller === null ? null : <FirstDrawing controller={controller} />}
    </>
  )
}

/** Covers the terminal until its screen is there, so that it does not build up before the eyes. */
function FirstDrawing({ controller }: { readonly controller: TerminalController }): ReactElement | null {
  const { drawn, attachment } = useControllerState(controller)
  if (drawn) return null
  return (
    <div className="absolute inset-0 bg-surface">
      {attachment.phase === 'failed' ? (
        <ErrorState title="The terminal could not be shown" onRetry={() => controller.retry()}>
          {attachment.error.message}
        </ErrorState>
      ) : (
        <Skeleton lines={6} label="Loading the terminal" className="p-4" />
      )}
    </div>
  )
}

/** Right click: copy and paste, unless the program listens to the mouse; then Shift brings the menu. */
function TerminalMenu({
  controller,
  children,
}: {
  readonly controller: TerminalController | null
  readonly children: ReactElement
}): ReactElement {
  const [selected, setSelected] = useState(false)
  const entries: readonly MenuEntry[] = [
    { kind: 'item', label: 'Copy', disabled: !selected, onSelect: () => controller?.copySelection() },
    { kind: 'item', label: 'Paste', onSelect: () => void controller?.pasteFromClipboard() },
    { kind: 'item', label: 'Select all', onSelect: () => controller?.selectAll() },
    { kind: 'separator' },
    { kind: 'item', label: 'Find…', onSelect: () => controller?.showFind() },
    { kind: 'item', label: 'Clear history here', onSelect: () => controller?.clearHistory() },
  ]
  return (
    <div
      className="flex min-h-0 min-w-0 flex-1"
      onContextMenuCapture={(event) => {
        if (controller?.isMouseTaken() !== true || event.shiftKey) return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      <ContextMenu entries={entries} onOpenChange={() => setSelected(controller?.hasSelection() === true)}>
        {children}
      </ContextMenu>
    </div>
  )
}

interface FloatingProps {
  readonly terminal: Terminal
  readonly controller: TerminalController
}

/** What stands over the terminal for a while. */
function Floating({ terminal, controller }: FloatingProps): ReactElement {
  const { finding, paste } = useControllerState(controller)
  const lines = paste?.split(/\r\n|\r|\n/) ?? []
  return (
    <>
      <div className="pointer-events-none absolute top-2 right-4 left-4 z-10 flex flex-col items-end gap-2">
        {finding ? <FindBar controller={controller} /> : null}
        <TerminalNotices terminal={terminal} controller={controller} />
      </div>
      <ConfirmDialog
        open={paste !== null}
        onOpenChange={(open) => {
          if (!open && controller.state.paste !== null) controller.answerPaste(false)
        }}
        title={`Paste ${lines.length} lines?`}
        confirmLabel="Paste"
        onConfirm={() => controller.answerPaste(true)}
      >
        The program takes them as if you had typed them, so each line may run at once.
        <pre className={cx('mt-2 max-h-48 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs text-text')}>
          {lines.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARS)}
          {lines.length > SHOWN_LINES ? `\n… ${lines.length - SHOWN_LINES} more` : ''}
        </pre>
      </ConfirmDialog>
    </>
  )
}

/** Enough to see what would be pasted. */
const SHOWN_LINES = 20
const SHOWN_CHARS = 2_000
