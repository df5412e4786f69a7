import type { Model, Result } from '@octo/protocol'
import { CircleAlert, CircleCheck, ExternalLink, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactElement } from 'react'
import { toOctoError, useCommand, useMux } from '../mux/index.ts'
import { Button, Checkbox, Dialog, formatCount, TextField } from '../ui/index.ts'
import { useProviders } from './model-list.ts'
import type { ProviderTarget } from './provider-form.ts'
import { modelsMatching, offeredModels, providerIdOf } from './provider-form.ts'

/** More rows at a time only slow the dialog; the filter finds the others. */
const MAX_ROWS = 200

interface ProviderDialogProps {
  readonly target: ProviderTarget
  readonly onClose: () => void
}

interface Tested {
  readonly state: 'never' | 'running' | 'done'
  readonly answer: Result<'models.test'> | null
}

/** Sets a provider up: its address where it is an own one, its key, a test of both, and the models to offer. */
export function ProviderDialog({ target, onClose }: ProviderDialogProps): ReactElement {
  const { provider, kind } = target
  const own = kind === 'openai-compatible'
  const [title, setTitle] = useState(provider?.title ?? '')
  const [address, setAddress] = useState(provider?.address ?? '')
  const [key, setKey] = useState('')
  const [picked, setPicked] = useState<ReadonlyMap<string, Model>>(
    () => new Map((provider?.models ?? []).map((model) => [model.id, model])),
  )
  const taken = useProviders().entries
  const id = provider?.id ?? providerIdOf(title, new Set(taken.keys()))
  const { tested, test } = useTest({
    target,
    address,
    apiKey: key,
    onFound: setPicked,
    onAddress: setAddress,
    picked,
  })
  const { busy, run } = useCommand('models.save')
  const complete = own ? address.trim() !== '' && title.trim() !== '' : key.trim() !== '' || provider?.hasKey === true
  const save = (): void => {
    run(
      {
        provider: id,
        kind,
        models: [...picked.values()].map((model) => ({ ...model, provider: id })),
        ...(own ? { title: title.trim(), address: address.trim() } : {}),
        ...(key.trim() === '' ? {} : { key: key.trim() }),
      },
      onClose,
    )
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={provider?.enabled === true ? `Change ${provider.title}` : `Add ${target.title}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} disabled={!complete || picked.size === 0} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {own ? (
          <>
            <TextField label="Name" value={title} maxLength={60} onChange={(event) => setTitle(event.target.value)} />
            <TextField
              label="Address"
              placeholder="https://models.example.org/v1"
              hint="Where the OpenAI API begins, commonly ending in /v1."
              inputMode="url"
              spellCheck={false}
              value={address}
              onChange={(event) => setAddress(event.target.value)}
            />
          </>
        ) : null}
        <TextField
          label={own ? 'Key (if it needs one)' : 'Key'}
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder={provider?.hasKey === true ? 'A key is stored; leave empty to keep it' : ''}
          hint={provider?.keyUrl === undefined ? undefined : <KeyLink url={provider.keyUrl} title={target.title} />}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <div>
          <Button busy={tested.state === 'running'} disabled={!complete} onClick={test}>
            Test and list models
          </Button>
          <TestResult tested={tested} />
        </div>
        <ModelChoice found={tested.answer?.models ?? []} picked={picked} onPick={setPicked} />
      </div>
    </Dialog>
  )
}

function KeyLink({ url, title }: { readonly url: string; readonly title: string }): ReactElement {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 text-accent-text hover:underline"
    >
      {`Make a key at ${title}`}
      <ExternalLink size={11} aria-hidden />
    </a>
  )
}

interface TestInput {
  readonly target: ProviderTarget
  readonly address: string
  readonly apiKey: string
  readonly picked: ReadonlyMap<string, Model>
  readonly onFound: (picked: ReadonlyMap<string, Model>) => void
  /** The address that answered, where it is not quite the one that was typed. */
  readonly onAddress: (address: string) => void
}

/** A first test that names few models picks them all: there is nothing to choose. */
const PICK_ALL_BELOW = 6

function useTest({ target, address, apiKey, picked, onFound, onAddress }: TestInput): {
  readonly tested: Tested
  readonly test: () => void
} {
  const mux = useMux()
  const [tested, setTested] = useState<Tested>({ state: 'never', answer: null })
  const ask = async (): Promise<Result<'models.test'>> => {
    try {
      return await mux.query('models.test', {
        kind: target.kind,
        ...(target.provider === null ? {} : { provider: target.provider.id }),
        ...(address.trim() === '' || target.kind !== 'openai-compatible' ? {} : { address: address.trim() }),
        ...(apiKey.trim() === '' ? {} : { key: apiKey.trim() }),
      })
    } catch (error) {
      return { ok: false, message: toOctoError(error).message, models: [] }
    }
  }
  const test = async (): Promise<void> => {
    setTested({ ...tested, state: 'running' })
    const answer = await ask()
    setTested({ state: 'done', answer })
    if (target.kind === 'openai-compatible' && answer.address !== undefined) onAddress(answer.address)
    if (picked.size === 0 && answer.models.length <= PICK_ALL_BELOW) {
      onFound(new Map(answer.models.map((model) => [model.id, model])))
    }
  }
  return { tested, test: () => void test() }
}

function TestResult({ tested }: { readonly tested: Tested }): ReactElement | null {
  if (tested.state !== 'done' || tested.answer === null) return null
  const { ok, message } = tested.answer
  return (
    <output className={`mt-2 flex items-start gap-1.5 text-sm ${ok ? 'text-ok' : 'text-failed'}`}>
      <span aria-hidden className="mt-0.5 shrink-0">
        {ok ? <CircleCheck size={14} /> : <CircleAlert size={14} />}
      </span>
      <span className="min-w-0 text-pretty [overflow-wrap:anywhere]">{message}</span>
    </output>
  )
}

interface ModelChoiceProps {
  readonly found: readonly Model[]
  readonly picked: ReadonlyMap<string, Model>
  readonly onPick: (picked: ReadonlyMap<string, Model>) => void
}

function ModelChoice({ found, picked, onPick }: ModelChoiceProps): ReactElement | null {
  const [filter, setFilter] = useState('')
  const models = useMemo(() => modelsMatching(offeredModels(found, picked), filter), [found, picked, filter])
  if (found.length === 0 && picked.size === 0) return null
  const toggle = (model: Model, on: boolean): void => {
    const next = new Map(picked)
    if (on) next.set(model.id, model)
    else next.delete(model.id)
    onPick(next)
  }
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-xs font-medium text-muted">{`Models to offer (${picked.size} picked)`}</legend>
      <TextField
        label="Filter models"
        hideLabel
        placeholder="Filter"
        icon={<Search size={14} />}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <div className="mt-1 max-h-56 overflow-y-auto rounded-md border border-line px-3 py-1">
        {models.slice(0, MAX_ROWS).map((model) => (
          <Checkbox
            key={model.id}
            checked={picked.has(model.id)}
            onCheckedChange={(on) => toggle(model, on)}
            label={
              <>
                {model.name}
                {model.contextTokens === undefined ? null : (
                  <span className="ml-2 text-xs text-faint">{`${formatCount(model.contextTokens)} context`}</span>
                )}
              </>
            }
          />
        ))}
        {models.length === 0 ? <p className="py-1 text-sm text-faint">No model matches.</p> : null}
        {models.length > MAX_ROWS ? (
          <p className="py-1 text-xs text-faint">{`${models.length - MAX_ROWS} more: use the filter.`}</p>
        ) : null}
      </div>
    </fieldset>
  )
}
