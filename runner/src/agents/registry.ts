import { join } from 'node:path'
import { type AgentConfig, type AgentName, OctoError, type RunnerConfig } from '@octo/protocol'
import type { ProcessHost } from '../holder/index.ts'
import type { Log } from '../lib/log.ts'
import type { ModelsForAgents } from '../models/index.ts'
import type { Adapter, AgentTimes } from './adapter.ts'
import { createPiAdapter } from './pi/index.ts'

export interface AgentsOptions {
  readonly config: RunnerConfig['agents']
  /** Below it each agent gets a folder of its own. */
  readonly folder: string
  readonly host: ProcessHost
  readonly models: ModelsForAgents
  readonly log: Log
  /** How long agents may take; for tests that will not wait. */
  readonly times?: AgentTimes
}

/** A configured agent and how to speak to it. */
export interface ConfiguredAgent {
  readonly name: AgentName
  readonly title: string
  readonly adapter: Adapter
}

/** The agents of the configuration, each with the adapter of its kind. This is where kinds are known by name. */
export class AgentRegistry {
  readonly #agents: ReadonlyMap<AgentName, ConfiguredAgent>

  constructor(options: AgentsOptions) {
    const entries = Object.entries(options.config)
    this.#agents = new Map(entries.map(([name, config]) => [name, configured(name, config, options)]))
  }

  list(): ConfiguredAgent[] {
    return [...this.#agents.values()]
  }

  /** @throws OctoError `agent_missing` if there is none of this name (any more) */
  find(name: AgentName): ConfiguredAgent {
    const agent = this.#agents.get(name)
    if (agent !== undefined) return agent
    throw new OctoError(
      'agent_missing',
      `No agent "${name}" is configured. Add it to the configuration, or use another.`,
    )
  }
}

function configured(name: AgentName, config: AgentConfig, options: AgentsOptions): ConfiguredAgent {
  const title = config.title ?? name
  const { host, models, log, times } = options
  const common = { title, config, folder: join(options.folder, name), host, models, log, ...(times && { times }) }
  switch (config.kind) {
    case 'pi':
      return { name, title, adapter: createPiAdapter(common) }
  }
}
