import type { Agent, Model, ModelRef, Provider } from '@octo/protocol'
import { Check, ChevronDown, Search } from 'lucide-react'
import { useId, useMemo, useState } from 'react'
import type { KeyboardEvent, ReactElement } from 'react'
import { focusOnMount } from '../../lib/focus.ts'
import { OptionList, stepOf } from '../../lib/option-list.tsx'
import { openTab } from '../../shell/navigation.ts'
import { Button, cx, formatCount, Popover } from '../../ui/index.ts'

interface ModelPickerProps {
  /** Shown before the model; with `onAgent` it can be chosen. */
  readonly agent: Agent | null
  readonly agents?: readonly Agent[]
  readonly onAgent?: (name: string) => void
  readonly providers: readonly Provider[]
  /** The chosen model, as far as it is known. */
  readonly model: (ModelRef & { readonly name?: string }) | null
  /** Absent where the agent cannot switch. */
  readonly onModel?: (model: ModelRef) => void
}

/** The agent and model of a session, and the list to choose from. */
export function ModelPicker(props: ModelPickerProps): ReactElement {
  const { agent, agents = [], onAgent, providers, model, onModel } = props
  const [open, setOpen] = useState(false)
  const name = model === null ? 'Choose a model' : (model.name ?? nameOf(providers, model))
  const label = agent === null ? name : `${agent.title} · ${name}`
  if (onModel === undefined && onAgent === undefined) {
    return <span className="min-w-0 truncate px-1.5 text-sm text-muted">{label}</span>
  }
  return (
    <Popover
      label="Agent and model"
      side="top"
      open={open}
      onOpenChange={setOpen}
      className="w-80! p-0!"
      trigger={
        <Button
          variant="quiet"
          className="min-w-0 shrink! px-1.5! font-normal!"
          aria-label={`Agent and model: ${label}`}
        >
          <span className="truncate">{label}</span>
          <ChevronDown size={14} aria-hidden className="text-faint" />
        </Button>
      }
    >
      {onAgent !== undefined && agents.length > 1 ? (
        <AgentChoice agents={agents} chosen={agent?.name ?? ''} onAgent={onAgent} />
      ) : null}
      {onModel === undefined ? null : (
        <ModelList
          providers={providers}
          model={model}
          onModel={(chosen) => {
            onModel(chosen)
            setOpen(false)
          }}
        />
      )}
    </Popover>
  )
}

function nameOf(providers: readonly Provider[], { provider, id }: ModelRef): string {
  return providers.find((entry) => entry.id === provider)?.models.find((entry) => entry.id === id)?.name ?? id
}

interface AgentChoiceProps {
  readonly agents: readonly Agent[]
  readonly chosen: string
  readonly onAgent: (name: string) => void
}

function AgentChoice({ agents, chosen, onAgent }: AgentChoiceProps): ReactElement {
  return (
    <fieldset className="border-b border-line p-1">
      <legend className="sr-only">Agent</legend>
      {agents.map((agent) => (
        <label key={agent.name} className="ui-menu-item hover:bg-hover has-focus-visible:bg-pressed">
          <input
            type="radio"
            name="agent"
            checked={agent.name === chosen}
            disabled={!agent.ready}
            onChange={() => onAgent(agent.name)}
            className="sr-only"
          />
          <span className="w-4">{agent.name === chosen ? <Check size={14} aria-hidden /> : null}</span>
          <span className={cx('flex-1', !agent.ready && 'text-disabled')}>{agent.title}</span>
          {agent.ready ? null : <span className="max-w-40 truncate text-xs text-faint">{agent.problem}</span>}
        </label>
      ))}
    </fieldset>
  )
}

interface ModelListProps {
  readonly providers: readonly Provider[]
  readonly model: ModelRef | null
  readonly onModel: (model: ModelRef) => void
}

interface ModelEntry {
  readonly provider: Provider
  readonly model: Model
}

function ModelList({ providers, model, onModel }: ModelListProps): ReactElement {
  const [filter, setFilter] = useState('')
  const [selected, setSelected] = useState(0)
  const id = useId()
  const entries = useMemo(() => filterModels(providers, filter), [providers, filter])
  const active = Math.min(selected, entries.length - 1)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event.key, active, entries.length)
    const entry = entries[active]
    if (step !== null) setSelected(step)
    else if (event.key === 'Enter' && entry !== undefined) onModel(refOf(entry))
    else return
    event.preventDefault()
  }
  return (
    <div className="flex max-h-80 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3">
        <Search size={14} aria-hidden className="text-faint" />
        <input
          ref={focusOnMount}
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={entries.length > 0 ? `${id}-${active}` : undefined}
          aria-label="Filter models"
          placeholder="Filter models"
          value={filter}
          onChange={(event) => {
            setFilter(event.target.value)
            setSelected(0)
          }}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none"
        />
      </div>
      <OptionList
        id={id}
        label="Models"
        entries={entries}
        entryKey={({ provider, model: { id: name } }) => `${provider.id} ${name}`}
        active={active}
        onActive={setSelected}
        onChoose={(entry) => onModel(refOf(entry))}
        heading={(entry, before) => (before?.provider === entry.provider ? null : entry.provider.title)}
        className="min-h-0 overflow-y-auto p-1"
      >
        {(entry) => <ModelOption entry={entry} chosen={isChosen(entry, model)} />}
      </OptionList>
      {entries.length === 0 ? <p className="px-3 pb-2 text-sm text-faint">No model matches.</p> : null}
      <div className="border-t border-line p-1">
        <Button
          variant="quiet"
          className="w-full justify-start! px-2! font-normal!"
          onClick={() => openTab({ kind: 'settings', page: 'models' })}
        >
          Providers and models…
        </Button>
      </div>
    </div>
  )
}

function isChosen(entry: ModelEntry, model: ModelRef | null): boolean {
  return entry.model.id === model?.id && entry.provider.id === model.provider
}

function ModelOption({ entry, chosen }: { readonly entry: ModelEntry; readonly chosen: boolean }): ReactElement {
  return (
    <>
      <span className="w-4 shrink-0">{chosen ? <Check size={14} aria-label="Chosen" /> : null}</span>
      <span className="min-w-0 flex-1 truncate">{entry.model.name}</span>
      {entry.model.contextTokens === undefined ? null : (
        <span className="shrink-0 text-xs text-faint">{formatCount(entry.model.contextTokens)}</span>
      )}
    </>
  )
}

function refOf({ provider, model }: ModelEntry): ModelRef {
  return { provider: provider.id, id: model.id }
}

/** Models whose name, id or provider holds every word. */
export function filterModels(providers: readonly Provider[], filter: string): readonly ModelEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return providers.flatMap((provider) =>
    provider.models
      .filter((model) => {
        const text = `${model.name} ${model.id} ${provider.title}`.toLowerCase()
        return words.every((word) => text.includes(word))
      })
      .map((model) => ({ provider, model })),
  )
}
