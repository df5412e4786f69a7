import { createContext, useContext, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { CSSProperties, KeyboardEvent, PointerEvent, ReactElement, ReactNode } from 'react'

import { cx } from './cx.ts'
import { keyMove, readPanelSizes, sizeBefore, writePanelSizes } from './panel-sizes.ts'
import type { PanelLimits, PanelSizes } from './panel-sizes.ts'

type Direction = 'row' | 'column'

interface GroupContext {
  readonly direction: Direction
  readonly sizes: PanelSizes
  /** Keeps sizes; null forgets one, so that it is the default again. */
  readonly keep: (changed: Readonly<Record<string, number | null>>) => void
}

const PanelGroupContext = createContext<GroupContext | null>(null)

interface PanelGroupProps {
  /** Names the layout in the browser's storage; sizes come back after a reload. */
  readonly id: string
  readonly direction: Direction
  /** ResizePanel and ResizeHandle elements in turn; panels may come and go. */
  readonly children: ReactNode
  readonly className?: string
}

/** Panels side by side or on top of each other whose borders can be dragged, also with the arrow keys. */
export function PanelGroup({ id, direction, children, className }: PanelGroupProps): ReactElement {
  const [sizes, setSizes] = useState(() => readPanelSizes(id))
  const group = useMemo((): GroupContext => {
    const keep: GroupContext['keep'] = (changed) => {
      const kept = Object.entries({ ...sizes, ...changed }).filter(
        (entry): entry is [string, number] => entry[1] !== null,
      )
      const next = Object.fromEntries(kept)
      setSizes(next)
      writePanelSizes(id, next)
    }
    return { direction, sizes, keep }
  }, [id, direction, sizes])
  return (
    <PanelGroupContext value={group}>
      <div className={cx('flex min-h-0 min-w-0', direction === 'column' && 'flex-col', className)}>{children}</div>
    </PanelGroupContext>
  )
}

interface ResizePanelProps {
  readonly id: string
  /** Pixels; a panel without it shares what is left with others of its kind. */
  readonly defaultSize?: number
  readonly minSize?: number
  readonly maxSize?: number
  readonly children: ReactNode
  readonly className?: string
}

/** One panel. A fixed one keeps its pixels when the window changes, a flexible one takes what is left. */
export function ResizePanel({
  id,
  defaultSize,
  minSize = 80,
  maxSize,
  children,
  className,
}: ResizePanelProps): ReactElement {
  const { direction, sizes } = usePanelGroup()
  const size = sizes[id]
  const minimum = direction === 'row' ? { minWidth: minSize } : { minHeight: minSize }
  const style: CSSProperties = {
    ...minimum,
    flex: defaultSize === undefined ? `${size ?? 1} 1 0px` : `0 1 ${size ?? defaultSize}px`,
  }
  return (
    <div
      style={style}
      data-panel={id}
      data-kind={defaultSize === undefined ? 'flexible' : 'fixed'}
      data-min={minSize}
      data-max={maxSize}
      className={cx('flex min-h-0 min-w-0 flex-col overflow-hidden', className)}
    >
      {children}
    </div>
  )
}

interface Neighbour extends PanelLimits {
  readonly element: HTMLElement
  readonly id: string
  readonly fixed: boolean
  readonly size: number
}

interface Drag {
  readonly pointer: number
  readonly origin: number
  readonly before: Neighbour
  readonly after: Neighbour
}

/** The hairline between two panels: drag it, move it with the arrow keys, double-click it for the default size. */
export function ResizeHandle({ label }: { readonly label: string }): ReactElement {
  const { direction, keep } = usePanelGroup()
  const drag = useRef<Drag | null>(null)
  const handle = useRef<HTMLDivElement>(null)
  const row = direction === 'row'
  const place = (event: PointerEvent): number => (row ? event.clientX : event.clientY)

  // The value is the share of the panel before the handle; only the drawn page knows it.
  useLayoutEffect(() => {
    const sides = handle.current === null ? null : sidesOf(handle.current, row)
    if (sides !== null) handle.current?.setAttribute('aria-valuenow', shareOf(sides))
  })

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const sides = event.button === 0 ? sidesOf(event.currentTarget, row) : null
    if (sides === null) return
    event.currentTarget.setPointerCapture(event.pointerId)
    event.currentTarget.dataset['separator'] = 'active'
    drag.current = { pointer: event.pointerId, origin: place(event), ...sides }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const { current } = drag
    if (current === null || current.pointer !== event.pointerId) return
    // Drawn without React, so that dragging costs a layout and nothing else.
    show(current, current.before.size + place(event) - current.origin)
  }
  const onPointerUp = (event: PointerEvent<HTMLDivElement>): void => {
    const { current } = drag
    if (current === null || current.pointer !== event.pointerId) return
    drag.current = null
    delete event.currentTarget.dataset['separator']
    keep(show(current, current.before.size + place(event) - current.origin))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const move = keyMove(event.key, event.shiftKey, row)
    const sides = move === null ? null : sidesOf(event.currentTarget, row)
    if (move === null || sides === null) return
    event.preventDefault()
    keep(show(sides, sides.before.size + move))
  }
  const onDoubleClick = (event: { readonly currentTarget: HTMLElement }): void => {
    const sides = sidesOf(event.currentTarget, row)
    if (sides !== null) keep({ [sides.before.id]: null, [sides.after.id]: null })
  }
  return (
    <div
      ref={handle}
      // A separator that moves is a control; no native element is one.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="separator"
      aria-label={label}
      aria-orientation={row ? 'vertical' : 'horizontal'}
      aria-valuenow={50}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      className="ui-handle"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
      onDoubleClick={onDoubleClick}
    />
  )
}

function usePanelGroup(): GroupContext {
  const group = useContext(PanelGroupContext)
  if (group === null) throw new Error('panels and their handles belong into a PanelGroup')
  return group
}

/** The panels beside a handle as they are drawn now; null while one of them is missing. */
function sidesOf(handle: HTMLElement, row: boolean): Pick<Drag, 'before' | 'after'> | null {
  const before = sideOf(handle.previousElementSibling, row)
  const after = sideOf(handle.nextElementSibling, row)
  return before === null || after === null ? null : { before, after }
}

function sideOf(element: Element | null, row: boolean): Neighbour | null {
  if (!(element instanceof HTMLElement)) return null
  const { panel, kind, min, max } = element.dataset
  if (panel === undefined) return null
  return {
    element,
    id: panel,
    fixed: kind === 'fixed',
    size: row ? element.offsetWidth : element.offsetHeight,
    minSize: Number(min ?? 0),
    maxSize: max === undefined ? Infinity : Number(max),
  }
}

/** Draws both panels for a wanted size of the one before the handle; returns the sizes to keep. */
function show({ before, after }: Pick<Drag, 'before' | 'after'>, wanted: number): Readonly<Record<string, number>> {
  const total = before.size + after.size
  const size = Math.round(sizeBefore(wanted, total, before, after))
  const kept: Record<string, number> = {}
  for (const [side, length] of [
    [before, size],
    [after, total - size],
  ] as const) {
    // Beside a fixed panel a flexible one follows by itself; two flexible ones keep their proportion.
    if (!side.fixed && (before.fixed || after.fixed)) continue
    side.element.style.flex = side.fixed ? `0 1 ${length}px` : `${length} 1 0px`
    kept[side.id] = length
  }
  return kept
}

function shareOf({ before, after }: Pick<Drag, 'before' | 'after'>): string {
  const total = before.size + after.size
  return String(total === 0 ? 50 : Math.round((before.size / total) * 100))
}
