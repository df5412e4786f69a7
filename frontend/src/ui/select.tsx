import { Check, ChevronDown } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { useId } from 'react'

import { cx } from './cx.ts'

export interface SelectOption {
  readonly value: string
  readonly label: string
  /** A second, quieter line. */
  readonly hint?: string
  readonly icon?: ReactNode
  readonly disabled?: boolean
}

interface SelectProps {
  readonly label: string
  /** Shows the label above; otherwise it is for screen readers only. */
  readonly showLabel?: boolean
  readonly value: string
  readonly onValueChange: (value: string) => void
  readonly options: readonly SelectOption[]
  /** Stands where no option has the value. */
  readonly placeholder?: string
  readonly disabled?: boolean
  /** `quiet` has no border, for toolbars and the composer. */
  readonly variant?: 'default' | 'quiet'
  readonly className?: string
}

const TRIGGERS = {
  default: 'h-control border border-line-control bg-surface px-2',
  quiet: 'h-7 px-1.5 text-muted hover:bg-hover hover:text-text data-[state=open]:bg-pressed pointer-coarse:h-10',
} as const

/** One value out of a short list. For long or searchable lists use a popover with a filter. */
export function Select({
  label,
  showLabel = false,
  value,
  onValueChange,
  options,
  ...rest
}: SelectProps): ReactElement {
  const { placeholder = 'Choose', disabled = false, variant = 'default', className } = rest
  const id = useId()
  const chosen = options.find((option) => option.value === value)
  const trigger = (
    <Radix.Root modal={false}>
      <Radix.Trigger
        id={id}
        disabled={disabled}
        aria-label={`${label}: ${chosen?.label ?? placeholder}`}
        className={cx(
          'inline-flex max-w-full min-w-0 items-center gap-1.5 rounded-md text-sm select-none disabled:opacity-50',
          TRIGGERS[variant],
          className,
        )}
      >
        {chosen?.icon}
        <span className={cx('truncate', chosen === undefined && 'text-faint')}>{chosen?.label ?? placeholder}</span>
        <ChevronDown size={14} aria-hidden className="ml-auto shrink-0 text-faint" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="ui-float z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-[min(360px,calc(100vw-16px))] min-w-(--radix-dropdown-menu-trigger-width) overflow-y-auto p-1 text-sm select-none focus:outline-none"
        >
          <Radix.RadioGroup value={value} onValueChange={onValueChange}>
            {options.map((option) => (
              <Option key={option.value} option={option} />
            ))}
          </Radix.RadioGroup>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
  if (!showLabel) return trigger
  return (
    <div className="flex min-w-0 flex-col items-start gap-1">
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {trigger}
    </div>
  )
}

function Option({ option }: { readonly option: SelectOption }): ReactElement {
  return (
    <Radix.RadioItem value={option.value} disabled={option.disabled === true} className="ui-menu-item">
      {option.icon === undefined ? null : <span className="inline-flex shrink-0 text-faint">{option.icon}</span>}
      <span className="min-w-0 flex-1 py-1">
        {option.label}
        {option.hint === undefined ? null : <span className="block text-xs text-faint">{option.hint}</span>}
      </span>
      <span className="inline-flex w-4 shrink-0 justify-end">
        <Radix.ItemIndicator>
          <Check size={14} />
        </Radix.ItemIndicator>
      </span>
    </Radix.RadioItem>
  )
}
