import { TERMINAL_WINDOW_BYTES } from '@octo/protocol'

/** A viewer that is behind and acknowledges nothing for so long is asleep, and must not hold up what runs. */
export const STALL_MS = 5_000

/**
 * What was sent before Ctrl-C is still drawn after it. So output may queue for about so long at a viewer, beyond the way
 * there and back: a phone that draws a megabyte a second gets a smaller window than a workstation.
 */
const MAX_QUEUED_MS = 40
/** Even the slowest viewer gets a few screens at a time. */
const MIN_WINDOW_BYTES = 32_768
const WINDOW_STEP_BYTES = 4_096
const WINDOW_SHRINK = 0.7

/** What is as small as an echo, and alone under way, measures the way there and back and nothing else. */
const PROBE_BYTES = 4_096

/** The server's screen may be this far behind the output before the terminal waits for it. */
export const MAX_SCREEN_LAG_BYTES = 8 * 1_048_576

interface Sent {
  /** Offset after its last byte. */
  readonly end: number
  readonly at: number
  readonly probe: boolean
}

/**
 * How much one viewer was sent and has acknowledged. Pure: it is told the time.
 */
export class ViewerWindow {
  #sent: number
  #acked: number
  #full = false
  #screenUnseen = false
  #progressAt: number
  #limit = TERMINAL_WINDOW_BYTES
  #shortestMs = Number.POSITIVE_INFINITY
  /** What is under way, the oldest first. */
  #underWay: Sent[] = []

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
    return this.#full ? 0 : Math.max(0, this.#limit - (this.#sent - this.#acked))
  }

  /** Whether it was sent all it may be sent until it acknowledges. */
  get full(): boolean {
    return this.#full
  }

  /** Notes that bytes were sent. */
  advance(bytes: number, now: number): void {
    if (!this.#owes()) this.#progressAt = now
    this.#sent += bytes
    this.#underWay.push({ end: this.#sent, at: now, probe: this.#underWay.length === 0 && bytes <= PROBE_BYTES })
    this.#full = this.#sent - this.#acked >= this.#limit
  }

  /** Notes that a screen was sent, after which output goes on at `offset`. */
  showScreen(offset: number, now: number): void {
    this.#sent = offset
    this.#acked = offset
    this.#underWay = []
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
    this.#adapt(now)
    // It opens again when half of it is free, so that frames stay large under a flood.
    if (this.#sent - this.#acked <= this.#limit / 2) this.#full = false
  }

  /** When this viewer counts as asleep if it stays silent; `null` while it owes no acknowledgement. */
  get stallsAt(): number | null {
    return this.#owes() ? this.#progressAt + STALL_MS : null
  }

  /** Narrows the window while output queues at the viewer, and widens it while it is too narrow for its way. */
  #adapt(now: number): void {
    const waiting = this.#underWay.findIndex((sent) => sent.end > this.#acked)
    const done = this.#underWay.splice(0, waiting === -1 ? this.#underWay.length : waiting)
    const last = done.at(-1)
    if (last === undefined) return
    const tookMs = now - last.at
    this.#shortestMs = last.probe ? tookMs : Math.min(tookMs, this.#shortestMs)
    if (tookMs - this.#shortestMs > MAX_QUEUED_MS) {
      this.#limit = Math.max(MIN_WINDOW_BYTES, Math.floor(this.#limit * WINDOW_SHRINK))
    } else if (this.#full) this.#limit = Math.min(TERMINAL_WINDOW_BYTES, this.#limit + WINDOW_STEP_BYTES)
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
