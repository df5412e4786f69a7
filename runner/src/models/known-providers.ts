import type { ProviderKind } from '@octo/protocol'

/** A provider octo knows by name: where it is, and where its keys are made. */
export interface KnownProvider {
  readonly title: string
  /** Base address of its API. */
  readonly address: string
  readonly keyUrl: string
}

export type KnownKind = Exclude<ProviderKind, 'openai-compatible' | 'demo'>

export const knownProviders: Readonly<Record<KnownKind, KnownProvider>> = {
  anthropic: {
    title: 'Anthropic',
    address: 'https://api.anthropic.com/v1',
    keyUrl: 'https://console.anthropic.com/settings/keys',
  },
  openai: {
    title: 'OpenAI',
    address: 'https://api.openai.com/v1',
    keyUrl: 'https://platform.openai.com/api-keys',
  },
  google: {
    title: 'Google Gemini',
    address: 'https://generativelanguage.googleapis.com/v1beta',
    keyUrl: 'https://aistudio.google.com/apikey',
  },
  mistral: {
    title: 'Mistral',
    address: 'https://api.mistral.ai/v1',
    keyUrl: 'https://console.mistral.ai/api-keys',
  },
  openrouter: {
    title: 'OpenRouter',
    address: 'https://openrouter.ai/api/v1',
    keyUrl: 'https://openrouter.ai/settings/keys',
  },
  groq: {
    title: 'Groq',
    address: 'https://api.groq.com/openai/v1',
    keyUrl: 'https://console.groq.com/keys',
  },
}

export function isKnownKind(kind: ProviderKind): kind is KnownKind {
  return Object.hasOwn(knownProviders, kind)
}
