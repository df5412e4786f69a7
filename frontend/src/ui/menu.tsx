import { Check, ChevronRight } from 'lucide-react'
import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

import { Kbd } from './kbd.tsx'

/** What a menu can hold; the same list serves a button's menu and a context menu. */
export type MenuEntry =
  | {
      readonly kind: 'item'
      readonly label: string
      readonly onSelect: () => void
      readonly icon?: ReactNode
      readonly shortcut?: string
      /** A second, quieter line on the same row. */
      readonly hint?: string
      readonly danger?: boolean
      readonly disabled?: boolean
    }
  | {
      readonly kind: 'check'
      readonly label: string
      readonly checked: boolean
      readonly onChange: (checked: boolean) => void
      readonly shortcut?: string
      readonly disabled?: boolean
    }
  | {
      readonly kind: 'choice'
      readonly label: string
      readonly value: string
      readonly options: readonly { readonly value: string; readonly label: string; readonly hint?: string }[]
      readonly onChange: (value: string) => void
    }
  | {
      readonly kind: 'submenu'
      readonly label: string
      readonly icon?: ReactNode
      readonly entries: readonly MenuEntry[]
    }
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'separator' }

/** Both Radix menus have the same parts; one renderer serves them. */
type Parts = Pick<
  typeof RadixDropdown,
  | 'CheckboxItem'
  | 'Item'
  | 'ItemIndicator'
  | 'Label'
  | 'Portal'
  | 'RadioGroup'
  | 'RadioItem'
  | 'Separator'
  | 'Sub'
  | 'SubContent'
  | 'SubTrigger'
>

const CONTENT =
  'ui-float z-50 max-h-(--octo-menu-height) min-w-44 max-w-[min(320px,calc(100vw-16px))] overflow-y-auto p-1 text-sm ' +
  'select-none focus:outline-none'
const DROPDOWN_HEIGHT = '[--octo-menu-height:var(--radix-dropdown-menu-content-available-height)]'
const CONTEXT_HEIGHT = '[--octo-menu-height:var(--radix-context-menu-content-available-height)]'

interface MenuProps {
  /** The button that opens it; one element that takes a ref. */
  readonly trigger: ReactElement
  readonly entries: readonly MenuEntry[]
  readonly align?: 'start' | 'center' | 'end'
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
}

/** A menu that a button opens. */
export function Menu({ trigger, entries, align = 'start', side = 'bottom', ...rest }: MenuProps): ReactElement {
  return (
    // Not modal: what is behind stays readable for everybody, and a click beside it does what it says.
    <RadixDropdown.Root modal={false} {...rest}>
      <RadixDropdown.Trigger asChild>{trigger}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={`${CONTENT} ${DROPDOWN_HEIGHT}`}
        >
          <Entries entries={entries} parts={RadixDropdown} />
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  )
}

interface ContextMenuProps {
  readonly entries: readonly MenuEntry[]
  /** One element that takes a ref; right click, long press or the menu key on it opens the menu. */
  readonly children: ReactElement
  readonly onOpenChange?: (open: boolean) => void
}

/** A menu on right click and long press. What it offers must also be reachable by a button or the palette. */
export function ContextMenu({ entries, children, ...rest }: ContextMenuProps): ReactElement {
  return (
    <RadixContext.Root modal={false} {...rest}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content collisionPadding={8} className={`${CONTENT} ${CONTEXT_HEIGHT}`}>
          <Entries entries={entries} parts={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  )
}

function Entries({ entries, parts }: { readonly entries: readonly MenuEntry[]; readonly parts: Parts }): ReactNode {
  // One entry with a mark indents all, so that labels stand in one line.
  const marked = entries.some((entry) => entry.kind === 'check' || entry.kind === 'choice' || 'icon' in entry)
  return entries.map((entry, index) => (
    // Entries have no identity of their own and no state: their place is their key.
    // oxlint-disable-next-line react/no-array-index-key
    <Entry key={index} entry={entry} parts={parts} marked={marked} />
  ))
}

interface EntryProps<K extends MenuEntry['kind'] = MenuEntry['kind']> {
  readonly entry: Extract<MenuEntry, { kind: K }>
  readonly parts: Parts
  readonly marked: boolean
}

function Entry({ entry, parts, marked }: EntryProps): ReactElement {
  switch (entry.kind) {
    case 'item':
      return (
        <parts.Item
          className="ui-menu-item"
          disabled={entry.disabled === true}
          data-danger={entry.danger === true ? '' : undefined}
          onSelect={entry.onSelect}
        >
          {marked ? <Slot>{entry.icon}</Slot> : null}
          <Label label={entry.label} hint={entry.hint} shortcut={entry.shortcut} />
        </parts.Item>
      )
    case 'check':
      return (
        <parts.CheckboxItem
          className="ui-menu-item"
          checked={entry.checked}
          disabled={entry.disabled === true}
          onCheckedChange={entry.onChange}
        >
          <Slot>
            <parts.ItemIndicator>
              <Check size={14} />
            </parts.ItemIndicator>
          </Slot>
          <Label label={entry.label} shortcut={entry.shortcut} />
        </parts.CheckboxItem>
      )
    case 'choice':
      return <Choice entry={entry} parts={parts} />
    case 'submenu':
      return <Submenu entry={entry} parts={parts} marked={marked} />
    case 'heading':
      return <parts.Label className="px-2 pt-2 pb-1 text-2xs font-medium text-faint">{entry.label}</parts.Label>
    case 'separator':
      return <parts.Separator className="-mx-1 my-1 h-px bg-line" />
  }
}

function Choice({ entry, parts }: Omit<EntryProps<'choice'>, 'marked'>): ReactElement {
  return (
    <parts.RadioGroup value={entry.value} onValueChange={entry.onChange} aria-label={entry.label}>
      <parts.Label className="px-2 pt-2 pb-1 text-2xs font-medium text-faint">{entry.label}</parts.Label>
      {entry.options.map((option) => (
        <parts.RadioItem key={option.value} value={option.value} className="ui-menu-item">
          <Slot>
            <parts.ItemIndicator>
              <span className="block size-1.5 rounded-full bg-current" />
            </parts.ItemIndicator>
          </Slot>
          <Label label={option.label} hint={option.hint} />
        </parts.RadioItem>
      ))}
    </parts.RadioGroup>
  )
}

function Submenu({ entry, parts, marked }: EntryProps<'submenu'>): ReactElement {
  return (
    <parts.Sub>
      <parts.SubTrigger className="ui-menu-item data-[state=open]:bg-pressed">
        {marked ? <Slot>{entry.icon}</Slot> : null}
        <span className="flex-1 truncate">{entry.label}</span>
        <ChevronRight size={14} className="text-faint" aria-hidden />
      </parts.SubTrigger>
      <parts.Portal>
        <parts.SubContent sideOffset={2} collisionPadding={8} className={CONTENT}>
          <Entries entries={entry.entries} parts={parts} />
        </parts.SubContent>
      </parts.Portal>
    </parts.Sub>
  )
}

function Slot({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <span aria-hidden className="inline-flex w-4 shrink-0 items-center justify-center opacity-80 [&_svg]:size-3.5">
      {children}
    </span>
  )
}

interface LabelProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly shortcut?: string | undefined
}

function Label({ label, hint, shortcut }: LabelProps): ReactElement {
  return (
    <>
      <span className="flex-1 truncate">{label}</span>
      {hint === undefined ? null : <span className="max-w-40 truncate text-xs text-faint">{hint}</span>}
      {shortcut === undefined ? null : <Kbd keys={shortcut} className="ml-4" />}
    </>
  )
}
