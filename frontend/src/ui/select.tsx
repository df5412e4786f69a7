import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

import { cx } from './cx.ts'

export interface SelectOption {
  /** Not empty: the empty string means "nothing chosen". */
  readonly value: string
  readonly label: string
  readonly hint?: string
  readonly icon?: ReactNode
  readonly disabled?: boolean
}

interface SelectProps {
  /** Name for screen readers; a visible label beside it may say the same. */
  readonly label: string
  readonly value: string
  readonly onValueChange: (value: string) => void
  readonly options: readonly SelectOption[]
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
export function Select({ label, value, onValueChange, options, ...rest }: SelectProps): ReactElement {
  const { placeholder = 'Choose', disabled = false, variant = 'default', className } = rest
  return (
    <Radix.Root value={value} onValueChange={onValueChange} disabled={disabled}>
      <Radix.Trigger
        aria-label={label}
        className={cx(
          'inline-flex max-w-full min-w-0 items-center gap-1.5 rounded-md text-sm select-none disabled:opacity-50',
          'data-placeholder:text-faint [&>span:first-child]:truncate',
          TRIGGERS[variant],
          className,
        )}
      >
        <Radix.Value placeholder={placeholder} />
        <Radix.Icon className="ml-auto shrink-0 text-faint">
          <ChevronDown size={14} />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="ui-float z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-[min(360px,calc(100vw-16px))] p-1 text-sm"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Option key={option.value} option={option} />
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Option({ option }: { readonly option: SelectOption }): ReactElement {
  return (
    <Radix.Item value={option.value} disabled={option.disabled === true} className="ui-menu-item pr-2">
      {option.icon === undefined ? null : <span className="inline-flex shrink-0 text-faint">{option.icon}</span>}
      <span className="min-w-0 flex-1 py-1">
        <Radix.ItemText>{option.label}</Radix.ItemText>
        {option.hint === undefined ? null : <span className="block text-xs text-faint">{option.hint}</span>}
      </span>
      <span className="inline-flex w-4 shrink-0 justify-end">
        <Radix.ItemIndicator>
          <Check size={14} />
        </Radix.ItemIndicator>
      </span>
    </Radix.Item>
  )
}
