import { CircleAlert, CircleCheck, X } from 'lucide-react'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'

import { Button, IconButton } from './button.tsx'
import { dismissToast, useToasts } from './toast-store.ts'
import type { ToastEntry } from './toast-store.ts'

/** Reading time of one line; twice that where there is something to decide. */
const READ_MS = 5_000

/** Place once, near the root. Notices wait while the pointer or the focus is on them. */
export function Toaster(): ReactElement {
  const toasts = useToasts((state) => state.toasts)
  const [held, setHeld] = useState(false)
  return (
    // The handlers only hold the clock; there is nothing here to operate.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      aria-label="Notices"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-[max(16px,env(safe-area-inset-bottom))] z-60 flex flex-col items-center gap-2 px-4 max-md:bottom-20"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toasts.map((entry) => (
        <Toast key={entry.id} entry={entry} held={held} />
      ))}
    </section>
  )
}

function Toast({ entry, held }: { readonly entry: ToastEntry; readonly held: boolean }): ReactElement {
  const { id, text, tone = 'neutral', action } = entry
  const durationMs = entry.durationMs === undefined ? READ_MS * (action || tone === 'failed' ? 2 : 1) : entry.durationMs
  useEffect(() => {
    if (held || durationMs === null) return
    const timer = setTimeout(() => dismissToast(id), durationMs)
    return () => clearTimeout(timer)
  }, [held, durationMs, id])
  const act = (): void => {
    action?.onAction()
    dismissToast(id)
  }
  return (
    <div className="ui-float pointer-events-auto flex min-h-10 max-w-full items-center gap-2 rounded-lg py-1 pr-1 pl-3 text-sm sm:max-w-md">
      {tone === 'ok' ? <CircleCheck size={16} className="shrink-0 text-ok" aria-hidden /> : null}
      {tone === 'failed' ? <CircleAlert size={16} className="shrink-0 text-failed" aria-hidden /> : null}
      <p className="min-w-0 flex-1 py-1 pr-2 break-words">{text}</p>
      {action === undefined ? null : (
        <Button size="small" variant="quiet" className="text-accent-text" onClick={act}>
          {action.label}
        </Button>
      )}
      <IconButton size="small" label="Dismiss" icon={<X size={14} />} onClick={() => dismissToast(id)} />
    </div>
  )
}
