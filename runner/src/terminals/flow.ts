import { TERMINAL_WINDOW_BYTES } from '@octo/protocol'

/** A viewer that is behind and acknowledges nothing for so long is asleep, and must not hold up what runs. */
export const STALL_MS = 5_000

/** A full window opens again when half of it is acknowledged, so that frames stay large under a flood. */
const REOPEN_BYTES = TERMINAL_WINDOW_BYTES / 2

/** The server's screen may be this far behind the output before the terminal waits for it. */
export const MAX_SCREEN_LAG_BYTES = 8 * 1_048_576

/**
 * How much one viewer was sent and has acknowledged. Pure: it is told the time.
 */
export class ViewerWindow {
  #sent: number
  #acked: number
  #full = false
  #screenUnseen = false
  #progressAt: number

  constructor(offset: number, now: number) {
    this.#sent = offset
    this.#acked = offset
    this.#progressAt = now
  }

  /** Offset of the next byte to send. */
  get sent(): number {
    return this.#sent
  }

  /** How many bytes may be sent now. */
  get allowance(): number {
    return this.#full ? 0 : TERMINAL_WINDOW_BYTES - (this.#sent - this.#acked)
  }

  /** Whether it was sent all it may be sent until it acknowledges. */
  get full(): boolean {
    return this.#full
  }

  /** Notes that bytes were sent. */
  advance(bytes: number, now: number): void {
    if (!this.#owes()) this.#progressAt = now
    this.#sent += bytes
    this.#full = this.#sent - this.#acked >= TERMINAL_WINDOW_BYTES
  }

  /** Notes that a screen was sent, after which output goes on at `offset`. */
  showScreen(offset: number, now: number): void {
    this.#sent = offset
    this.#acked = offset
    this.#full = false
    this.#screenUnseen = true
    this.#progressAt = now
  }

  /** Notes an acknowledgement; one that is older than another, or of bytes never sent, counts for nothing. */
  acknowledge(offset: number, now: number): void {
    if (!(offset >= this.#acked && offset <= this.#sent)) return
    if (offset === this.#acked && !this.#screenUnseen) return
    this.#acked = offset
    this.#screenUnseen = false
    this.#progressAt = now
    if (this.#sent - this.#acked <= REOPEN_BYTES) this.#full = false
  }

  /** When this viewer counts as asleep if it stays silent; `null` while it owes no acknowledgement. */
  get stallsAt(): number | null {
    return this.#owes() ? this.#progressAt + STALL_MS : null
  }

  #owes(): boolean {
    return this.#screenUnseen || this.#acked < this.#sent
  }
}

export interface FlowFacts {
  /** For each viewer that counts: whether it can take nothing more at the moment. */
  readonly lagging: readonly boolean[]
  /** Bytes of output the server's screen has not parsed. */
  readonly screenLag: number
  /** How far it may be behind. */
  readonly screenLagLimit: number
}

/** Whether the terminal must wait: every viewer that counts lags, or the server's screen is too far behind. */
export function mustPause(facts: FlowFacts): boolean {
  if (facts.screenLag > facts.screenLagLimit) return true
  return facts.lagging.length > 0 && facts.lagging.every(Boolean)
}
