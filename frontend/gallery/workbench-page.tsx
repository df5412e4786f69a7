import {
  ChevronDown,
  FileText,
  FolderGit2,
  Inbox,
  PanelRight,
  Plus,
  Search,
  Settings,
  Square,
  Terminal,
} from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'

import { DiffView, Markdown, ToolOutput } from '../src/content/index.ts'
import {
  Button,
  IconButton,
  Kbd,
  LineCounts,
  PanelGroup,
  ResizeHandle,
  ResizePanel,
  Select,
  StateDot,
  TabPanel,
  Tabs,
  Textarea,
  TextField,
  TranscriptList,
  cx,
  useIsPhone,
} from '../src/ui/index.ts'
import type { DotState } from '../src/ui/index.ts'
import { ANSWER, OUTPUT, PATCH } from './samples.ts'

/** The parts together, in the proportions of the workbench: to judge density, hierarchy and calm. */
export function WorkbenchPage(): ReactElement {
  const phone = useIsPhone()
  if (phone) return <Centre />
  return (
    <PanelGroup id="gallery" direction="row" className="h-full bg-surface">
      <ResizePanel id="left" defaultSize={260} minSize={200}>
        <Sidebar />
      </ResizePanel>
      <ResizeHandle label="Resize the sidebar" />
      <ResizePanel id="centre" minSize={320}>
        <Centre />
      </ResizePanel>
      <ResizeHandle label="Resize the side panel" />
      <ResizePanel id="right" defaultSize={420} minSize={280}>
        <SidePanel />
      </ResizePanel>
    </PanelGroup>
  )
}

interface SessionSample {
  readonly title: string
  readonly state: DotState
  readonly added?: number
  readonly removed?: number
  readonly age: string
}

const GROUPS: readonly { readonly name: string; readonly sessions: readonly SessionSample[] }[] = [
  {
    name: 'octo',
    sessions: [
      { title: 'Fix the login redirect', state: 'working', added: 46, removed: 13, age: 'now' },
      { title: 'Add tests for the store', state: 'waiting', added: 210, removed: 0, age: '4 min' },
      { title: 'Why is the first load slow on the staging machine?', state: 'unread', age: '1 h' },
      { title: 'Read the docs', state: 'idle', age: '3 h' },
    ],
  },
  {
    name: 'billing-service',
    sessions: [
      { title: 'Upgrade the PDF library', state: 'failed', added: 3, removed: 88, age: '1 d' },
      { title: 'Currency rounding', state: 'idle', added: 12, removed: 12, age: '2 d' },
    ],
  },
]

function Sidebar(): ReactElement {
  return (
    <nav aria-label="Sessions" className="flex min-h-0 flex-1 flex-col bg-bg">
      <div className="flex items-center gap-1 px-3 pt-3 pb-2">
        <Button variant="quiet" className="-ml-1 min-w-0 flex-1 justify-start px-1.5" icon={<FolderGit2 size={14} />}>
          <span className="truncate">All workspaces</span>
          <ChevronDown size={12} className="text-faint" />
        </Button>
        <IconButton label="Search" shortcut="mod+k" icon={<Search size={15} />} />
        <IconButton label="New session" shortcut="mod+n" icon={<Plus size={15} />} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <Row
          icon={<Inbox size={14} className="text-faint" />}
          title="Inbox"
          end={<span className="text-xs text-waiting">2</span>}
        />
        {GROUPS.map((group) => (
          <section key={group.name} className="mt-4">
            <h2 className="px-2 pb-1 text-xs font-medium text-faint">{group.name}</h2>
            {group.sessions.map((session, index) => (
              <Row
                key={session.title}
                icon={<StateDot state={session.state} />}
                title={session.title}
                selected={group.name === 'octo' && index === 0}
                end={
                  session.added === undefined ? (
                    <span className="text-xs text-faint">{session.age}</span>
                  ) : (
                    <LineCounts added={session.added} removed={session.removed ?? 0} />
                  )
                }
              />
            ))}
          </section>
        ))}
      </div>
      <footer className="flex h-10 items-center gap-2 border-t border-line px-3 text-xs text-muted">
        <StateDot state="ok" label="Connected" />
        <span className="flex-1 truncate">ada</span>
        <IconButton size="small" label="Settings" icon={<Settings size={14} />} tooltipSide="top" />
      </footer>
    </nav>
  )
}

interface RowSampleProps {
  readonly icon: ReactNode
  readonly title: string
  readonly end?: ReactNode
  readonly selected?: boolean
}

function Row({ icon, title, end, selected = false }: RowSampleProps): ReactElement {
  return (
    <button
      type="button"
      className={cx(
        'flex h-row w-full items-center gap-2 rounded-md px-2 text-left',
        selected ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <span className="inline-flex w-3.5 shrink-0 justify-center">{icon}</span>
      <span className={cx('min-w-0 flex-1 truncate', selected ? 'text-text' : 'text-muted')}>{title}</span>
      {end}
    </button>
  )
}

type Item =
  | { readonly id: string; readonly kind: 'user'; readonly text: string }
  | { readonly id: string; readonly kind: 'text'; readonly text: string }
  | {
      readonly id: string
      readonly kind: 'tool'
      readonly verb: string
      readonly object: string
      readonly time: string
      readonly body: ReactNode
      readonly open?: boolean
      readonly failed?: boolean
    }
  | { readonly id: string; readonly kind: 'end' }

const ITEMS: readonly Item[] = [
  {
    id: '1',
    kind: 'user',
    text: 'Signing in sends me round in circles on staging. Find out why and fix it, with a test.',
  },
  { id: '2', kind: 'text', text: 'I will look at the session code first, then reproduce it in a test.' },
  { id: '3', kind: 'tool', verb: 'Read', object: '6 files in src/auth', time: '0.4 s', body: null },
  {
    id: '4',
    kind: 'tool',
    verb: 'Edited',
    object: 'src/auth/session.ts',
    time: '1.2 s',
    open: true,
    body: <DiffView source={{ patch: PATCH.slice(0, PATCH.indexOf('diff --git a/docs')) }} bare />,
  },
  {
    id: '5',
    kind: 'tool',
    verb: 'Ran',
    object: 'vitest run --project unit',
    time: '3.8 s',
    open: true,
    failed: true,
    body: (
      <div className="rounded-lg border border-line bg-code-bg px-3 py-2">
        <ToolOutput text={OUTPUT} collapsedLines={9} />
      </div>
    ),
  },
  { id: '6', kind: 'text', text: ANSWER },
  { id: '7', kind: 'end' },
]

function Centre(): ReactElement {
  return (
    <div className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <header className="flex h-9 shrink-0 items-stretch border-b border-line bg-bg pointer-coarse:h-11">
        <div className="flex min-w-0 items-center gap-2 border-r border-line bg-surface px-3 text-text">
          <StateDot state="working" />
          <span className="truncate">Fix the login redirect</span>
        </div>
        <div className="flex items-center gap-2 border-r border-line px-3 text-muted max-md:hidden">
          <FileText size={14} className="text-faint" />
          session.ts
        </div>
        <div className="flex items-center gap-2 px-3 text-muted max-md:hidden">
          <Terminal size={14} className="text-faint" />
          dev server
        </div>
        <span className="flex-1" />
        <IconButton
          label="Side panel"
          shortcut="mod+j"
          icon={<PanelRight size={15} />}
          className="my-auto mr-1"
          pressed
        />
      </header>
      <TranscriptList
        label="Transcript"
        items={ITEMS}
        itemKey={(item) => item.id}
        renderItem={(item) => <TranscriptRow item={item} />}
        footer={<div className="h-6" />}
      />
      <Composer />
    </div>
  )
}

function TranscriptRow({ item }: { readonly item: Item }): ReactElement {
  return (
    <div className={cx('mx-auto max-w-measure px-4', item.kind === 'tool' ? 'py-0.5' : 'py-2')}>
      <ItemBody item={item} />
    </div>
  )
}

function ItemBody({ item }: { readonly item: Item }): ReactElement {
  switch (item.kind) {
    case 'user':
      return <div className="mt-4 rounded-lg bg-sunken px-4 py-3 text-base">{item.text}</div>
    case 'text':
      return <Markdown text={item.text} onOpenPath={() => undefined} />
    case 'tool':
      return <Tool item={item} />
    case 'end':
      return (
        <div className="flex flex-wrap gap-x-3 text-xs text-faint tabular-nums">
          <span>3 min</span>
          <span>12.4k tokens</span>
          <span>$0.18</span>
          <LineCounts added={46} removed={13} />
        </div>
      )
  }
}

function Tool({ item }: { readonly item: Item & { kind: 'tool' } }): ReactElement {
  const [open, setOpen] = useState(item.open ?? false)
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        className="-mx-2 flex h-row w-[calc(100%+16px)] items-center gap-2 rounded-md px-2 text-left hover:bg-hover"
        onClick={() => setOpen(!open)}
      >
        <StateDot state={item.failed === true ? 'failed' : 'ok'} label={item.failed === true ? 'Failed' : 'Done'} />
        <span className="text-muted">{item.verb}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-text">{item.object}</span>
        <span className="text-xs text-faint tabular-nums">{item.time}</span>
      </button>
      {open && item.body !== null ? <div className="mt-1 mb-2">{item.body}</div> : null}
    </div>
  )
}

function Composer(): ReactElement {
  const [text, setText] = useState('')
  return (
    <div className="mx-auto w-full max-w-[752px] px-4 pb-4">
      <div className="rounded-xl border border-line-strong bg-surface shadow-small focus-within:border-line-control">
        <Textarea
          label="Message"
          hideLabel
          variant="bare"
          rows={1}
          placeholder="Message, @file, /command"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="px-3.5 pt-3"
        />
        <div className="flex items-center gap-1 px-2 pt-1 pb-2">
          <IconButton label="Attach" icon={<Plus size={16} />} tooltipSide="top" />
          <Select
            label="Model"
            variant="quiet"
            value="a"
            onValueChange={() => undefined}
            options={[{ value: 'a', label: 'pi · Sonnet 4.5' }]}
          />
          <Select
            label="Mode"
            variant="quiet"
            value="a"
            onValueChange={() => undefined}
            options={[{ value: 'a', label: 'Ask first' }]}
            className="max-sm:hidden"
          />
          <span className="flex-1" />
          <Kbd keys="escape" className="max-sm:hidden" />
          <IconButton
            label="Stop"
            icon={<Square size={12} fill="currentColor" />}
            variant="primary"
            tooltipSide="top"
          />
        </div>
      </div>
    </div>
  )
}

function SidePanel(): ReactElement {
  const [tab, setTab] = useState('changes')
  return (
    <Tabs
      label="Side panel"
      value={tab}
      onValueChange={setTab}
      className="flex-1 bg-bg"
      items={[
        { value: 'changes', label: 'Changes', count: 3 },
        { value: 'files', label: 'Files' },
        { value: 'search', label: 'Search' },
        { value: 'terminals', label: 'Terminals', count: 1 },
      ]}
    >
      <TabPanel value="changes" className="overflow-y-auto p-3">
        <DiffView source={{ patch: PATCH }} onOpenFile={() => undefined} />
      </TabPanel>
      <TabPanel value="search" className="p-3">
        <TextField label="Search" hideLabel placeholder="Search in files" icon={<Search size={14} />} />
      </TabPanel>
    </Tabs>
  )
}
