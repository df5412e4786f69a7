import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'

import { Button, IconButton } from './button.tsx'
import { cx } from './cx.ts'

interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description?: ReactNode
  readonly children?: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
  readonly size?: 'small' | 'medium' | 'large'
  /** `alertdialog` for a question that stops the work. */
  readonly role?: 'dialog' | 'alertdialog'
}

const SIZES = { small: 'sm:max-w-sm', medium: 'sm:max-w-lg', large: 'sm:max-w-3xl' } as const

const PLACE =
  'ui-dialog fixed z-50 flex flex-col bg-raised text-text shadow-float focus:outline-none ' +
  'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-xl pb-[env(safe-area-inset-bottom)] ' +
  'sm:inset-x-4 sm:top-[12dvh] sm:bottom-auto sm:mx-auto sm:max-h-[76dvh] sm:rounded-xl sm:pb-0'

/** A dialog in the middle of the window, a sheet at the lower edge of a phone. Escape and the backdrop close it. */
export function Dialog({ open, onOpenChange, title, description, children, ...rest }: DialogProps): ReactElement {
  const { footer, size = 'medium', role = 'dialog' } = rest
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="ui-overlay fixed inset-0 z-40" />
        <Radix.Content
          role={role}
          className={cx(PLACE, SIZES[size])}
          onOpenAutoFocus={focusFirst}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-1">
            <Radix.Title className="min-w-0 flex-1 text-base font-semibold text-balance">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton size="small" label="Close" icon={<X size={16} />} className="-mr-2" />
            </Radix.Close>
          </header>
          {description === undefined ? null : (
            <Radix.Description className="px-5 text-sm text-pretty text-muted">{description}</Radix.Description>
          )}
          <div data-dialog-body className="min-h-0 flex-1 overflow-y-auto px-5 pt-3 pb-5">
            {children}
          </div>
          {footer === undefined ? null : (
            <footer data-dialog-footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The keyboard starts in the first field, else on the first button below, which is the harmless one. */
function focusFirst(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return
  const dialog = event.currentTarget
  const target =
    dialog.querySelector<HTMLElement>('[data-dialog-body] :is(input, textarea, select):not(:disabled)') ??
    dialog.querySelector<HTMLElement>('[data-dialog-footer] button:not(:disabled)')
  event.preventDefault()
  ;(target ?? dialog).focus()
}

interface ConfirmDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** The question, naming the thing: "Delete Fix login?" */
  readonly title: string
  /** What will be lost, and whether it can be had back. */
  readonly children?: ReactNode
  /** The act, never just "OK". */
  readonly confirmLabel: string
  readonly danger?: boolean
  /** Closes when it resolves; a rejection leaves the dialog open, showing its message. */
  readonly onConfirm: () => Promise<void> | void
}

/** Asks before an act that cannot be undone. */
export function ConfirmDialog({
  onConfirm,
  confirmLabel,
  children,
  danger = false,
  ...rest
}: ConfirmDialogProps): ReactElement {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const close = (open: boolean): void => {
    setFailure(null)
    rest.onOpenChange(open)
  }
  const confirm = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await onConfirm()
      close(false)
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  const footer = (
    <>
      <Button onClick={() => close(false)}>Cancel</Button>
      <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void confirm()}>
        {confirmLabel}
      </Button>
    </>
  )
  return (
    <Dialog {...rest} onOpenChange={close} size="small" role="alertdialog" footer={footer}>
      <div className="text-sm text-pretty text-muted">{children}</div>
      {failure === null ? null : (
        <p role="alert" className="mt-3 text-sm text-failed">
          {failure}
        </p>
      )}
    </Dialog>
  )
}
