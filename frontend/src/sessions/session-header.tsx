import type { Session, Workspace } from '@octo/protocol'
import { Ellipsis } from 'lucide-react'
import type { ReactElement } from 'react'
import { formatCost, formatTokens, IconButton, Menu, StateDot, Tooltip } from '../ui/index.ts'
import { useSessionActions } from './session-actions.tsx'
import { dotOf } from './session-list.ts'
import { describeUsage } from './transcript/turn-end.tsx'

interface SessionHeaderProps {
  readonly session: Session
  readonly workspace: Workspace | null
}

/** What the session is called, how it stands, what it has cost, and what can be done with it. */
export function SessionHeader({ session, workspace }: SessionHeaderProps): ReactElement {
  const { entries, dialogs, rename } = useSessionActions({
    id: session.id,
    title: session.title,
    archived: session.archived,
    compacts: session.capabilities.compact,
  })
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 border-b border-line px-4">
      <StateDot state={dotOf(session, false)} />
      <h1 className="min-w-0">
        <Tooltip label="Rename">
          <button
            type="button"
            onClick={rename}
            className="block max-w-full truncate rounded-sm text-sm font-medium underline-offset-4 hover:underline"
          >
            {session.title}
          </button>
        </Tooltip>
      </h1>
      {workspace === null ? null : (
        <span className="min-w-0 shrink truncate text-xs text-faint max-sm:hidden" title={workspace.path}>
          {workspace.name}
        </span>
      )}
      <span className="flex-1" />
      <UsageText session={session} />
      <Menu
        align="end"
        entries={entries}
        trigger={<IconButton size="small" label="Session menu" icon={<Ellipsis size={16} />} />}
      />
      {dialogs}
    </header>
  )
}

function UsageText({ session }: { readonly session: Session }): ReactElement | null {
  const { input, output, cacheRead, cacheWrite, cost } = session.usage
  const total = input + output + cacheRead + cacheWrite
  if (total === 0) return null
  return (
    <span className="shrink-0 text-xs text-faint tabular-nums max-sm:hidden" title={describeUsage(session.usage)}>
      {formatTokens(total)}
      {cost === undefined || cost === 0 ? '' : ` · ${formatCost(cost)}`}
    </span>
  )
}
