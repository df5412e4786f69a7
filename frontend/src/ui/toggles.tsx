import type { ReactElement, ReactNode } from 'react'
import { useId } from 'react'

import { cx } from './cx.ts'

interface ToggleProps {
  readonly label: ReactNode
  readonly checked: boolean
  readonly onCheckedChange: (checked: boolean) => void
  readonly hint?: ReactNode
  readonly disabled?: boolean
  readonly className?: string
}

/** A box to tick, with its label. */
export function Checkbox({ label, checked, onCheckedChange, hint, ...rest }: ToggleProps): ReactElement {
  const { disabled = false, className } = rest
  const id = useId()
  return (
    <div className={cx('flex min-h-row items-start gap-2 py-1', className)}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className="ui-checkbox mt-0.5"
      />
      <ToggleText id={id} label={label} hint={hint} disabled={disabled} />
    </div>
  )
}

/** On or off, at once and without a save button. The label stands left, the switch right. */
export function Switch({ label, checked, onCheckedChange, hint, ...rest }: ToggleProps): ReactElement {
  const { disabled = false, className } = rest
  const id = useId()
  return (
    <div className={cx('flex min-h-row items-start justify-between gap-4 py-1', className)}>
      <ToggleText id={id} label={label} hint={hint} disabled={disabled} />
      <input
        id={id}
        type="checkbox"
        // A native checkbox says its state itself.
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props
        role="switch"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className="ui-switch mt-0.5"
      />
    </div>
  )
}

interface ToggleTextProps {
  readonly id: string
  readonly label: ReactNode
  readonly hint: ReactNode
  readonly disabled: boolean
}

function ToggleText({ id, label, hint, disabled }: ToggleTextProps): ReactElement {
  return (
    <span className="min-w-0">
      <label htmlFor={id} className={cx('block text-sm', disabled && 'text-disabled')}>
        {label}
      </label>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className="block text-xs text-pretty text-faint">
          {hint}
        </span>
      )}
    </span>
  )
}

interface SegmentedProps<V extends string> {
  readonly label: string
  readonly value: V
  readonly onValueChange: (value: V) => void
  readonly options: readonly { readonly value: V; readonly label: string; readonly icon?: ReactNode }[]
  readonly className?: string
}

/** One of two to four values, all visible. Arrow keys move, as in any group of radio buttons. */
export function Segmented<V extends string>({
  label,
  value,
  onValueChange,
  options,
  className,
}: SegmentedProps<V>): ReactElement {
  const name = useId()
  return (
    <fieldset className={cx('inline-flex rounded-md bg-hover p-0.5', className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="relative flex h-6 items-center gap-1.5 rounded-sm px-2.5 text-xs text-muted select-none has-checked:bg-thumb has-checked:text-text has-checked:shadow-small has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:h-9"
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onValueChange(option.value)}
            className="absolute inset-0 appearance-none outline-none"
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
