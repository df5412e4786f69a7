import { PanelLeft, PanelRight, Plus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent, ReactElement } from 'react'
import { ContextMenu, cx, IconButton, useMedia } from '../ui/index.ts'
import type { MenuEntry } from '../ui/index.ts'
import {
  activateTab,
  closeTab,
  keepTab,
  moveTab,
  navigation,
  openTab,
  THREE_COLUMNS,
  toggleSide,
  toggleSidebar,
  useNavigation,
} from './navigation.ts'
import { useTabTitle } from './tab-title.tsx'
import type { Tab } from './tabs.ts'

/** The row of tabs over the centre, with the switches of both side columns at its ends. */
export function TabStrip(): ReactElement {
  const tabs = useNavigation((state) => state.tabs)
  const active = useNavigation((state) => state.active)
  const sidebarOpen = useNavigation((state) => state.sidebarOpen)
  const isWide = useMedia(THREE_COLUMNS)
  const sideOpen = useNavigation((state) => (isWide ? state.side.open : state.sideOver))
  const [dropAt, setDropAt] = useState<string | null>(null)
  return (
    <header className="flex h-9 shrink-0 items-center gap-1 border-b border-line bg-bg px-1.5">
      {sidebarOpen ? null : (
        <IconButton
          size="small"
          label="Show sidebar"
          shortcut="mod+b"
          icon={<PanelLeft size={16} />}
          onClick={toggleSidebar}
        />
      )}
      <div
        role="tablist"
        aria-label="Tabs"
        className="flex min-w-0 flex-1 items-stretch self-stretch overflow-x-auto [scrollbar-width:none]"
        onWheel={(event) => {
          if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY
        }}
      >
        {tabs.map((tab) => (
          <TabButton
            key={tab.key}
            tab={tab}
            active={tab.key === active}
            dropBefore={dropAt === tab.key}
            onDropAt={setDropAt}
          />
        ))}
      </div>
      <IconButton
        size="small"
        label="New session"
        shortcut="alt+n"
        icon={<Plus size={15} />}
        onClick={() => openTab({ kind: 'new', workspace: null })}
      />
      <IconButton
        size="small"
        label={sideOpen ? 'Hide side panel' : 'Show side panel'}
        shortcut="mod+\"
        pressed={sideOpen}
        icon={<PanelRight size={16} />}
        onClick={toggleSide}
      />
    </header>
  )
}

/** What a drag carries, so that text dragged from elsewhere is not taken for a tab. */
const DRAG_TYPE = 'application/x-octo-tab'

interface TabButtonProps {
  readonly tab: Tab
  readonly active: boolean
  readonly dropBefore: boolean
  readonly onDropAt: (key: string | null) => void
}

function TabButton({ tab, active, dropBefore, onDropAt }: TabButtonProps): ReactElement {
  const { title, hint, icon } = useTabTitle(tab)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (active) button.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])
  return (
    <ContextMenu entries={tabMenu(tab)}>
      {/* The row scrolls and reorders; keyboard users move tabs in the menu. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className={cx(
          'group/tab relative flex max-w-52 min-w-24 shrink-0 items-center border-r border-line',
          active
            ? 'bg-surface after:absolute after:inset-x-0 after:-bottom-px after:h-px after:bg-surface'
            : 'hover:bg-hover',
          dropBefore && 'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent',
        )}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAG_TYPE, tab.key)
          event.dataTransfer.effectAllowed = 'move'
        }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(DRAG_TYPE)) return
          event.preventDefault()
          onDropAt(tab.key)
        }}
        onDragLeave={() => onDropAt(null)}
        onDragEnd={() => onDropAt(null)}
        onDrop={(event) => {
          onDropAt(null)
          dropTab(event.dataTransfer.getData(DRAG_TYPE), tab.key)
        }}
        onAuxClick={(event) => {
          if (event.button === 1) void closeTab(tab.key)
        }}
        // Otherwise the middle button would begin to scroll.
        onMouseDown={(event) => {
          if (event.button === 1) event.preventDefault()
        }}
      >
        <button
          ref={button}
          type="button"
          role="tab"
          aria-selected={active}
          aria-controls={active ? 'centre' : undefined}
          tabIndex={active ? 0 : -1}
          title={hint}
          onClick={() => activateTab(tab.key)}
          onDoubleClick={() => keepTab(tab.key)}
          onKeyDown={onTabKey}
          data-tab={tab.key}
          className={cx(
            'flex h-full min-w-0 flex-1 items-center gap-1.5 pr-6 pl-2.5 text-sm focus-visible:-outline-offset-2',
            active ? 'text-text' : 'text-muted',
          )}
        >
          <span aria-hidden className="inline-flex shrink-0 text-faint">
            {icon}
          </span>
          <span className={cx('truncate', tab.preview && 'italic')}>{title}</span>
          {tab.dirty ? <span className="sr-only">, not saved</span> : null}
        </button>
        <button
          type="button"
          // For the pointer alone: the Delete key and the menu close a tab too.
          tabIndex={-1}
          aria-hidden
          title={`Close ${title}`}
          onClick={() => void closeTab(tab.key)}
          className="absolute right-1 inline-flex size-5 items-center justify-center rounded-sm text-faint hover:bg-pressed hover:text-text"
        >
          {tab.dirty ? <span aria-hidden className="size-2 rounded-full bg-current group-hover/tab:hidden" /> : null}
          <X
            size={13}
            aria-hidden
            className={cx(
              tab.dirty ? 'hidden group-hover/tab:block' : !active && 'opacity-0 group-hover/tab:opacity-100',
            )}
          />
        </button>
      </div>
    </ContextMenu>
  )
}

/** Puts a dragged tab where it was let go: before the one under the pointer, or behind it when it came from the left. */
function dropTab(key: string, target: string): void {
  const { tabs } = navigation()
  const from = tabs.findIndex((tab) => tab.key === key)
  const to = tabs.findIndex((tab) => tab.key === target)
  if (from < 0 || to < 0) return
  moveTab(key, from < to ? (tabs[to + 1]?.key ?? null) : target)
}

function onTabKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.key === 'Delete') return void closeTab(event.currentTarget.dataset['tab'] ?? '')
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (step === 0) return
  const row = event.currentTarget.closest('[role="tablist"]')
  const buttons = [...(row?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])]
  const next = buttons[(buttons.indexOf(event.currentTarget) + step + buttons.length) % buttons.length]
  event.preventDefault()
  next?.focus()
  next?.click()
}

function tabMenu(tab: Tab): readonly MenuEntry[] {
  const { tabs } = navigation()
  const at = tabs.findIndex(({ key }) => key === tab.key)
  return [
    { kind: 'item', label: 'Close', shortcut: 'alt+w', onSelect: () => void closeTab(tab.key) },
    { kind: 'item', label: 'Close others', disabled: tabs.length < 2, onSelect: () => void closeAllBut(tab.key) },
    { kind: 'separator' },
    {
      kind: 'item',
      label: 'Move left',
      disabled: at <= 0,
      onSelect: () => moveTab(tab.key, tabs[at - 1]?.key ?? null),
    },
    {
      kind: 'item',
      label: 'Move right',
      disabled: at === tabs.length - 1,
      onSelect: () => moveTab(tab.key, tabs[at + 2]?.key ?? null),
    },
  ]
}

/** One after the other: each may ask whether its text is to be saved. */
async function closeAllBut(kept: string): Promise<void> {
  for (const { key } of navigation().tabs) {
    // oxlint-disable-next-line no-await-in-loop
    if (key !== kept && !(await closeTab(key))) return
  }
}
