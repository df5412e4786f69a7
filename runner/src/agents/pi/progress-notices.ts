import type { ItemId } from '@octo/protocol'
import type { NoticeDraft } from '../adapter.ts'
import type { Tools } from './assistant-message.ts'
import type { PiEvent } from './events.ts'
import { retryReason } from './failures.ts'

type Event<Type extends PiEvent['type']> = Extract<PiEvent, { type: Type }>

/** The one notice about asking the provider again, from the first failure to success or surrender. */
export class RetryNotice {
  readonly #tools: Tools
  #open: { readonly id: ItemId; readonly attempt: number; readonly code: NoticeDraft['code'] } | null = null

  constructor(tools: Tools) {
    this.#tools = tools
  }

  start(event: Event<'auto_retry_start'>): void {
    const { kind, text } = retryReason(event.errorMessage)
    const code = kind === 'rate_limit' ? 'rate_limit' : 'retry'
    this.#open = { id: this.#open?.id ?? this.#tools.newId(), attempt: event.attempt, code }
    const wait = event.delayMs < 1_000 ? 'now' : `in ${Math.round(event.delayMs / 1_000)} s`
    this.#put('warning', `${text} Asking again ${wait} (${event.attempt} of ${event.maxAttempts}).`, {
      running: true,
      details: event.errorMessage,
    })
  }

  end(event: Event<'auto_retry_end'>): void {
    if (event.success) this.#close('info', 'The provider answers again')
    else this.#close('error', 'The provider did not answer')
  }

  /** The turn ended while a retry was waited for. */
  giveUp(): void {
    this.#close('info', 'Stopped asking again')
  }

  #close(level: NoticeDraft['level'], what: string): void {
    if (this.#open === null) return
    const { attempt } = this.#open
    this.#put(level, `${what}, after ${attempt} ${attempt === 1 ? 'retry' : 'retries'}.`, {
      endedAt: this.#tools.now(),
    })
    this.#open = null
  }

  #put(level: NoticeDraft['level'], text: string, more: Partial<NoticeDraft>): void {
    if (this.#open === null) return
    const { id, code } = this.#open
    this.#tools.sink.put({ id, kind: 'notice', level, code, text, ...more })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  manual: 'Summarising the conversation.',
  threshold: 'The context is nearly full: summarising the conversation.',
  overflow: 'The conversation is too long for the model: summarising it.',
}

/** The notice about one compaction. */
export class CompactionNotice {
  readonly #tools: Tools
  #open: ItemId | null = null

  constructor(tools: Tools) {
    this.#tools = tools
  }

  start(reason: string): void {
    this.#open = this.#tools.newId()
    this.#put('info', REASONS[reason] ?? 'Summarising the conversation.', { running: true })
  }

  end(event: Event<'compaction_end'>): void {
    this.#open ??= this.#tools.newId()
    const endedAt = this.#tools.now()
    if (event.aborted) this.#put('info', 'Summarising was stopped.', { endedAt })
    else if (event.result === undefined || event.result === null) {
      const nothing = /nothing to compact/iu.test(event.errorMessage ?? '')
      if (nothing) this.#put('info', 'There is nothing to summarise yet: the conversation is still short.', { endedAt })
      else {
        const details = event.errorMessage !== undefined && { details: event.errorMessage }
        this.#put('error', 'The conversation could not be summarised.', { endedAt, ...details })
      }
    } else {
      const { tokensBefore, estimatedTokensAfter, summary } = event.result
      const known = tokensBefore !== undefined && estimatedTokensAfter !== undefined
      const sizes = known ? `: ${count(tokensBefore)} → about ${count(estimatedTokensAfter)} tokens` : ''
      this.#put('info', `Summarised the conversation${sizes}.`, { endedAt, details: summary })
    }
    this.#open = null
  }

  #put(level: NoticeDraft['level'], text: string, more: Partial<NoticeDraft>): void {
    if (this.#open === null) return
    this.#tools.sink.put({ id: this.#open, kind: 'notice', level, code: 'compaction', text, ...more })
  }
}

function count(tokens: number): string {
  return tokens.toLocaleString('en-US')
}
