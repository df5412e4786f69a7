import type { ReactElement, ReactNode } from 'react'
import { Group, Panel, Separator, useDefaultLayout, usePanelRef } from 'react-resizable-panels'
import type { PanelImperativeHandle, PanelProps } from 'react-resizable-panels'

import { cx } from './cx.ts'

interface PanelGroupProps {
  /** Names the layout in the browser's storage; sizes come back after a reload. */
  readonly id: string
  /** The ids of the panels present now; layouts are stored for each combination. */
  readonly panelIds: readonly string[]
  readonly direction: 'row' | 'column'
  /** ResizePanel and ResizeHandle elements in turn. */
  readonly children: ReactNode
  readonly className?: string
}

/** Panels side by side or on top of each other whose borders can be dragged, also with the arrow keys. */
export function PanelGroup({ id, panelIds, direction, children, className }: PanelGroupProps): ReactElement {
  const saved = useDefaultLayout({
    id: `octo.layout.${id}`,
    panelIds: [...panelIds],
    onlySaveAfterUserInteractions: true,
  })
  return (
    <Group id={id} orientation={direction === 'row' ? 'horizontal' : 'vertical'} className={className} {...saved}>
      {children}
    </Group>
  )
}

/** One panel; sizes are pixels as numbers or shares as `"30%"`. */
export function ResizePanel({ className, ...props }: PanelProps): ReactElement {
  return <Panel {...props} className={cx('flex min-h-0 min-w-0 flex-col', className)} />
}

/** The hairline between two panels. */
export function ResizeHandle({ label }: { readonly label: string }): ReactElement {
  return <Separator aria-label={label} className="ui-handle" />
}

export { usePanelRef }
export type { PanelImperativeHandle }
