import type { Agent, AgentName, Result } from '@octo/protocol'
import type { ModelsForAgents } from '../models/index.ts'
import type { Room } from '../wire/room.ts'
import type { AgentStatus } from './adapter.ts'
import { AgentRegistry, type AgentsOptions, type ConfiguredAgent } from './registry.ts'

/** Asking a program for its version starts it; whoever installs one does not mind waiting this long to see it. */
const STATUS_KEPT_MS = 30_000

export interface AgentsRoom extends Room<'agents'> {
  readonly registry: AgentRegistry
}

export function createAgentsRoom(options: AgentsOptions): AgentsRoom {
  const registry = new AgentRegistry(options)
  const statuses = new StatusCache()
  return {
    registry,
    methods: {
      'agents.list': async (): Promise<Result<'agents.list'>> => ({
        agents: await Promise.all(
          registry.list().map(async (agent) => describe(agent, await statuses.of(agent), options.models)),
        ),
      }),
    },
    async close() {},
  }
}

class StatusCache {
  readonly #known = new Map<AgentName, { readonly askedAt: number; readonly status: Promise<AgentStatus> }>()

  of({ name, adapter }: ConfiguredAgent): Promise<AgentStatus> {
    const now = Date.now()
    const known = this.#known.get(name)
    if (known !== undefined && now - known.askedAt < STATUS_KEPT_MS) return known.status
    const status = adapter.status()
    this.#known.set(name, { askedAt: now, status })
    return status
  }
}

function describe({ name, title, adapter }: ConfiguredAgent, status: AgentStatus, models: ModelsForAgents): Agent {
  const problem = status.problem ?? modelProblem(adapter.capabilities.models, models)
  return {
    name,
    title,
    kind: adapter.kind,
    installed: status.installed,
    ...(status.version !== undefined && { version: status.version }),
    ready: status.installed && problem === undefined,
    ...(problem !== undefined && { problem }),
    capabilities: adapter.capabilities,
  }
}

function modelProblem(needsModels: boolean, models: ModelsForAgents): string | undefined {
  if (!needsModels || models.list().length > 0) return undefined
  return 'No model is set up yet. Add a provider, or the demo model, in the settings under Models.'
}
