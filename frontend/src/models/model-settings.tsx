import type { Provider } from '@octo/protocol'
import { ChevronRight, Plus } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { SettingsRows, SettingsSection } from '../lib/settings-section.tsx'
import { useCommand, useMux } from '../mux/index.ts'
import { Badge, Button, ConfirmDialog, ErrorState, formatPlural, Skeleton } from '../ui/index.ts'
import { providerList, useProviders } from './model-list.ts'
import { ProviderDialog } from './provider-dialog.tsx'
import type { ProviderTarget } from './provider-form.ts'

const OWN: ProviderTarget = { provider: null, kind: 'openai-compatible', title: 'Own address' }

/** The providers in use, and those that can be set up. */
export function ModelSettings(): ReactElement {
  const mux = useMux()
  const { loaded, error, enabled, offered } = useProviders()
  const [target, setTarget] = useState<ProviderTarget | null>(null)
  if (!loaded) {
    return error === null ? (
      <Skeleton lines={5} label="Loading providers" />
    ) : (
      <ErrorState title="Providers could not be loaded" onRetry={() => providerList(mux).reload()}>
        {error.message}
      </ErrorState>
    )
  }
  return (
    <>
      <SettingsSection
        title="Models"
        about="Agents are offered the models you pick here. Keys stay on your runner and are never shown again."
      >
        {enabled.length === 0 ? (
          <p className="rounded-lg border border-line px-4 py-3 text-sm text-muted">
            No provider is set up yet. Choose one below.
          </p>
        ) : (
          <SettingsRows>
            {enabled.map((provider) => (
              <ProviderRow key={provider.id} provider={provider} onEdit={() => setTarget(targetOf(provider))} />
            ))}
          </SettingsRows>
        )}
      </SettingsSection>
      <SettingsSection title="Add a provider">
        <SettingsRows>
          {offered
            .filter(({ kind }) => kind !== 'demo')
            .map((provider) => (
              <OfferRow key={provider.id} title={provider.title} onPress={() => setTarget(targetOf(provider))} />
            ))}
          <OfferRow
            title="Own address"
            about="Any server that speaks the OpenAI API: a gateway, or a model on your own machine."
            onPress={() => setTarget(OWN)}
          />
          {offered.some(({ kind }) => kind === 'demo') ? <DemoRow /> : null}
        </SettingsRows>
      </SettingsSection>
      {target === null ? null : (
        <ProviderDialog key={target.provider?.id ?? target.kind} target={target} onClose={() => setTarget(null)} />
      )}
    </>
  )
}

function targetOf(provider: Provider): ProviderTarget {
  return { provider, kind: provider.kind, title: provider.title }
}

interface ProviderRowProps {
  readonly provider: Provider
  readonly onEdit: () => void
}

function ProviderRow({ provider, onEdit }: ProviderRowProps): ReactElement {
  const mux = useMux()
  const [asking, setAsking] = useState(false)
  const demo = provider.kind === 'demo'
  return (
    <div className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 text-sm font-medium">
          <span className="truncate">{provider.title}</span>
          {demo ? <Badge tone="waiting">scripted, for trying octo</Badge> : null}
        </p>
        <p className="truncate text-xs text-faint">
          {formatPlural(provider.models.length, 'model')}
          {demo || provider.address === undefined ? '' : ` · ${provider.address}`}
          {demo || provider.hasKey ? '' : ' · without a key'}
        </p>
      </div>
      {demo ? null : (
        <Button size="small" onClick={onEdit}>
          Change
        </Button>
      )}
      <Button size="small" variant="quiet" onClick={() => setAsking(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Remove ${provider.title}?`}
        confirmLabel="Remove provider"
        danger
        onConfirm={async () => {
          await mux.command('models.remove', { provider: provider.id })
        }}
      >
        {demo
          ? 'Sessions that use it cannot go on until another model is chosen. It can be added again.'
          : 'Its key is forgotten. Sessions that use its models cannot go on until another model is chosen.'}
      </ConfirmDialog>
    </div>
  )
}

interface OfferRowProps {
  readonly title: string
  readonly about?: string
  readonly onPress: () => void
}

function OfferRow({ title, about, onPress }: OfferRowProps): ReactElement {
  return (
    <button
      type="button"
      onClick={onPress}
      className="flex min-h-10 w-full items-center gap-3 px-4 py-2 text-left hover:bg-hover"
    >
      <span className="min-w-0 flex-1">
        <span className="block text-sm">{title}</span>
        {about === undefined ? null : <span className="block text-xs text-faint">{about}</span>}
      </span>
      <ChevronRight size={14} aria-hidden className="text-faint" />
    </button>
  )
}

function DemoRow(): ReactElement {
  const { busy, run } = useCommand('models.save')
  return (
    <div className="flex min-h-10 items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <p className="text-sm">Demo model</p>
        <p className="text-xs text-pretty text-faint">
          Built in and scripted: it understands nothing, but shows how octo works without a key.
        </p>
      </div>
      <Button
        size="small"
        icon={<Plus size={12} />}
        busy={busy}
        onClick={() => run({ provider: 'demo', kind: 'demo' })}
      >
        Add
      </Button>
    </div>
  )
}
