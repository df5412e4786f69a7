import type { WorkspaceId, Workspace } from '@octo/protocol'
import { CircleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ReactElement } from 'react'
import { useAgents } from '../agents/index.ts'
import { ModelNeeded, useProviders } from '../models/index.ts'
import { toOctoError, useMux } from '../mux/index.ts'
import { activeTab, openTab, replaceTab } from '../shell/navigation.ts'
import { Button, ErrorState, Select, Skeleton, toast } from '../ui/index.ts'
import { markUsed, useWorkspaces } from '../workspaces/index.ts'
import { ChoicePicker, titleCase } from './composer/choice-picker.tsx'
import { ComposerFrame } from './composer/composer-frame.tsx'
import { ModelPicker } from './composer/model-picker.tsx'
import type { DraftStore } from './drafts.ts'
import { draftOf, promptOf } from './drafts.ts'
import { lastChoice, possibleChoice, rememberChoice } from './last-choice.ts'

interface NewSessionProps {
  /** Where it works; null chooses the workspace used last. */
  readonly workspace: WorkspaceId | null
}

/** Small enough for any folder; the demo model knows them by heart. */
const EXAMPLES = ['Explain this folder', 'Write and run a small program', 'Fix a failing test'] as const

/** A session before its first prompt: where, with what, and what to do. */
export function NewSession({ workspace: wanted }: NewSessionProps): ReactElement {
  const { sorted, loaded, error, entries } = useWorkspaces()
  const [chosen, setChosen] = useState<string | null>(wanted)
  const workspace = entries.get(chosen ?? '') ?? sorted[0]
  if (workspace === undefined) {
    if (error !== null) return <ErrorState title="Workspaces could not be loaded">{error.message}</ErrorState>
    return loaded ? <></> : <Skeleton lines={4} className="m-auto w-80" />
  }
  return (
    <div className="flex h-full min-h-0 flex-1 flex-col overflow-y-auto bg-surface">
      <div className="mx-auto flex w-full max-w-measure flex-1 flex-col justify-center px-4 pt-8 pb-[16dvh] max-sm:justify-end max-sm:px-2 max-sm:pb-2">
        <h1 className="mb-4 max-sm:-order-2 max-sm:mb-2 flex flex-wrap items-baseline gap-x-2 px-1 text-xl font-semibold">
          <span>What should be done in</span>
          <Select
            label="Workspace"
            variant="quiet"
            value={workspace.id}
            onValueChange={setChosen}
            options={sorted.map((entry) => ({ value: entry.id, label: entry.name, hint: entry.path }))}
            className="-mx-1 h-auto! text-xl! font-semibold! text-text!"
          />
        </h1>
        <NewComposer key={workspace.id} workspace={workspace} />
      </div>
    </div>
  )
}

function NewComposer({ workspace }: { readonly workspace: Workspace }): ReactElement {
  const draft = draftOf(`new.${workspace.id}`)
  const { enabled, loaded } = useProviders()
  const agents = useAgents()
  const [choice, setChoice] = useState(lastChoice)
  const possible = possibleChoice(choice, agents.value ?? [], enabled)
  const { agentFacts: agent } = possible
  const { busy, begin } = useBegin({ workspace, draft })
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    // On a phone the keyboard would cover what is to be read first.
    if (!matchMedia('(pointer: coarse)').matches) field.current?.focus({ preventScroll: true })
  }, [])
  const change = (patch: Partial<typeof choice>): void => {
    const next = { ...possible, ...patch }
    rememberChoice(next)
    setChoice(next)
  }
  if (loaded && enabled.length === 0 && agent?.capabilities.models !== false) return <ModelNeeded />
  const capabilities = agent?.capabilities
  return (
    <>
      <ComposerFrame
        draft={draft}
        placeholder="Describe the task, @ for files"
        scope={{ workspace: workspace.id, session: null }}
        working={false}
        steers={false}
        takesImages={capabilities?.images ?? true}
        blocked={busy || agent?.ready !== true}
        onSend={() => begin(possible)}
        fieldRef={field}
        toolbar={
          <>
            <ModelPicker
              agent={agent}
              agents={agents.value ?? []}
              onAgent={(name) => change({ agent: name })}
              providers={enabled}
              model={possible.model}
              {...(capabilities?.models === true ? { onModel: (model) => change({ model }) } : {})}
            />
            {capabilities === undefined || capabilities.efforts.length === 0 ? null : (
              <ChoicePicker
                label="Effort"
                value={possible.effort}
                options={capabilities.efforts.map((effort) => ({ value: effort, label: titleCase(effort) }))}
                onChange={(effort) => change({ effort })}
              />
            )}
            {capabilities === undefined || capabilities.modes.length === 0 ? null : (
              <ChoicePicker
                label="Mode"
                value={possible.mode}
                options={capabilities.modes.map((mode) => ({ value: mode.id, label: mode.title }))}
                onChange={(mode) => change({ mode })}
              />
            )}
          </>
        }
      />
      {agent !== null && !agent.ready ? <AgentProblem text={agent.problem} title={agent.title} /> : null}
      {agents.error === null ? null : <AgentProblem title="Agents" text={agents.error.message} />}
      <Examples draft={draft} onPick={() => field.current?.focus()} />
    </>
  )
}

interface BeginInput {
  readonly workspace: Workspace
  readonly draft: DraftStore
}

/** Makes the session with its first prompt, and puts it into the place of this tab. */
function useBegin({ workspace, draft }: BeginInput): {
  readonly busy: boolean
  readonly begin: (choice: ReturnType<typeof possibleChoice>) => void
} {
  const mux = useMux()
  const [busy, setBusy] = useState(false)
  const begin = async ({ agent, model, effort, mode }: ReturnType<typeof possibleChoice>): Promise<void> => {
    const prompt = promptOf(draft.draft)
    if (prompt === null || agent === null) return
    setBusy(true)
    try {
      const session = await mux.command('sessions.create', {
        workspace: workspace.id,
        agent,
        prompt,
        ...(model === null ? {} : { model }),
        ...(effort === null ? {} : { effort }),
        ...(mode === null ? {} : { mode }),
      })
      draft.clear()
      markUsed(workspace.id)
      const tab = activeTab()
      if (tab?.target.kind === 'new') replaceTab(tab.key, { kind: 'session', session: session.id })
      else openTab({ kind: 'session', session: session.id })
    } catch (error) {
      setBusy(false)
      toast({ tone: 'failed', text: toOctoError(error).message })
    }
  }
  return { busy, begin: (choice) => void begin(choice) }
}

function AgentProblem({ title, text }: { readonly title: string; readonly text: string | undefined }): ReactElement {
  return (
    <div
      role="alert"
      className="mt-3 flex items-center gap-2 rounded-lg bg-waiting-soft px-3 py-2 text-sm text-waiting"
    >
      <CircleAlert size={14} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1 text-pretty">{`${title} is not ready. ${text ?? ''}`}</span>
      <Button size="small" onClick={() => openTab({ kind: 'settings', page: 'agents' })}>
        Agents
      </Button>
    </div>
  )
}

function Examples({ draft, onPick }: { readonly draft: DraftStore; readonly onPick: () => void }): ReactElement {
  return (
    <ul aria-label="Examples" className="mt-4 flex flex-col items-start max-sm:-order-1 max-sm:mt-0 max-sm:mb-3">
      {EXAMPLES.map((example) => (
        <li key={example}>
          <button
            type="button"
            onClick={() => {
              draft.setText(example)
              onPick()
            }}
            className="rounded-md px-2 py-1 text-left text-sm text-muted hover:bg-hover hover:text-text pointer-coarse:py-2.5"
          >
            {example}
          </button>
        </li>
      ))}
    </ul>
  )
}
