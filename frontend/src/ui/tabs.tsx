import { Tabs as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

import { cx } from './cx.ts'

export interface TabItem {
  readonly value: string
  readonly label: string
  readonly icon?: ReactNode
  /** A small count behind the label. */
  readonly count?: number
}

interface TabsProps {
  /** Name of the row of tabs for screen readers. */
  readonly label: string
  readonly value: string
  readonly onValueChange: (value: string) => void
  readonly items: readonly TabItem[]
  /** Stands at the right end of the row. */
  readonly actions?: ReactNode
  /** TabPanel elements. */
  readonly children: ReactNode
  readonly className?: string
}

/** A row of tabs over panels; arrow keys move along the row. */
export function Tabs({ label, value, onValueChange, items, actions, children, className }: TabsProps): ReactElement {
  return (
    <Radix.Root value={value} onValueChange={onValueChange} className={cx('flex min-h-0 flex-col', className)}>
      <div className="flex h-9 shrink-0 items-center border-b border-line px-2 pointer-coarse:h-11">
        <Radix.List
          aria-label={label}
          className="flex min-w-0 flex-1 items-stretch gap-0.5 self-stretch overflow-x-auto [scrollbar-width:none]"
        >
          {items.map((item) => (
            <Radix.Trigger
              key={item.value}
              value={item.value}
              className={cx(
                'relative flex items-center gap-1.5 px-2 text-sm whitespace-nowrap text-muted select-none hover:text-text',
                'focus-visible:-outline-offset-2 data-[state=active]:text-text',
                'after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 data-[state=active]:after:bg-accent',
              )}
            >
              {item.icon}
              {item.label}
              {item.count === undefined ? null : <span className="text-xs text-faint tabular-nums">{item.count}</span>}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {actions}
      </div>
      {children}
    </Radix.Root>
  )
}

interface TabPanelProps {
  readonly value: string
  readonly children: ReactNode
  readonly className?: string
}

/** What one tab shows. Only the chosen one is mounted. */
export function TabPanel({ value, children, className }: TabPanelProps): ReactElement {
  return (
    <Radix.Content value={value} className={cx('min-h-0 flex-1 focus-visible:-outline-offset-2', className)}>
      {children}
    </Radix.Content>
  )
}
