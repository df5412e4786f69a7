import { type Answer, type ItemId, OctoError, type RequestOption } from '@octo/protocol'
import type { RequestDraft } from '../adapter.ts'
import type { UiRequest } from './events.ts'

type Effect = RequestOption['effect']

/** A dialog of an extension as a request; `null` for a method that asks nothing. */
export function toRequest(native: UiRequest, item: ItemId, now: number): RequestDraft | null {
  const base = {
    id: item,
    kind: 'request' as const,
    title: native.title ?? native.message ?? 'The agent asks',
    options: [],
    state: 'open' as const,
    ...(native.timeout !== undefined && { deadline: now + native.timeout }),
  }
  switch (native.method) {
    case 'select': {
      const options = (native.options ?? []).map(toOption)
      return { ...base, request: isPermission(options) ? 'permission' : 'choice', options, wants: 'option' }
    }
    case 'confirm':
      return { ...base, request: 'dialog', wants: 'confirm', ...(native.message && { message: native.message }) }
    case 'input':
      return {
        ...base,
        request: 'question',
        wants: 'text',
        ...(native.placeholder && { placeholder: native.placeholder }),
      }
    case 'editor': {
      const prefill = native.prefill !== undefined && { prefill: native.prefill }
      return { ...base, request: 'question', wants: 'text', multiline: true, ...prefill }
    }
    default:
      return null
  }
}

/**
 * What pi is told for an answer.
 * @throws OctoError `bad_request` if the answer does not fit the request
 */
export function toUiResponse(native: UiRequest, answer: Answer): object {
  const base = { type: 'extension_ui_response', id: native.id }
  switch (answer.type) {
    case 'cancel':
      return { ...base, cancelled: true }
    case 'confirm':
      return { ...base, confirmed: answer.confirmed }
    case 'text':
      return { ...base, value: answer.text }
    case 'option': {
      const value = native.options?.[Number(answer.option)]
      if (value === undefined) throw new OctoError('bad_request', `There is no option "${answer.option}" to choose.`)
      return { ...base, value }
    }
  }
}

/** Options are named by their place: two may read the same, and one may be longer than an id. */
function toOption(label: string, index: number): RequestOption {
  return { id: String(index), label, effect: effectOf(label) }
}

/** Guessed from the words, for colour and shortcut only; what is answered is the option itself. */
function effectOf(label: string): Effect {
  if (/\b(?:always|don't ask again)\b/iu.test(label) && /^(?:allow|yes|approve|accept)\b/iu.test(label))
    return 'allow_always'
  if (/^(?:allow|yes|approve|accept|ok)\b/iu.test(label)) return 'allow_once'
  if (/^(?:block|deny|no|reject|cancel|abort|refuse)\b/iu.test(label)) return 'reject'
  return 'neutral'
}

function isPermission(options: readonly RequestOption[]): boolean {
  const effects = new Set(options.map(({ effect }) => effect))
  return effects.has('reject') && (effects.has('allow_once') || effects.has('allow_always'))
}
