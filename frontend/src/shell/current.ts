import type { SessionId, Workspace, WorkspaceId } from '@octo/protocol'
import { useSessions } from '../sessions/index.ts'
import { useTerminals } from '../terminals/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import { useNavigation } from './navigation.ts'
import type { TabTarget } from './tabs.ts'

/** What the user is working on: the side panel and new things follow it. */
export interface Current {
  readonly workspace: Workspace | null
  readonly session: SessionId | null
}

/** The session and workspace of the tab in front, else what was in front before it. */
export function useCurrent(): Current {
  const tabs = useNavigation((state) => state.tabs)
  const recent = useNavigation((state) => state.recent)
  const sessions = useSessions().entries
  const terminals = useTerminals().entries
  const { entries, sorted } = useWorkspaces()
  const targets = recent.flatMap((key) => tabs.find((tab) => tab.key === key)?.target ?? [])
  const workspaceOf = (target: TabTarget): WorkspaceId | null => {
    switch (target.kind) {
      case 'session':
        return sessions.get(target.session)?.workspace ?? null
      case 'file':
        return target.workspace
      case 'new':
        return target.workspace
      case 'terminal':
        return terminals.get(target.terminal)?.workspace ?? null
      case 'settings':
      case 'inbox':
        return null
    }
  }
  const id = targets.map(workspaceOf).find((workspace) => workspace !== null && entries.has(workspace))
  const session = targets.find((target) => target.kind === 'session')?.session ?? null
  return { workspace: entries.get(id ?? '') ?? sorted[0] ?? null, session }
}
