import { ArrowDown } from 'lucide-react'
import type { ReactElement, ReactNode, Ref } from 'react'
import { useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'
import { Virtualizer } from 'virtua'
import type { CacheSnapshot, VirtualizerHandle } from 'virtua'

import { cx } from './cx.ts'
import { formatCount } from './format.ts'
import { useStickToEnd } from './stick-to-end.ts'

/** Older rows are asked for this far before the reader meets the start, so that reading does not stop there. */
const REACH_START_PX = 800
/** Rows beyond the window that stay mounted on each side; less flickers on a fast wheel, more costs per delta. */
const OVERSCAN_PX = 600

/** Where a list stood, to come back to when its tab is shown again. */
export interface ListPosition {
  readonly offset: number
  readonly atEnd: boolean
  readonly count: number
  readonly sizes: CacheSnapshot
}

export interface TranscriptListHandle {
  /** Goes to the end and follows it. */
  readonly goToEnd: () => void
  /** Brings one row to the top of the view; unknown keys do nothing. */
  readonly showItem: (key: string) => void
  /** Puts the keyboard on the scroller. */
  readonly focus: () => void
}

interface TranscriptListProps<T> {
  /** Oldest first. A change at the start keeps the view where it is. */
  readonly items: readonly T[]
  readonly itemKey: (item: T) => string
  readonly renderItem: (item: T, index: number) => ReactElement
  /** Name of the region for screen readers. */
  readonly label: string
  /** Stands after the last row and scrolls with it. */
  readonly footer?: ReactNode
  /** The reader nears the oldest row: load what is before it. May be called again while loading. */
  readonly onReachStart?: () => void
  /** From onSavePosition of an earlier life. */
  readonly position?: ListPosition | null
  /** Called when the list goes away. */
  readonly onSavePosition?: (position: ListPosition) => void
  readonly ref?: Ref<TranscriptListHandle>
  readonly className?: string
}

/**
 * A long list that grows at its end, with only the visible rows mounted. It follows the end while the reader is there;
 * otherwise nothing moves and a button counts what is new.
 */
export function TranscriptList<T>({
  items,
  itemKey,
  renderItem,
  label,
  footer,
  ...rest
}: TranscriptListProps<T>): ReactElement {
  const { onReachStart, position = null, onSavePosition, ref, className } = rest
  const list = useRef<VirtualizerHandle>(null)
  const { scroller, content, atEnd, goToEnd, letGo } = useStickToEnd(position?.atEnd ?? true)
  const shift = usePrepended(items, itemKey)
  const unseen = useUnseen(items, itemKey, atEnd)

  useImperativeHandle(ref, () => ({
    goToEnd,
    focus: () => scroller.current?.focus({ preventScroll: true }),
    showItem: (key) => {
      const index = items.findIndex((item) => itemKey(item) === key)
      if (index < 0) return
      letGo()
      list.current?.scrollToIndex(index, { align: 'start' })
    },
  }))
  useSavedPosition({ scroller, list, count: items.length, atEnd, position, onSavePosition })

  return (
    <div className={cx('relative flex min-h-0 flex-1 flex-col', className)}>
      <section
        ref={scroller}
        aria-label={label}
        // A scroller without focusable rows must still be reachable by the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:-outline-offset-2"
        onScroll={() => {
          if (onReachStart !== undefined && (scroller.current?.scrollTop ?? 0) < REACH_START_PX) onReachStart()
        }}
      >
        <div ref={content}>
          <Virtualizer
            ref={list}
            scrollRef={scroller}
            data={items}
            shift={shift}
            bufferSize={OVERSCAN_PX}
            {...(position !== null && position.count === items.length ? { cache: position.sizes } : {})}
          >
            {(item, index) => (
              <div key={itemKey(item)} data-row={itemKey(item)}>
                {renderItem(item, index)}
              </div>
            )}
          </Virtualizer>
          {footer}
        </div>
      </section>
      {atEnd ? null : <JumpButton unseen={unseen} onPress={goToEnd} />}
    </div>
  )
}

function JumpButton({ unseen, onPress }: { readonly unseen: number; readonly onPress: () => void }): ReactElement {
  return (
    <button
      type="button"
      onClick={onPress}
      className="ui-float absolute bottom-3 left-1/2 flex h-7 -translate-x-1/2 items-center gap-1.5 rounded-full pr-3 pl-2.5 text-xs text-muted hover:text-text pointer-coarse:h-10"
    >
      <ArrowDown size={14} aria-hidden />
      {unseen > 0 ? `${formatCount(unseen)} new` : 'Jump to latest'}
    </button>
  )
}

/** The first rows by which an earlier list is found again; the very first may have joined one that came before it. */
const HEAD_ROWS = 3

/** True from a change that put rows before the first ones until the next change. */
function usePrepended<T>(items: readonly T[], itemKey: (item: T) => string): boolean {
  const [seen, setSeen] = useState(() => ({ items, head: headKeys(items, itemKey), prepended: false }))
  if (seen.items !== items) {
    const head = headKeys(items, itemKey)
    setSeen({ items, head, prepended: isMovedDown(seen.head, items, itemKey) })
  }
  return seen.prepended
}

function headKeys<T>(items: readonly T[], itemKey: (item: T) => string): readonly string[] {
  return items.slice(0, HEAD_ROWS).map(itemKey)
}

/** Whether rows that stood at the head of the list stand further down now. */
function isMovedDown<T>(head: readonly string[], items: readonly T[], itemKey: (item: T) => string): boolean {
  for (const [place, key] of head.entries()) {
    const at = items.findIndex((item) => itemKey(item) === key)
    if (at >= 0) return at > place
  }
  return false
}

/** How many rows came after the last one that was there when the reader was at the end. */
function useUnseen<T>(items: readonly T[], itemKey: (item: T) => string, atEnd: boolean): number {
  const lastItem = items.at(-1)
  const last = lastItem === undefined ? null : itemKey(lastItem)
  const [seen, setSeen] = useState(last)
  if (atEnd && seen !== last) setSeen(last)
  if (atEnd || seen === null || seen === last) return 0
  const index = items.findLastIndex((item) => itemKey(item) === seen)
  return index < 0 ? 0 : items.length - 1 - index
}

interface SavedPositionInput {
  readonly scroller: { readonly current: HTMLElement | null }
  readonly list: { readonly current: VirtualizerHandle | null }
  readonly count: number
  readonly atEnd: boolean
  readonly position: ListPosition | null
  readonly onSavePosition: ((position: ListPosition) => void) | undefined
}

function useSavedPosition(input: SavedPositionInput): void {
  const latest = useRef(input)
  useLayoutEffect(() => {
    latest.current = input
  })
  useLayoutEffect(() => {
    const { scroller, list, position } = latest.current
    const element = scroller.current
    if (element !== null && position !== null && !position.atEnd) element.scrollTop = position.offset
    const handle = list.current
    return () => {
      const { count, atEnd, onSavePosition } = latest.current
      if (element === null || handle === null) return
      onSavePosition?.({ offset: element.scrollTop, atEnd, count, sizes: handle.cache })
    }
  }, [])
}
