import { Fragment } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from '../ui/index.ts'

interface OptionListProps<T> {
  /** For `aria-controls` of the field that keeps the keyboard; its options are `ID-0`, `ID-1`, … */
  readonly id: string
  readonly label: string
  readonly entries: readonly T[]
  readonly entryKey: (entry: T) => string
  /** The one the arrow keys are on. */
  readonly active: number
  readonly onActive: (index: number) => void
  readonly onChoose: (entry: T) => void
  readonly children: (entry: T) => ReactNode
  /** A heading over an entry, e.g. where another group begins. */
  readonly heading?: (entry: T, before: T | undefined) => string | null
  readonly className?: string
}

/** The list of a field with suggestions: the keyboard stays in the field, whose keys move the active entry. */
export function OptionList<T>({ id, label, entries, entryKey, active, ...rest }: OptionListProps<T>): ReactElement {
  const { onActive, onChoose, children, heading, className } = rest
  return (
    // A native list box takes the keyboard and holds text alone.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
    <div id={id} role="listbox" aria-label={label} tabIndex={-1} className={className}>
      {entries.map((entry, at) => {
        const title = heading?.(entry, entries[at - 1]) ?? null
        return (
          <Fragment key={entryKey(entry)}>
            {title === null ? null : (
              <div role="presentation" className="px-2 pt-2 pb-1 text-2xs font-medium text-faint">
                {title}
              </div>
            )}
            <div
              id={`${id}-${at}`}
              ref={at === active ? bringIntoView : null}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
              role="option"
              tabIndex={-1}
              aria-selected={at === active}
              className={cx('ui-menu-item text-sm', at === active && 'bg-pressed')}
              onPointerMove={() => {
                if (at !== active) onActive(at)
              }}
              // On press, and without moving the focus: the field must not lose the keyboard.
              onPointerDown={(event) => {
                if (event.button !== 0) return
                event.preventDefault()
                onChoose(entry)
              }}
            >
              {children(entry)}
            </div>
          </Fragment>
        )
      })}
    </div>
  )
}

/** Where the arrow keys go in a list: around its ends. `null` for other keys. */
export function stepOf(key: string, active: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return (active + 1) % count
  if (key === 'ArrowUp') return (active - 1 + count) % count
  return null
}

function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
