import { Check, Copy } from 'lucide-react'
import type { ReactElement } from 'react'

import { IconButton } from './button.tsx'
import { useFlash } from './hooks.ts'
import { toast } from './toast-store.ts'

interface CopyButtonProps {
  /** The text, or a function that makes it when pressed. */
  readonly text: string | (() => string)
  readonly label?: string
  readonly className?: string
}

/** Copies text and says so. A browser that refuses is reported, not ignored. */
export function CopyButton({ text, label = 'Copy', className }: CopyButtonProps): ReactElement {
  const [copied, showCopied] = useFlash()
  const copy = (): void => {
    const value = typeof text === 'function' ? text() : text
    copyText(value).then(showCopied, () => {
      toast({ tone: 'failed', text: 'The browser did not allow copying. Select the text and copy it by hand.' })
    })
  }
  return (
    <IconButton
      size="small"
      label={copied ? 'Copied' : label}
      icon={copied ? <Check size={14} className="text-ok" /> : <Copy size={14} />}
      onClick={copy}
      {...(className === undefined ? {} : { className })}
    />
  )
}

/** Puts text on the clipboard; rejects when the page may not (no HTTPS, no permission). */
export async function copyText(text: string): Promise<void> {
  // Outside a secure context (plain HTTP to another machine) the API does not exist, but the old command does.
  if (navigator.clipboard === undefined) return copyBySelection(text)
  await navigator.clipboard.writeText(text)
}

function copyBySelection(text: string): void {
  const field = document.createElement('textarea')
  const focused = document.activeElement
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  if (!done) throw new Error('copy command refused')
}
