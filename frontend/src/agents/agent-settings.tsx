import type { Agent } from '@octo/protocol'
import { RotateCw } from 'lucide-react'
import type { ReactElement } from 'react'
import { SettingsRows, SettingsSection } from '../lib/settings-section.tsx'
import { useMux } from '../mux/index.ts'
import { Badge, Button, EmptyState, ErrorState, Skeleton } from '../ui/index.ts'
import { agentList, useAgents } from './agent-list.ts'

/** Which agents there are, which of them can be prompted, and what is missing. */
export function AgentSettings(): ReactElement {
  const mux = useMux()
  const { value, loading, error } = useAgents()
  const reload = (): void => agentList(mux).reload()
  return (
    <SettingsSection
      title="Agents"
      about="Programs of others that octo runs for you. They are configured on the server, in config.toml."
      action={
        <Button size="small" icon={<RotateCw size={12} />} busy={loading} onClick={reload}>
          Look again
        </Button>
      }
    >
      {value === null ? (
        error === null ? (
          <Skeleton lines={3} />
        ) : (
          <ErrorState title="Agents could not be listed" onRetry={reload}>
            {error.message}
          </ErrorState>
        )
      ) : value.length === 0 ? (
        <EmptyState title="No agent is configured">Add one under [agents] in config.toml.</EmptyState>
      ) : (
        <SettingsRows>
          {value.map((agent) => (
            <AgentRow key={agent.name} agent={agent} />
          ))}
        </SettingsRows>
      )}
    </SettingsSection>
  )
}

function AgentRow({ agent }: { readonly agent: Agent }): ReactElement {
  const can = abilitiesOf(agent)
  return (
    <div className="px-4 py-3">
      <div className="flex items-center gap-2">
        <span className="text-sm font-medium">{agent.title}</span>
        {agent.version === undefined ? null : <span className="text-xs text-faint">{agent.version}</span>}
        <span className="flex-1" />
        {agent.ready ? <Badge tone="ok">ready</Badge> : <Badge tone="waiting">{notReady(agent)}</Badge>}
      </div>
      {agent.problem === undefined ? null : <p className="mt-1 text-sm text-pretty text-muted">{agent.problem}</p>}
      {can.length === 0 ? null : <p className="mt-1 text-xs text-faint">{can.join(' · ')}</p>}
    </div>
  )
}

function notReady({ installed }: Agent): string {
  return installed ? 'not ready' : 'not installed'
}

function abilitiesOf({ capabilities }: Agent): readonly string[] {
  return [
    ...(capabilities.steer ? ['can be steered'] : []),
    ...(capabilities.images ? ['reads images'] : []),
    ...(capabilities.models ? ['switches models'] : []),
    ...(capabilities.efforts.length > 0 ? ['thinking effort'] : []),
    ...(capabilities.modes.length > 0 ? ['permission modes'] : []),
    ...(capabilities.compact ? ['compacts its context'] : []),
    ...(capabilities.resume ? ['goes on after a restart'] : []),
  ]
}
