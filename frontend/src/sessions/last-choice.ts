import type { Agent, ModelRef, Provider } from '@octo/protocol'
import { isRecord, readStored, writeStored } from '../lib/storage.ts'

/** What the last session of this browser was begun with: the next one begins alike. */
export interface SessionChoice {
  readonly agent: string | null
  readonly model: ModelRef | null
  readonly effort: string | null
  readonly mode: string | null
}

const STORAGE_KEY = 'octo.choice'

export function lastChoice(): SessionChoice {
  const stored = readStored(STORAGE_KEY)
  const { agent, model, effort, mode } = isRecord(stored) ? stored : {}
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const known = isRecord(model) && typeof model['provider'] === 'string' && typeof model['id'] === 'string'
  return {
    agent: text(agent),
    model: known ? { provider: String(model['provider']), id: String(model['id']) } : null,
    effort: text(effort),
    mode: text(mode),
  }
}

export function rememberChoice(choice: SessionChoice): void {
  writeStored(STORAGE_KEY, choice)
}

/** The choice as far as it still can be had: what is gone is replaced by the first there is. */
export function possibleChoice(
  choice: SessionChoice,
  agents: readonly Agent[],
  providers: readonly Provider[],
): SessionChoice & { readonly agentFacts: Agent | null } {
  const agent = agents.find(({ name, ready }) => name === choice.agent && ready) ?? agents.find(({ ready }) => ready)
  const facts = agent ?? agents[0] ?? null
  const { efforts, modes, models } = facts?.capabilities ?? { efforts: [], modes: [], models: false }
  return {
    agentFacts: facts,
    agent: facts?.name ?? null,
    model: models ? possibleModel(choice.model, providers) : null,
    effort: efforts.find((effort) => effort === choice.effort) ?? null,
    mode: modes.find(({ id }) => id === choice.mode)?.id ?? null,
  }
}

/** The demo model is taken last: whoever set up a provider wants that one. */
function possibleModel(wanted: ModelRef | null, providers: readonly Provider[]): ModelRef | null {
  const has = providers.some(
    ({ id, models }) => id === wanted?.provider && models.some((model) => model.id === wanted.id),
  )
  if (has) return wanted
  const real = providers.find(({ kind, models }) => kind !== 'demo' && models.length > 0)
  const first = (real ?? providers.find(({ models }) => models.length > 0))?.models[0]
  return first === undefined ? null : { provider: first.provider, id: first.id }
}
