import type { Answer, RequestItem, RequestOption } from '@octo/protocol'

/** One way to answer a request: what its button says, and what is sent. */
export interface Choice {
  readonly id: string
  readonly label: string
  readonly effect: RequestOption['effect']
  readonly answer: Answer
}

/** The ways to answer a request by a press, in the order of their keys 1, 2, 3, … */
export function choicesOf(request: RequestItem): readonly Choice[] {
  switch (request.wants) {
    case 'option':
      return request.options.map(({ id, label, effect }) => ({
        id,
        label,
        effect,
        answer: { type: 'option', option: id },
      }))
    case 'confirm':
      return [
        { id: 'yes', label: 'Yes', effect: 'allow_once', answer: { type: 'confirm', confirmed: true } },
        { id: 'no', label: 'No', effect: 'reject', answer: { type: 'confirm', confirmed: false } },
      ]
    case 'text':
      return []
  }
}

/** How a request ended, in a few words. */
export function describeAnswer(request: RequestItem): string {
  switch (request.state) {
    case 'open':
      return 'Waits for an answer'
    case 'withdrawn':
      return 'Withdrawn by the agent'
    case 'settled':
      return 'Settled by a rule'
    case 'answered': {
      const by = request.answeredBy === undefined ? '' : ` by ${request.answeredBy}`
      return `${answerText(request)}${by}`
    }
  }
}

function answerText({ answer, options }: RequestItem): string {
  switch (answer?.type) {
    case 'option':
      return options.find(({ id }) => id === answer.option)?.label ?? answer.option
    case 'text':
      return 'Answered'
    case 'confirm':
      return answer.confirmed ? 'Confirmed' : 'Declined'
    case 'cancel':
      return 'Cancelled'
    case undefined:
      return 'Answered'
  }
}

/** Requests that wait for a person, oldest first: they are answered in the order they came. */
export function openRequests(items: readonly { readonly kind: string }[]): readonly RequestItem[] {
  return (items as readonly RequestItem[]).filter((item) => item.kind === 'request' && item.state === 'open')
}
