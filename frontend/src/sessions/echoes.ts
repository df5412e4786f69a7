import type { CommandId, ItemId, OctoError, PromptInput, SessionView } from '@octo/protocol'

/** A prompt of this tab that is on its way: shown at once, until the session itself shows it. */
export interface Echo {
  readonly command: CommandId
  readonly prompt: PromptInput
  readonly how: 'prompt' | 'steer'
  readonly sentAt: number
  readonly state: 'sending' | 'delivered' | 'failed'
  /** The item it became, once that is answered. */
  readonly item: ItemId | null
  readonly error: OctoError | null
}

/** How far from the end a prompt just sent is looked for; a turn that runs adds only a few items meanwhile. */
const LOOK_BACK = 200

/** Leaves out the echoes that the session itself shows, as an item or in its queue. */
export function withoutShown(echoes: readonly Echo[], view: SessionView): readonly Echo[] {
  if (echoes.length === 0) return echoes
  const shown = shownCommands(view)
  const rest = echoes.filter(({ command, item }) => !shown.has(command) && (item === null || !shown.has(item)))
  return rest.length === echoes.length ? echoes : rest
}

function shownCommands(view: SessionView): ReadonlySet<string> {
  const shown = new Set<string>()
  for (const { command } of view.session?.queue ?? []) if (command !== undefined) shown.add(command)
  for (const item of view.items.slice(-LOOK_BACK)) {
    if (item.kind !== 'user') continue
    shown.add(item.id)
    if (item.command !== undefined) shown.add(item.command)
  }
  return shown
}
