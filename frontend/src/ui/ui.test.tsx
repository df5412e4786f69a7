// @vitest-environment happy-dom
import { act, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import {
  Button,
  Checkbox,
  ConfirmDialog,
  Dialog,
  ErrorState,
  IconButton,
  Menu,
  ProgressBar,
  RelativeTime,
  Segmented,
  Skeleton,
  Spinner,
  StateDot,
  Switch,
  TabPanel,
  Tabs,
  TextField,
  Toaster,
  TooltipProvider,
  currentTheme,
  dismissToast,
  followTheme,
  setThemeChoice,
  themeChoice,
  toast,
} from './index.ts'
import type { MenuEntry } from './index.ts'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

let box: HTMLElement
let root: Root

beforeEach(() => {
  vi.useFakeTimers()
  box = document.createElement('div')
  document.body.append(box)
  root = createRoot(box)
})

afterEach(() => {
  act(() => root.unmount())
  box.remove()
  localStorage.clear()
  vi.useRealTimers()
})

function render(element: ReactNode): void {
  act(() => root.render(<TooltipProvider>{element}</TooltipProvider>))
}

function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector)
  if (element === null) throw new Error(`nothing matches ${selector}`)
  return element
}

function press(element: HTMLElement, key: string): void {
  act(() => {
    element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  })
}

function passTime(ms: number): void {
  act(() => {
    vi.advanceTimersByTime(ms)
  })
}

describe('buttons', () => {
  test('an icon button has a name, and a busy button takes no second press', () => {
    let presses = 0
    render(
      <>
        <IconButton label="Search" icon={<svg />} pressed />
        <Button busy onClick={() => (presses += 1)}>
          Save
        </Button>
      </>,
    )
    expect(find('[aria-label="Search"]').getAttribute('aria-pressed')).toBe('true')
    act(() => find('[aria-busy]').click())
    expect(presses).toBe(0)
  })

  test('a button in a form does not submit it unless it says so', () => {
    render(<Button>Cancel</Button>)
    expect(find('button').getAttribute('type')).toBe('button')
  })
})

describe('waiting', () => {
  test('nothing is drawn for a wait below 150 ms', () => {
    render(
      <>
        <Spinner label="Loading files" />
        <Skeleton label="Loading text" />
      </>,
    )
    expect(box.textContent).toBe('')
    passTime(149)
    expect(box.textContent).toBe('')
    passTime(1)
    expect(box.textContent).toBe('Loading filesLoading text')
  })
})

describe('fields', () => {
  test('a field belongs to its label, its hint and its error', () => {
    render(<TextField label="Port" hint="Above 1023." error="Port 80 needs root." />)
    const input = find('input')
    expect(find(`label[for="${input.id}"]`).textContent).toBe('Port')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    const described = input
      .getAttribute('aria-describedby')
      ?.split(' ')
      .map((id) => document.getElementById(id)?.textContent)
    expect(described).toEqual(['Above 1023.', 'Port 80 needs root.'])
  })

  test('boxes, switches and segments tell what was chosen', () => {
    const told: unknown[] = []
    render(
      <>
        <Checkbox label="a" checked={false} onCheckedChange={(on) => told.push(['box', on])} />
        <Switch label="b" checked onCheckedChange={(on) => told.push(['switch', on])} />
        <Segmented
          label="Theme"
          value="light"
          onValueChange={(value) => told.push(value)}
          options={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </>,
    )
    for (const selector of ['[type="checkbox"]:not([role])', '[role="switch"]', 'label:last-of-type [type="radio"]'])
      act(() => find(selector).click())
    expect(told).toEqual([['box', true], ['switch', false], 'dark'])
  })
})

describe('menus', () => {
  test('a menu opens by key, runs the entry that is chosen and gives the focus back', () => {
    const chosen: string[] = []
    const entries: readonly MenuEntry[] = [
      { kind: 'item', label: 'Rename', onSelect: () => chosen.push('rename') },
      { kind: 'separator' },
      { kind: 'item', label: 'Delete', danger: true, onSelect: () => chosen.push('delete') },
    ]
    render(<Menu trigger={<Button>More</Button>} entries={entries} />)
    const trigger = find('button')
    trigger.focus()
    press(trigger, 'Enter')
    expect([...document.querySelectorAll('[role="menuitem"]')].map((item) => item.textContent)).toEqual([
      'Rename',
      'Delete',
    ])
    act(() => find('[role="menuitem"]:last-of-type').click())
    passTime(50)
    expect(chosen).toEqual(['delete'])
    expect(document.querySelector('[role="menu"]')).toBeNull()
    expect(document.activeElement).toBe(trigger)
  })
})

describe('dialogs', () => {
  test('a dialog is named, and the keyboard starts in its first field', () => {
    render(
      <Dialog
        open
        onOpenChange={() => undefined}
        title="New session"
        description="In a folder."
        footer={<Button>Start</Button>}
      >
        <TextField label="Folder" />
      </Dialog>,
    )
    const dialog = find('[role="dialog"]')
    expect(document.getElementById(dialog.getAttribute('aria-labelledby') ?? '')?.textContent).toBe('New session')
    expect(document.activeElement?.tagName).toBe('INPUT')
  })

  test('a question starts at the harmless answer, and stays open while the act fails', async () => {
    function Question(): ReactElement {
      const [open, setOpen] = useState(true)
      return (
        <ConfirmDialog
          open={open}
          onOpenChange={setOpen}
          title="Delete?"
          confirmLabel="Delete"
          danger
          onConfirm={remove}
        >
          All is lost.
        </ConfirmDialog>
      )
    }
    let fails = true
    const remove = (): Promise<void> => (fails ? Promise.reject(new Error('The runner is away.')) : Promise.resolve())
    render(<Question />)
    expect(document.activeElement?.textContent).toBe('Cancel')
    const confirm = (): HTMLElement => find('[data-dialog-footer] button:last-child')
    await act(async () => confirm().click())
    expect(find('[role="alert"]').textContent).toBe('The runner is away.')
    fails = false
    await act(async () => confirm().click())
    passTime(300)
    expect(document.querySelector('[role="alertdialog"]')).toBeNull()
  })
})

describe('tabs', () => {
  test('arrow keys move along the tabs, and only the chosen panel is there', () => {
    function Panel(): ReactElement {
      const [tab, setTab] = useState('a')
      return (
        <Tabs
          label="Side panel"
          value={tab}
          onValueChange={setTab}
          items={[
            { value: 'a', label: 'Changes', count: 3 },
            { value: 'b', label: 'Files' },
          ]}
        >
          <TabPanel value="a">changes</TabPanel>
          <TabPanel value="b">files</TabPanel>
        </Tabs>
      )
    }
    render(<Panel />)
    act(() => find('[role="tab"]').focus())
    press(find('[role="tab"]'), 'ArrowRight')
    passTime(1)
    expect(find('[role="tab"][aria-selected="true"]').textContent).toBe('Files')
    expect([...document.querySelectorAll('[role="tabpanel"]')].map((panel) => panel.textContent).join('')).toBe('files')
  })
})

describe('notices', () => {
  test('a notice goes by itself, one to decide on stays twice as long, and both wait under the pointer', () => {
    render(<Toaster />)
    act(() => {
      toast({ text: 'Saved' })
      toast({ text: 'Archived', action: { label: 'Undo', onAction: () => undefined } })
    })
    const texts = (): readonly (string | null)[] => [...box.querySelectorAll('p')].map((line) => line.textContent)
    passTime(4_999)
    expect(texts()).toEqual(['Saved', 'Archived'])
    passTime(1)
    expect(texts()).toEqual(['Archived'])
    act(() => {
      find('section').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))
    })
    passTime(60_000)
    expect(texts()).toEqual(['Archived'])
    act(() => {
      find('section').dispatchEvent(new PointerEvent('pointerout', { bubbles: true }))
    })
    passTime(10_000)
    expect(texts()).toEqual([])
  })

  test('undo runs once and takes the notice away; there are never more than three', () => {
    let undone = 0
    render(<Toaster />)
    act(() => {
      for (const text of ['1', '2', '3']) toast({ text, durationMs: null })
      toast({ text: '4', durationMs: null, action: { label: 'Undo', onAction: () => (undone += 1) } })
    })
    expect([...box.querySelectorAll('p')].map((line) => line.textContent)).toEqual(['2', '3', '4'])
    const undo = [...box.querySelectorAll('button')].find((button) => button.textContent === 'Undo')
    act(() => undo?.click())
    expect([...box.querySelectorAll('p')].map((line) => line.textContent)).toEqual(['2', '3'])
    expect(undone).toBe(1)
    act(() => {
      for (const label of box.querySelectorAll<HTMLButtonElement>('[aria-label="Dismiss"]')) label.click()
    })
    expect(box.querySelectorAll('p')).toHaveLength(0)
    act(() => dismissToast(999))
  })
})

describe('signs', () => {
  test('a state is said in words, and a bar in percent', () => {
    render(
      <>
        <StateDot state="waiting" />
        <ProgressBar label="Uploading" value={0.345} onCancel={() => undefined} />
        <ErrorState title="Not found" onRetry={() => undefined} />
      </>,
    )
    expect(find('[role="img"]').getAttribute('aria-label')).toBe('Waiting for you')
    expect(find('[role="progressbar"]').getAttribute('aria-valuenow')).toBe('35')
    expect(find('[aria-label="Cancel: Uploading"]')).toBeDefined()
    expect(find('[role="alert"]').textContent).toBe('Not foundTry again')
  })

  test('a relative time moves on by itself and carries the exact one', () => {
    vi.setSystemTime(1_000_000_000_000)
    render(<RelativeTime at={1_000_000_000_000 - 60_000} />)
    expect(find('time').textContent).toBe('1 min ago')
    expect(find('time').getAttribute('datetime')).toBe('2001-09-09T01:45:40.000Z')
    passTime(120_000)
    expect(find('time').textContent).toBe('3 min ago')
  })
})

describe('the theme', () => {
  test('it follows the choice, and the system while there is none', () => {
    const stop = followTheme()
    expect([themeChoice(), currentTheme()]).toEqual(['system', 'light'])
    setThemeChoice('dark')
    expect([themeChoice(), currentTheme(), localStorage.getItem('octo.theme')]).toEqual(['dark', 'dark', 'dark'])
    setThemeChoice('system')
    expect([themeChoice(), currentTheme(), localStorage.getItem('octo.theme')]).toEqual(['system', 'light', null])
    stop()
  })
})
