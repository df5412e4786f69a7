import type { Model, ModelRef, ProviderId, ProviderKind } from '@octo/protocol'

/** A provider with all an agent needs to reach it. The key goes to the user's own agents and nowhere else. */
export interface ReachableProvider {
  readonly id: ProviderId
  readonly kind: ProviderKind
  readonly title: string
  /** Where it is reached if not at its usual place; always set for `openai-compatible` and `demo`. */
  readonly address: string | undefined
  readonly key: string | undefined
  readonly models: readonly Model[]
}

/** What agents learn of the user's models. */
export interface ModelsForAgents {
  /** The models the user picked, over all providers in use. */
  list(): readonly Model[]
  /**
   * The providers in use; the demo model is started if it is one of them.
   */
  providers(): Promise<readonly ReachableProvider[]>
  /**
   * Finds a picked model.
   * @throws OctoError `no_model` if none is set up, or this one is not picked
   */
  find(ref: ModelRef): Model
  /** Calls `listener` when providers, keys or picked models change. @returns a function that ends it */
  onChange(listener: () => void): () => void
}
