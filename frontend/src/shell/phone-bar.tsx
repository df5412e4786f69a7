import { FileDiff, Folder, Inbox, List, MessageSquare, SquareTerminal } from 'lucide-react'
import { useMemo } from 'react'
import type { ReactElement } from 'react'
import { useSessions, waitingSessions } from '../sessions/index.ts'
import { cx } from '../ui/index.ts'
import { openTab, showChat, showPhoneScreen, showSide, useNavigation } from './navigation.ts'

interface PhoneItem {
  readonly id: string
  readonly label: string
  readonly icon: ReactElement
  readonly active: boolean
  readonly count?: number
  readonly onPress: () => void
}

/** The bar at the lower edge of a phone: one screen at a time, each one thumb away. */
export function PhoneBar(): ReactElement {
  const screen = useNavigation((state) => state.phone)
  const kind = useNavigation((state) => state.tabs.find(({ key }) => key === state.active)?.target.kind ?? 'new')
  const { entries } = useSessions()
  const waiting = useMemo(() => waitingSessions(entries.values()).length, [entries])
  const centre = screen === 'centre'
  const items: readonly PhoneItem[] = [
    {
      id: 'sessions',
      label: 'Sessions',
      icon: <List />,
      active: screen === 'sessions',
      onPress: () => showPhoneScreen('sessions'),
    },
    {
      id: 'chat',
      label: 'Chat',
      icon: <MessageSquare />,
      active: centre && (kind === 'session' || kind === 'new'),
      onPress: showChat,
    },
    {
      id: 'changes',
      label: 'Changes',
      icon: <FileDiff />,
      active: screen === 'changes',
      onPress: () => showSide('changes'),
    },
    {
      id: 'files',
      label: 'Files',
      icon: <Folder />,
      active: screen === 'files' || (centre && kind === 'file'),
      onPress: () => showSide('files'),
    },
    {
      id: 'terminals',
      label: 'Terminal',
      icon: <SquareTerminal />,
      active: screen === 'terminals' || (centre && kind === 'terminal'),
      onPress: () => showSide('terminals'),
    },
    {
      id: 'inbox',
      label: 'Inbox',
      icon: <Inbox />,
      active: centre && kind === 'inbox',
      count: waiting,
      onPress: () => openTab({ kind: 'inbox' }),
    },
  ]
  return (
    <nav aria-label="Screens" className="flex shrink-0 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)]">
      {items.map((item) => (
        <PhoneButton key={item.id} item={item} />
      ))}
    </nav>
  )
}

function PhoneButton({ item }: { readonly item: PhoneItem }): ReactElement {
  const { label, icon, active, count = 0, onPress } = item
  return (
    <button
      type="button"
      aria-current={active ? 'page' : undefined}
      aria-label={count > 0 ? `${label}, ${count} waiting` : undefined}
      onClick={onPress}
      className={cx(
        'relative flex h-12 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-2xs [&_svg]:size-5',
        active ? 'text-accent-text' : 'text-muted',
      )}
    >
      <span aria-hidden>{icon}</span>
      <span className="max-w-full truncate">{label}</span>
      {count > 0 ? (
        <span
          aria-hidden
          className="absolute top-1 left-1/2 ml-1.5 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-waiting-soft px-1 text-2xs font-medium text-waiting"
        >
          {count}
        </span>
      ) : null}
    </button>
  )
}
