import type { Session } from '@octo/protocol'
import type { ReactElement, RefObject } from 'react'
import { useAgents } from '../../agents/index.ts'
import { useProviders } from '../../models/index.ts'
import { useCommand } from '../../mux/index.ts'
import { keepTab } from '../../shell/navigation.ts'
import { tabKey } from '../../shell/tabs.ts'
import { isApple, shortcutKeys, useMedia } from '../../ui/index.ts'
import { draftOf, promptOf } from '../drafts.ts'
import type { SessionStore } from '../session-store.ts'
import { ChoicePicker, titleCase } from './choice-picker.tsx'
import { ComposerFrame } from './composer-frame.tsx'
import { ContextRing } from './context-ring.tsx'
import { ModelPicker } from './model-picker.tsx'
import { QueueList } from './queue-list.tsx'

interface ComposerProps {
  readonly session: Session
  readonly store: SessionStore
  readonly fieldRef: RefObject<HTMLTextAreaElement | null>
}

/** The composer of a session: offers exactly what its agent can. */
export function Composer({ session, store, fieldRef }: ComposerProps): ReactElement {
  const draft = draftOf(session.id)
  const { capabilities, queue } = session
  const stop = useCommand('sessions.stop')
  const isTouch = useMedia('(pointer: coarse)')
  const working = session.state === 'working' || session.state === 'waiting' || session.state === 'stopping'
  const send = (how: 'prompt' | 'steer'): void => {
    const prompt = promptOf(draft.draft)
    if (prompt === null) return
    draft.clear()
    keepTab(tabKey({ kind: 'session', session: session.id }))
    // A prompt that fails stays in the transcript, with what went wrong and a way to send it again.
    store.send(prompt, how).catch(() => undefined)
  }
  return (
    <div>
      <QueueList session={session.id} queue={queue} held={!working && queue.length > 0} />
      <ComposerFrame
        draft={draft}
        placeholder={placeholderOf(working, capabilities.steer && !isTouch)}
        scope={{ workspace: session.workspace, session: capabilities.commands ? session.id : null }}
        working={working}
        steers={capabilities.steer}
        takesImages={capabilities.images}
        onSend={send}
        onStop={() => {
          if (session.state !== 'stopping') stop.run({ session: session.id })
        }}
        fieldRef={fieldRef}
        toolbar={<SessionPickers session={session} />}
        meter={session.context === undefined ? null : <ContextRing context={session.context} />}
      />
    </div>
  )
}

function placeholderOf(working: boolean, steers: boolean): string {
  if (!working) return 'Message, @ for files, / for commands'
  if (!steers) return 'Queue the next prompt'
  return `Enter queues, ${shortcutKeys('mod+enter').join(isApple() ? '' : '+')} steers`
}

function SessionPickers({ session }: { readonly session: Session }): ReactElement {
  const agents = useAgents()
  const { enabled } = useProviders()
  const setModel = useCommand('sessions.setModel')
  const setEffort = useCommand('sessions.setEffort')
  const setMode = useCommand('sessions.setMode')
  const { id, capabilities } = session
  const agent = agents.value?.find(({ name }) => name === session.agent) ?? null
  return (
    <>
      <ModelPicker
        agent={agent}
        providers={enabled}
        model={session.model ?? null}
        {...(capabilities.models ? { onModel: (model) => setModel.run({ session: id, model }) } : {})}
      />
      {capabilities.efforts.length === 0 ? null : (
        <ChoicePicker
          label="Effort"
          value={session.effort ?? null}
          options={capabilities.efforts.map((effort) => ({ value: effort, label: titleCase(effort) }))}
          onChange={(effort) => setEffort.run({ session: id, effort })}
        />
      )}
      {capabilities.modes.length === 0 ? null : (
        <ChoicePicker
          label="Mode"
          value={session.mode ?? null}
          options={capabilities.modes.map((mode) => ({ value: mode.id, label: mode.title }))}
          onChange={(mode) => setMode.run({ session: id, mode })}
        />
      )}
    </>
  )
}
