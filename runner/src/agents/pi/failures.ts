import type { FailureKind, Outcome } from '@octo/protocol'

type Failure = Extract<Outcome, { type: 'failed' }>

/** A provider's answer may be a whole web page; this much of it says what it is. */
const MAX_SAID_CHARS = 300

/** How providers say that a prompt does not fit the model. */
const CONTEXT = /too long|too large|context (?:length|window|overflow)|maximum context|exceeds? the (?:limit|maximum)/iu
const NETWORK =
  /connection error|fetch failed|terminated|socket|network|timed? ?out|econn|enotfound|eai_again|epipe|other side closed/iu
const OVERLOADED = /overloaded|capacity|unavailable/iu
const QUOTA = /quota|billing|credit|insufficient/iu
const NO_KEY = /no api key|api key (?:is )?(?:missing|required)|authentication failed|unauthorized/iu

/**
 * Makes of what pi says about a failed request a kind to branch on and a sentence to read.
 * @param said pi's `errorMessage`: often a status and the provider's JSON, sometimes a sentence of its own
 */
export function classifyFailure(said: string): Failure {
  const status = Number(/^\s*(\d{3})\b/u.exec(said)?.[1] ?? 0)
  const kind = kindOf(status, said)
  return { type: 'failed', kind, message: sentence(kind, { status, said: plainText(said) }) }
}

/** Says why pi tries again, for the notice. */
export function retryReason(said: string): { readonly kind: FailureKind; readonly text: string } {
  const { kind } = classifyFailure(said)
  switch (kind) {
    case 'rate_limit':
      return { kind, text: 'The provider asks to wait: too many requests.' }
    case 'overloaded':
      return { kind, text: 'The provider is overloaded.' }
    case 'network':
      return { kind, text: 'The connection to the provider broke.' }
    case 'auth':
    case 'context':
    case 'sandbox':
    case 'provider':
    case 'agent':
      return { kind, text: `The provider failed: ${plainText(said)}` }
  }
}

function kindOf(status: number, said: string): FailureKind {
  if (status === 401 || status === 403) return 'auth'
  if (CONTEXT.test(said)) return 'context'
  if (status === 429) return 'rate_limit'
  if (status === 503 || status === 529) return 'overloaded'
  if (status >= 400) return OVERLOADED.test(said) && status >= 500 ? 'overloaded' : 'provider'
  if (NO_KEY.test(said)) return 'auth'
  if (OVERLOADED.test(said)) return 'overloaded'
  if (NETWORK.test(said)) return 'network'
  return 'provider'
}

function sentence(kind: FailureKind, failure: { readonly status: number; readonly said: string }): string {
  const { status, said } = failure
  switch (kind) {
    case 'auth':
      return status === 403
        ? `The provider does not allow this: ${said} Check what the key may do, in the settings under Models.`
        : 'The provider refused the key. Enter a valid one in the settings under Models, then send the prompt again.'
    case 'rate_limit':
      return QUOTA.test(said)
        ? `The provider's limit for this account is used up: ${said}`
        : 'The provider takes no more requests for now. Wait a little, then send the prompt again.'
    case 'overloaded':
      return 'The provider is overloaded. Wait a little, then send the prompt again.'
    case 'context':
      return 'The conversation is too long for this model. Compact it, or switch to a model with a larger context.'
    case 'network':
      return `The provider could not be reached (${said}). Check the connection and the address, then send the prompt again.`
    case 'sandbox':
    case 'agent':
    case 'provider':
      return status === 0 ? `The provider failed: ${said}` : `The provider failed with status ${status}: ${said}`
  }
}

/** The message inside a provider's JSON, or what there is, as one line that ends like a sentence. */
function plainText(said: string): string {
  const json = said.slice(Math.max(0, said.indexOf('{')))
  const inner = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/u.exec(json)?.[1]
  const text = (inner ?? said)
    .replaceAll(/\\[nrt]|\s+/gu, ' ')
    .replaceAll('\\"', '"')
    .trim()
  const cut = text.length > MAX_SAID_CHARS ? `${text.slice(0, MAX_SAID_CHARS)}…` : text
  return /[.!?…]$/u.test(cut) ? cut : `${cut}.`
}
