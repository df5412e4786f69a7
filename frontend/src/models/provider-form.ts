import type { Model, Provider, ProviderKind } from '@octo/protocol'

/** What a provider form is about: one that is known, or an own address still without a name. */
export interface ProviderTarget {
  readonly provider: Provider | null
  readonly kind: ProviderKind
  readonly title: string
}

/** A name for an own address, from what the user called it; another one while that is taken. */
export function providerIdOf(title: string, taken: ReadonlySet<string>): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
  const base = words.slice(0, 36) || 'own'
  if (!taken.has(base)) return base
  let count = 2
  while (taken.has(`${base}-${count}`)) count += 1
  return `${base}-${count}`
}

/** Models whose name or id holds every word of a filter. */
export function modelsMatching(models: readonly Model[], filter: string): readonly Model[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter(({ name, id }) => {
    const text = `${name} ${id}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The models to show in the form: what the provider named, and what is picked but not named any more. */
export function offeredModels(found: readonly Model[], picked: ReadonlyMap<string, Model>): readonly Model[] {
  const known = new Set(found.map(({ id }) => id))
  return [...found, ...[...picked.values()].filter(({ id }) => !known.has(id))]
}
