import { Bell, Folder, GitBranch, MoreHorizontal, Pencil, Plus, Search, Settings, Trash2, WifiOff } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'

import {
  Badge,
  Banner,
  Button,
  Checkbox,
  ConfirmDialog,
  ContextMenu,
  CopyButton,
  Dialog,
  EmptyState,
  ErrorState,
  IconButton,
  Kbd,
  LineCounts,
  Menu,
  Popover,
  ProgressBar,
  RelativeTime,
  Segmented,
  Select,
  Skeleton,
  Spinner,
  StateDot,
  Switch,
  TabPanel,
  Tabs,
  TextField,
  Textarea,
  setThemeChoice,
  toast,
  useThemeChoice,
} from '../src/ui/index.ts'
import type { DotState, MenuEntry } from '../src/ui/index.ts'

const STATES: readonly DotState[] = ['working', 'stopping', 'waiting', 'failed', 'interrupted', 'idle', 'unread', 'ok']

const ENTRIES: readonly MenuEntry[] = [
  { kind: 'item', label: 'Rename', icon: <Pencil />, shortcut: 'f2', onSelect: () => toast({ text: 'Renamed' }) },
  { kind: 'item', label: 'Fork from here', icon: <GitBranch />, onSelect: () => toast({ text: 'Forked', tone: 'ok' }) },
  { kind: 'check', label: 'Wrap lines', checked: true, onChange: () => undefined },
  { kind: 'separator' },
  {
    kind: 'choice',
    label: 'Effort',
    value: 'high',
    onChange: () => undefined,
    options: [
      { value: 'low', label: 'Low' },
      { value: 'high', label: 'High', hint: 'default' },
    ],
  },
  { kind: 'submenu', label: 'Open in', entries: [{ kind: 'item', label: 'A new tab', onSelect: () => undefined }] },
  { kind: 'separator' },
  { kind: 'item', label: 'Delete', icon: <Trash2 />, danger: true, onSelect: () => undefined },
]

/** Every part of the kit in its states. */
export function PartsPage(): ReactElement {
  return (
    <main className="h-full overflow-y-auto bg-surface">
      <Banner
        icon={<WifiOff />}
        action={
          <Button size="small" variant="quiet">
            Retry now
          </Button>
        }
      >
        Offline. What you type is kept; octo connects again by itself.
      </Banner>
      <div className="mx-auto flex max-w-5xl flex-col gap-8 px-4 py-8 sm:px-8">
        <header className="flex items-center gap-3">
          <h1 className="flex-1 text-xl font-semibold">Parts</h1>
          <ThemeSwitch />
        </header>
        <Buttons />
        <Fields />
        <Floats />
        <Signs />
        <Views />
      </div>
    </main>
  )
}

function ThemeSwitch(): ReactElement {
  const choice = useThemeChoice()
  return (
    <Segmented
      label="Theme"
      value={choice}
      onValueChange={setThemeChoice}
      options={[
        { value: 'system', label: 'System' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="flex flex-col gap-4 border-t border-line pt-4">
      <h2 className="text-xs font-medium text-faint">{title}</h2>
      {children}
    </section>
  )
}

function Row({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className="flex flex-wrap items-center gap-3">{children}</div>
}

function Buttons(): ReactElement {
  return (
    <Section title="Buttons">
      <Row>
        <Button variant="primary" icon={<Plus size={14} />}>
          New session
        </Button>
        <Button>Cancel</Button>
        <Button variant="quiet">Show all</Button>
        <Button variant="danger">Delete session</Button>
        <Button busy>Saving</Button>
        <Button disabled>Disabled</Button>
        <Button variant="primary" size="large">
          Sign in
        </Button>
        <Button size="small">Small</Button>
      </Row>
      <Row>
        <IconButton label="Search" shortcut="mod+shift+f" icon={<Search size={16} />} />
        <IconButton label="Settings" icon={<Settings size={16} />} pressed />
        <IconButton label="More" size="small" icon={<MoreHorizontal size={14} />} />
        <CopyButton text="copied" />
        <Kbd keys="mod+k" />
        <Kbd keys="shift+enter" />
      </Row>
    </Section>
  )
}

function Fields(): ReactElement {
  const [text, setText] = useState('Fix the login redirect.\nThen run the tests.')
  const [agent, setAgent] = useState('pi')
  const [on, setOn] = useState(true)
  return (
    <Section title="Fields">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Workspace"
          hint="A folder on this machine."
          icon={<Folder size={14} />}
          defaultValue="~/code/octo"
        />
        <TextField label="Port" error="Port 80 needs root. Choose one above 1023." defaultValue="80" />
        <Textarea label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <div className="flex flex-col items-start gap-3">
          <Select
            label="Agent"
            value={agent}
            onValueChange={setAgent}
            options={[
              { value: 'pi', label: 'pi', hint: 'Ready' },
              { value: 'claude', label: 'Claude Code', hint: 'Not logged in' },
              { value: 'codex', label: 'codex', hint: 'Not installed', disabled: true },
            ]}
            className="w-48"
          />
          <Select
            label="Model"
            variant="quiet"
            value="s"
            onValueChange={() => undefined}
            options={[{ value: 's', label: 'Sonnet 4.5' }]}
          />
        </div>
        <Checkbox
          label="Keep the terminal open"
          hint="It ends with the session otherwise."
          checked={on}
          onCheckedChange={setOn}
        />
        <Switch
          label="Notify me when an agent waits"
          hint="Also when the tab is hidden."
          checked={on}
          onCheckedChange={setOn}
        />
      </div>
    </Section>
  )
}

function Floats(): ReactElement {
  const [dialog, setDialog] = useState(new URLSearchParams(location.search).get('open') ?? '')
  const close = (): void => setDialog('')
  return (
    <Section title="Floating">
      <Row>
        <Menu trigger={<Button>Menu</Button>} entries={ENTRIES} />
        <Popover trigger={<Button>Popover</Button>} label="Context">
          <p>62% of the context is used.</p>
        </Popover>
        <ContextMenu entries={ENTRIES}>
          <div className="rounded-md border border-dashed border-line-strong px-3 py-1 text-muted">
            Right click here
          </div>
        </ContextMenu>
        <Button onClick={() => setDialog('dialog')}>Dialog</Button>
        <Button onClick={() => setDialog('confirm')}>Confirm</Button>
        <Button
          onClick={() =>
            toast({ text: 'Session archived', action: { label: 'Undo', onAction: () => undefined }, durationMs: null })
          }
        >
          Toast
        </Button>
      </Row>
      <Dialog
        open={dialog === 'dialog'}
        onOpenChange={close}
        title="New session"
        description="The agent works in the folder you choose, as your user on this machine."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" onClick={close}>
              Start
            </Button>
          </>
        }
      >
        <TextField label="Folder" defaultValue="~/code/octo" />
      </Dialog>
      <ConfirmDialog
        open={dialog === 'confirm'}
        onOpenChange={close}
        title="Delete “Fix login”?"
        confirmLabel="Delete session"
        danger
        onConfirm={() => undefined}
      >
        Its 214 messages are lost. Files the agent changed stay as they are.
      </ConfirmDialog>
    </Section>
  )
}

function Signs(): ReactElement {
  const [now] = useState(() => Date.now())
  return (
    <Section title="Signs">
      <Row>
        {STATES.map((state) => (
          <span key={state} className="inline-flex items-center gap-2">
            <StateDot state={state} label={null} />
            {state}
          </span>
        ))}
      </Row>
      <Row>
        <Badge>3</Badge>
        <Badge tone="accent">new</Badge>
        <Badge tone="waiting">waiting</Badge>
        <Badge tone="failed">failed</Badge>
        <Badge tone="ok">passed</Badge>
        <LineCounts added={46} removed={3} />
        <LineCounts added={0} removed={0} />
        <Spinner />
        <RelativeTime at={now - 240_000} className="text-faint" />
      </Row>
      <div className="grid gap-4 sm:grid-cols-2">
        <ProgressBar label="Uploading design.pdf" value={0.34} detail="4.1 of 12 MB" onCancel={() => undefined} />
        <ProgressBar label="Cloning octo" value={null} onCancel={() => undefined} />
      </div>
    </Section>
  )
}

function Views(): ReactElement {
  const [tab, setTab] = useState('changes')
  return (
    <Section title="Views">
      <Tabs
        label="Side panel"
        value={tab}
        onValueChange={setTab}
        items={[
          { value: 'changes', label: 'Changes', count: 4 },
          { value: 'files', label: 'Files' },
          { value: 'search', label: 'Search' },
        ]}
        actions={<IconButton size="small" label="Notify" icon={<Bell size={14} />} />}
      >
        <TabPanel value="changes">
          <EmptyState title="No changes yet" action={<Button size="small">Open files</Button>}>
            Files the agent edits are listed here.
          </EmptyState>
        </TabPanel>
        <TabPanel value="files">
          <ErrorState title="The folder could not be read" detail="not_found ~/code/octo" onRetry={() => undefined}>
            It was moved or deleted. Choose another folder in the workspace's settings.
          </ErrorState>
        </TabPanel>
        <TabPanel value="search">
          <Skeleton lines={4} className="p-4" />
        </TabPanel>
      </Tabs>
      <div className="grid sm:grid-cols-2">
        <ErrorState title="The folder could not be read" detail="not_found ~/code/octo" onRetry={() => undefined}>
          It was moved or deleted. Choose another folder in the workspace's settings.
        </ErrorState>
        <Skeleton lines={5} className="p-6" />
      </div>
      <div>
        <Banner tone="waiting">Two sessions wait for you.</Banner>
        <Banner tone="failed" onDismiss={() => undefined}>
          The runner ended. Your agents go on; it is being started again.
        </Banner>
        <Banner tone="accent">A new version is ready.</Banner>
      </div>
    </Section>
  )
}
