import { useEffect, useMemo } from 'react'
import { logOut } from '../accounts/index.ts'
import { toOctoError, useMux } from '../mux/index.ts'
import type { Mux } from '../mux/index.ts'
import { openNewTerminal } from '../terminals/index.ts'
import { isApple, setThemeChoice, toast } from '../ui/index.ts'
import type { ShellCommand } from './commands.ts'
import { matchesShortcut } from './commands.ts'
import type { Current } from './current.ts'
import {
  activateTab,
  activeTab,
  closeTab,
  navigation,
  openTab,
  showSide,
  stepTab,
  toggleSide,
  toggleSidebar,
} from './navigation.ts'
import { openDialog } from './shell-dialogs.ts'
import { SETTINGS_PAGES } from './tabs.ts'

/** Alt+1 to Alt+9 go to tabs; Ctrl with a digit belongs to the browser. */
const TAB_KEYS = 9

/** Everything that can be done from anywhere. */
export function useShellCommands(current: Current): readonly ShellCommand[] {
  const mux = useMux()
  const workspace = current.workspace?.id ?? null
  return useMemo(
    () => [...tabCommands(workspace), ...terminalCommands(mux, workspace), ...viewCommands(), ...settingsCommands()],
    [mux, workspace],
  )
}

type CurrentWorkspace = NonNullable<Current['workspace']>['id'] | null

function tabCommands(workspace: CurrentWorkspace): readonly ShellCommand[] {
  return [
    {
      id: 'new-session',
      title: 'New session',
      shortcut: 'alt+n',
      words: 'chat prompt agent',
      run: () => openTab({ kind: 'new', workspace }),
    },
    {
      id: 'palette',
      title: 'Search everything',
      shortcut: 'mod+k',
      words: 'palette',
      run: () => openDialog('palette'),
    },
    { id: 'add-workspace', title: 'Add workspace…', words: 'folder project', run: () => openDialog('add-workspace') },
    {
      id: 'inbox',
      title: 'Inbox',
      shortcut: 'alt+i',
      words: 'waiting permission',
      run: () => openTab({ kind: 'inbox' }),
    },
    {
      id: 'close-tab',
      title: 'Close tab',
      shortcut: 'alt+w',
      run: () => {
        const tab = activeTab()
        if (tab !== null) void closeTab(tab.key)
      },
    },
    { id: 'next-tab', title: 'Next tab', shortcut: 'alt+pagedown', run: () => stepTab(1) },
    { id: 'previous-tab', title: 'Previous tab', shortcut: 'alt+pageup', run: () => stepTab(-1) },
  ]
}

function terminalCommands(mux: Mux, workspace: CurrentWorkspace): readonly ShellCommand[] {
  if (workspace === null) return []
  return [
    {
      id: 'new-terminal',
      title: 'New terminal',
      shortcut: 'alt+shift+t',
      words: 'shell console',
      run: () => void openNewTerminal(mux, { workspace }),
    },
  ]
}

function viewCommands(): readonly ShellCommand[] {
  return [
    { id: 'toggle-sidebar', title: 'Show or hide the sidebar', shortcut: 'mod+b', run: toggleSidebar },
    { id: 'toggle-side', title: 'Show or hide the side panel', shortcut: 'mod+\\', run: toggleSide },
    { id: 'side-changes', title: 'Show changes', shortcut: 'alt+c', words: 'diff', run: () => showSide('changes') },
    { id: 'side-files', title: 'Show files', shortcut: 'alt+f', words: 'tree explorer', run: () => showSide('files') },
    {
      id: 'side-terminals',
      title: 'Show terminals',
      shortcut: 'alt+t',
      words: 'shell console',
      run: () => showSide('terminals'),
    },
  ]
}

function settingsCommands(): readonly ShellCommand[] {
  const pages = SETTINGS_PAGES.map((page) => ({
    id: `settings-${page}`,
    title: `Settings: ${page}`,
    ...(page === 'appearance' ? { shortcut: 'mod+,' } : {}),
    words: SETTINGS_WORDS[page],
    run: () => openTab({ kind: 'settings', page }),
  }))
  const themes = (['system', 'light', 'dark'] as const).map((theme) => ({
    id: `theme-${theme}`,
    title: `Theme: ${theme}`,
    words: 'appearance colours dark mode',
    run: () => setThemeChoice(theme),
  }))
  return [
    ...pages,
    ...themes,
    {
      id: 'log-out',
      title: 'Log out',
      run: () => {
        logOut().catch((error: unknown) => toast({ tone: 'failed', text: toOctoError(error).message }))
      },
    },
  ]
}

const SETTINGS_WORDS: Record<(typeof SETTINGS_PAGES)[number], string> = {
  appearance: 'theme font size',
  models: 'provider key api',
  agents: 'pi ready installed',
  account: 'password logins user',
}

/** Runs commands by their shortcuts, in the whole page. */
export function useShortcuts(commands: readonly ShellCommand[]): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isTyping(event)) return
      const command = commands.find(({ shortcut }) => shortcut !== undefined && isPressed(event, shortcut))
      if (command !== undefined) {
        event.preventDefault()
        command.run()
      } else if (goToNumberedTab(event)) event.preventDefault()
    }
    // Before the terminal and the editor, which would take the keys for themselves.
    document.addEventListener('keydown', onKey, { capture: true })
    return () => document.removeEventListener('keydown', onKey, { capture: true })
  }, [commands])
}

/** On a Mac, Option with a letter or digit types a character: brackets and @ on many keyboards. */
function isTyping(event: KeyboardEvent): boolean {
  if (!isApple() || !event.altKey || event.metaKey || event.ctrlKey || !(event.target instanceof HTMLElement))
    return false
  return event.target.isContentEditable || event.target.matches('input, textarea')
}

/** In a terminal where Ctrl belongs to the shell, a shortcut with Ctrl wants Shift with it. */
function isPressed(event: KeyboardEvent, shortcut: string): boolean {
  if (belongsToTerminal(event)) return false
  const wanted = isInTerminal(event) && !isApple() ? shortcut.replace(/^mod\+(?=.$)/, 'mod+shift+') : shortcut
  return matchesShortcut(event, wanted)
}

/** A shell reads Alt with a letter as Meta, and Ctrl with a letter is half of what is typed there: Ctrl+K, Ctrl+B. */
function belongsToTerminal(event: KeyboardEvent): boolean {
  return isInTerminal(event) && (event.altKey || (event.ctrlKey && !event.shiftKey && !isApple()))
}

function isInTerminal(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest('.xterm') !== null
}

function goToNumberedTab(event: KeyboardEvent): boolean {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || belongsToTerminal(event)) return false
  const at = /^Digit([1-9])$/.exec(event.code)?.[1]
  const tab = at === undefined ? undefined : navigation().tabs.slice(0, TAB_KEYS)[Number(at) - 1]
  if (tab === undefined) return false
  activateTab(tab.key)
  return true
}
