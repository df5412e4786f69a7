import { Tooltip as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

import { Kbd } from './kbd.tsx'

/** Long enough that moving across a toolbar shows nothing, short enough that resting on a button does. */
const OPEN_DELAY_MS = 450

interface TooltipProps {
  readonly label: ReactNode
  readonly shortcut?: string | undefined
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  /** One element that takes a ref and handlers. */
  readonly children: ReactElement
}

/** Wraps the whole application once, so that tooltips share their delay. */
export function TooltipProvider({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Radix.Provider delayDuration={OPEN_DELAY_MS} skipDelayDuration={200} disableHoverableContent>
      {children}
    </Radix.Provider>
  )
}

/** A short hint on hover and focus. It repeats what a label says; nothing is only in a tooltip. */
export function Tooltip({ label, shortcut, side = 'bottom', children }: TooltipProps): ReactElement {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="ui-float z-70 flex max-w-72 items-center gap-2 px-2 py-1 text-xs text-text"
        >
          <span>{label}</span>
          {shortcut === undefined ? null : <Kbd keys={shortcut} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
