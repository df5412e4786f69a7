import type { SessionId, TerminalId, WorkspaceId } from '@octo/protocol'
import type { TabTarget } from './tabs.ts'
import { SETTINGS_PAGES } from './tabs.ts'

/** The path of a tab in the address bar, to share and to come back to. */
export function pathOf(target: TabTarget): string {
  switch (target.kind) {
    case 'session':
      return `/session/${target.session}`
    case 'file': {
      const path = target.path.split('/').map(encodeURIComponent).join('/')
      return `/file/${target.workspace}/${path}${target.line === undefined ? '' : `?line=${target.line}`}`
    }
    case 'terminal':
      return `/terminal/${target.terminal}`
    case 'new':
      return target.workspace === null ? '/new' : `/new/${target.workspace}`
    case 'settings':
      return `/settings/${target.page}`
    case 'inbox':
      return '/inbox'
  }
}

/** The tab an address means; `null` for the workbench as it was left, and for addresses nobody knows. */
export function targetOf(pathname: string, search = ''): TabTarget | null {
  const [kind, first, ...rest] = pathname.split('/').filter(Boolean)
  switch (kind) {
    case 'session':
      return first === undefined ? null : { kind, session: first as SessionId }
    case 'terminal':
      return first === undefined ? null : { kind, terminal: first as TerminalId }
    case 'file':
      return first === undefined ? null : fileTarget(first as WorkspaceId, rest, search)
    case 'new':
      return { kind, workspace: first === undefined ? null : (first as WorkspaceId) }
    case 'settings':
      return { kind, page: SETTINGS_PAGES.find((page) => page === first) ?? 'appearance' }
    case 'inbox':
      return { kind }
    case undefined:
    default:
      return null
  }
}

function fileTarget(workspace: WorkspaceId, parts: readonly string[], search: string): TabTarget | null {
  const path = decodePath(parts)
  if (path === null || path === '') return null
  const line = Number(new URLSearchParams(search).get('line'))
  return Number.isInteger(line) && line > 0
    ? { kind: 'file', workspace, path, line }
    : { kind: 'file', workspace, path }
}

function decodePath(parts: readonly string[]): string | null {
  try {
    return parts.map(decodeURIComponent).join('/')
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
