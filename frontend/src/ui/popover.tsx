import { Popover as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

import { cx } from './cx.ts'

interface PopoverProps {
  readonly trigger: ReactElement
  /** Name of the floating panel for screen readers. */
  readonly label: string
  readonly children: ReactNode
  readonly align?: 'start' | 'center' | 'end'
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly className?: string
}

/** A floating panel beside a button, for what is more than a list of acts. */
export function Popover({ trigger, label, children, align = 'start', ...rest }: PopoverProps): ReactElement {
  const { side = 'bottom', className, ...state } = rest
  return (
    <Radix.Root {...state}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cx(
            'ui-float z-50 max-h-(--radix-popover-content-available-height) w-80 max-w-[calc(100vw-16px)] overflow-y-auto p-3 text-sm focus:outline-none',
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
