import { useState } from 'react'
import type { KeyboardEvent, ReactElement } from 'react'
import { toOctoError } from '../../mux/index.ts'
import { cx } from '../../ui/index.ts'
import { nameFault } from '../paths.ts'

interface NameFieldProps {
  readonly label: string
  readonly initial: string
  /** Gives the name; its failure is shown under the field. */
  readonly onSubmit: (name: string) => Promise<void>
  readonly onCancel: () => void
}

/** A name being typed in the place where it will stand. Enter gives it, Escape and leaving give up. */
export function NameField({ label, initial, onSubmit, onCancel }: NameFieldProps): ReactElement {
  const [name, setName] = useState(initial)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const fault = failure ?? (name === initial || name === '' ? null : nameFault(name))

  const submit = async (): Promise<void> => {
    if (name === initial) return onCancel()
    if (nameFault(name) !== null || busy) return setFailure(nameFault(name))
    setBusy(true)
    try {
      await onSubmit(name)
    } catch (error) {
      setFailure(toOctoError(error).message)
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // The tree has keys of its own for all of these.
    event.stopPropagation()
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') void submit()
    if (event.key === 'Escape') onCancel()
  }
  return (
    <span className="relative min-w-0 flex-1">
      <input
        ref={selectStem}
        value={name}
        aria-label={label}
        aria-invalid={fault !== null}
        disabled={busy}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        onChange={(event) => {
          setFailure(null)
          setName(event.target.value)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => (busy ? undefined : onCancel())}
        onClick={(event) => event.stopPropagation()}
        className={cx(
          'h-5.5 w-full rounded-sm border bg-surface px-1 text-sm outline-none pointer-coarse:h-8',
          fault === null ? 'border-focus' : 'border-failed',
        )}
      />
      {fault === null ? null : (
        <span role="alert" className="ui-float absolute inset-x-0 top-full z-10 mt-1 px-2 py-1 text-xs text-failed">
          {fault}
        </span>
      )}
    </span>
  )
}

/** As a ref: takes the keyboard, with the name selected up to its ending. */
function selectStem(field: HTMLInputElement | null): void {
  if (field === null) return
  field.focus({ preventScroll: true })
  const dot = field.value.lastIndexOf('.')
  field.setSelectionRange(0, dot > 0 ? dot : field.value.length)
}
