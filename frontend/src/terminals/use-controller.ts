import type { Terminal } from '@octo/protocol'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { RefObject } from 'react'
import { useSettings } from '../lib/settings.ts'
import { useMux } from '../mux/index.ts'
import { openPath } from '../shell/navigation.ts'
import { useMedia } from '../ui/index.ts'
import { useWorkspaces } from '../workspaces/index.ts'
import { pathInWorkspace } from './path-links.ts'
import { TerminalController } from './terminal-controller.ts'
import type { ControllerState } from './terminal-controller.ts'

export interface Controlled {
  /** Goes on the element the terminal is shown in. */
  readonly host: RefObject<HTMLElement | null>
  /** `null` until the element is there. */
  readonly controller: TerminalController | null
}

/** Shows a terminal in an element for as long as that is mounted. */
export function useController(terminal: Terminal): Controlled {
  const mux = useMux()
  const host = useRef<HTMLElement | null>(null)
  const [controller, setController] = useState<TerminalController | null>(null)
  const root = useWorkspaces().entries.get(terminal.workspace)?.path ?? null
  const touch = useMedia('(pointer: coarse)')
  const settings = useSettings()
  const { id, workspace, cols, rows } = terminal
  const ended = terminal.state === 'ended'

  useEffect(() => {
    const element = host.current
    if (element === null) return
    const made = new TerminalController(mux, id)
    made.open(element)
    setController(made)
    return () => {
      made.dispose()
      element.replaceChildren()
      setController(null)
    }
  }, [mux, id])

  useEffect(
    () =>
      controller?.openPathsWith(({ path, line }, cwd) => {
        const inside = root === null ? null : pathInWorkspace(path, cwd, root)
        if (inside !== null) openPath(workspace, inside, line ?? undefined)
      }),
    [controller, root, workspace],
  )

  useEffect(() => controller?.change(settings), [controller, settings])
  useEffect(() => controller?.follow({ cols, rows }), [controller, cols, rows])
  useEffect(() => {
    if (ended) controller?.end()
  }, [controller, ended])
  // On a phone the focus opens the keyboard over half of the screen, which nobody asked for yet.
  useEffect(() => {
    if (!touch) controller?.focus()
  }, [controller, touch])
  return { host, controller }
}

/** A controller's state as a hook. */
export function useControllerState(controller: TerminalController): ControllerState {
  return useSyncExternalStore(controller.subscribe, () => controller.state)
}
