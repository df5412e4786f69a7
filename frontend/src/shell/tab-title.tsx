import { Inbox, Plus, Settings, SquareTerminal } from 'lucide-react'
import { createElement } from 'react'
import type { ReactElement } from 'react'
import { fileIcon } from '../files/index.ts'
import { dotOf, useSessions } from '../sessions/index.ts'
import { terminalTitle, useTerminals } from '../terminals/index.ts'
import { StateDot } from '../ui/index.ts'
import type { Tab } from './tabs.ts'

interface TabTitle {
  readonly title: string
  /** More, for the tooltip: the whole path of a file. */
  readonly hint: string
  readonly icon: ReactElement
}

/** What a tab is called, and its sign. */
export function useTabTitle({ target, title }: Tab): TabTitle {
  const { entries } = useSessions()
  const terminals = useTerminals().entries
  switch (target.kind) {
    case 'session': {
      const session = entries.get(target.session)
      const name = session?.title ?? title ?? 'Session'
      return {
        title: name,
        hint: name,
        icon: <StateDot state={session === undefined ? 'idle' : dotOf(session, false)} />,
      }
    }
    case 'file': {
      const name = target.path.slice(target.path.lastIndexOf('/') + 1)
      return { title: title ?? name, hint: target.path, icon: createElement(fileIcon(name), { size: 14 }) }
    }
    case 'terminal': {
      const terminal = terminals.get(target.terminal)
      const name = terminal === undefined ? (title ?? 'Terminal') : terminalTitle(terminal)
      return { title: name, hint: name, icon: <SquareTerminal size={14} /> }
    }
    case 'new':
      return { title: 'New session', hint: 'New session', icon: <Plus size={14} /> }
    case 'settings':
      return { title: 'Settings', hint: 'Settings', icon: <Settings size={14} /> }
    case 'inbox':
      return { title: 'Inbox', hint: 'Waiting for you', icon: <Inbox size={14} /> }
  }
}
