import type { Terminal, TerminalId, WorkspaceId } from '@octo/protocol'
import type { LiveListState, Mux } from '../mux/index.ts'
import { createLiveList, perMux, toOctoError, useLiveList, useMux } from '../mux/index.ts'
import { openTab } from '../shell/navigation.ts'
import { toast } from '../ui/index.ts'
import type { Size } from './attachment.ts'

/** The terminals of this user, live. */
export const terminalList = perMux((mux) => createLiveList(mux, 'terminals.list', 'terminals.changed'))

export function useTerminals(): LiveListState<Terminal> {
  return useLiveList(terminalList(useMux()))
}

/** What a terminal is called: by its user, else by its program, else by its number. */
export function terminalTitle(terminal: Pick<Terminal, 'name' | 'title'>): string {
  return /^Terminal \d+$/.test(terminal.name) ? (terminal.title ?? terminal.name) : terminal.name
}

/** The size the last terminal had here: one that is made now begins with it, so that its first lines need no reflow. */
let likelySize: Size = { cols: 100, rows: 30 }

export function rememberSize(size: Size): void {
  likelySize = size
}

export interface NewTerminal {
  readonly workspace: WorkspaceId
  readonly name?: string
  readonly folder?: string
}

/** Starts a terminal. @throws OctoError what the runner answered */
export function createTerminal(mux: Mux, options: NewTerminal): Promise<Terminal> {
  return mux.command('terminals.create', { ...likelySize, ...options })
}

/** Starts a terminal and shows it; a failure is told. */
export async function openNewTerminal(mux: Mux, options: NewTerminal): Promise<void> {
  try {
    const terminal = await createTerminal(mux, options)
    openTab({ kind: 'terminal', terminal: terminal.id })
  } catch (error) {
    toast({ tone: 'failed', text: toOctoError(error).message })
  }
}

/** Ends a terminal and what runs in it; a failure is told. @returns whether it is closed */
export async function closeTerminal(mux: Mux, terminal: TerminalId): Promise<boolean> {
  try {
    await mux.command('terminals.close', { terminal })
    return true
  } catch (thrown) {
    const error = toOctoError(thrown)
    if (error.code === 'not_found') return true
    toast({ tone: 'failed', text: error.message })
    return false
  }
}
