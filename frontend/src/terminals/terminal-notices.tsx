import type { Terminal } from '@octo/protocol'
import { ClipboardPaste, Maximize2, RotateCw, WifiOff } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { toOctoError, useMux } from '../mux/index.ts'
import { forgetTab, replaceTab } from '../shell/navigation.ts'
import { Banner, Button, formatPlural, toast, useDelayed } from '../ui/index.ts'
import type { TerminalController } from './terminal-controller.ts'
import { closeTerminal, createTerminal } from './terminal-list.ts'
import { describeEnd } from './terminals-panel.tsx'
import { useControllerState } from './use-controller.ts'

interface TerminalNoticesProps {
  readonly terminal: Terminal
  readonly controller: TerminalController
}

/**
 * What the user should know about this terminal. It floats, because a bar in the flow would change the terminal's size,
 * and have the program in it draw everything anew.
 */
export function TerminalNotices({ terminal, controller }: TerminalNoticesProps): ReactElement {
  const { attachment, drawn, clipboard } = useControllerState(controller)
  return (
    <>
      {attachment.phase === 'waiting' && drawn ? <Reconnecting /> : null}
      {attachment.phase === 'failed' && drawn ? (
        <Floating>
          <Banner
            tone="failed"
            action={
              <Button size="small" onClick={() => controller.retry()}>
                Try again
              </Button>
            }
          >
            {attachment.error.message}
          </Banner>
        </Floating>
      ) : null}
      {clipboard === null ? null : <ClipboardQuestion text={clipboard} controller={controller} />}
      {terminal.state === 'running' ? <OtherSize terminal={terminal} controller={controller} /> : null}
    </>
  )
}

function Floating({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className="ui-float pointer-events-auto max-w-full overflow-hidden">{children}</div>
}

/** A cut that is over before it is noticed is not worth a word. */
const RECONNECTING_AFTER_MS = 800

function Reconnecting(): ReactElement | null {
  const due = useDelayed(RECONNECTING_AFTER_MS)
  if (!due) return null
  return (
    <Floating>
      <Banner icon={<WifiOff />}>Reconnecting. The terminal goes on, and what you type is kept.</Banner>
    </Floating>
  )
}

interface ClipboardQuestionProps {
  readonly text: string
  readonly controller: TerminalController
}

function ClipboardQuestion({ text, controller }: ClipboardQuestionProps): ReactElement {
  return (
    <Floating>
      <Banner
        tone="waiting"
        icon={<ClipboardPaste />}
        onDismiss={() => controller.answerClipboard('no')}
        action={
          <>
            <Button size="small" onClick={() => controller.answerClipboard('once')}>
              Copy
            </Button>
            <Button size="small" variant="quiet" onClick={() => controller.answerClipboard('always')}>
              Always here
            </Button>
          </>
        }
      >
        A program wants to put {formatPlural(text.length, 'character')} on your clipboard:{' '}
        <code className="font-mono break-all">{preview(text)}</code>
      </Banner>
    </Floating>
  )
}

const PREVIEW_CHARS = 60

function preview(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > PREVIEW_CHARS ? `${line.slice(0, PREVIEW_CHARS)}…` : line
}

/** Whoever typed last decides the size; the others see that they do not. */
function OtherSize({ terminal, controller }: TerminalNoticesProps): ReactElement | null {
  const { room, attachment } = useControllerState(controller)
  const own = room === null || (room.cols === terminal.cols && room.rows === terminal.rows)
  return own || attachment.phase !== 'live' ? null : <OtherSizeBar terminal={terminal} />
}

/** Longer than it takes to tell the runner a new size. */
const OTHER_SIZE_AFTER_MS = 1_000

function OtherSizeBar({ terminal }: { readonly terminal: Terminal }): ReactElement | null {
  const due = useDelayed(OTHER_SIZE_AFTER_MS)
  if (!due) return null
  return (
    <Floating>
      <Banner icon={<Maximize2 />}>
        Another window has set the size to {terminal.cols} × {terminal.rows}. Type here to take it over.
      </Banner>
    </Floating>
  )
}

/** How the program ended, and what can be done about it. */
export function EndedBar({ terminal }: { readonly terminal: Terminal }): ReactElement {
  const mux = useMux()
  const [busy, setBusy] = useState(false)
  const target = { kind: 'terminal', terminal: terminal.id } as const
  const startAgain = async (): Promise<void> => {
    setBusy(true)
    try {
      const next = await createTerminal(mux, { workspace: terminal.workspace, name: terminal.name })
      replaceTab(`terminal:${terminal.id}`, { kind: 'terminal', terminal: next.id })
      await closeTerminal(mux, terminal.id)
    } catch (error) {
      toast({ tone: 'failed', text: toOctoError(error).message })
    } finally {
      setBusy(false)
    }
  }
  const close = async (): Promise<void> => {
    if (await closeTerminal(mux, terminal.id)) forgetTab(target)
  }
  return (
    <Banner
      tone={terminal.exitCode === 0 ? 'neutral' : 'waiting'}
      action={
        <>
          <Button size="small" icon={<RotateCw size={12} />} busy={busy} onClick={() => void startAgain()}>
            Start again
          </Button>
          <Button size="small" variant="quiet" onClick={() => void close()}>
            Close
          </Button>
        </>
      }
    >
      {describeEnd(terminal)}. Its last screen stays until you close it.
    </Banner>
  )
}
