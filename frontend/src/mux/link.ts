import type { ClientId, ErrorBody, Result } from '@octo/protocol'
import { DEAD_LINK_MS, HEARTBEAT_MS, PROTOCOL_VERSION } from '@octo/protocol/client'
import type { MuxSocket, OpenSocket } from './socket.ts'

/** A socket that has not said hello by then is given up: the network swallows it. */
const OPEN_TIMEOUT_MS = 8_000
/** When the tab comes back, a living link answers a ping within this; a dead one would look alive much longer. */
const PROBE_TIMEOUT_MS = 2_000
/** The first try after a cut is almost at once: most cuts are a restart or a change of network. */
const FIRST_DELAY_MS = 200
/** Longer than this between tries is felt as broken. */
const MAX_DELAY_MS = 10_000

export type Hello = Result<'system.hello'>

/** What the server says of our login: renewed, over, or nothing because it cannot be reached. */
export type Renewal = 'renewed' | 'refused' | 'unreachable'

export interface LinkEvents {
  /** Said hello: calls may be sent. */
  readonly ready: (hello: Hello, socket: MuxSocket) => void
  /** The link is down; `nextTryAt` is null while a try is under way. */
  readonly down: (nextTryAt: number | null) => void
  readonly loggedOut: () => void
  readonly outdated: () => void
  readonly text: (text: string) => void
  readonly bytes: (bytes: Uint8Array) => void
}

export interface LinkOptions {
  readonly clientId: ClientId
  readonly openSocket: OpenSocket
  readonly renewLogin: () => Promise<Renewal>
  readonly random: () => number
  readonly events: LinkEvents
}

export interface Link {
  /** Tries to connect at once, or, when connected, makes sure within two seconds that the link lives. */
  check(): void
  /** A frame of the server could not be understood: begins again. */
  restart(): void
  close(): void
}

interface Probe {
  readonly timer: ReturnType<typeof setTimeout>
  readonly pingedAt: number
  readonly endsAt: number
}

const HELLO_ID = 0
const PING_ID = -1

/**
 * Keeps one socket to the server: opens it, says hello, beats, notices when it is dead, and opens the next with growing,
 * jittered delays. A socket that does not open may mean that the login expired, so it is renewed before the next try.
 */
export function createLink(options: LinkOptions): Link {
  return new ReconnectingLink(options)
}

class ReconnectingLink implements Link {
  readonly #options: LinkOptions
  #socket: MuxSocket | null = null
  #ready = false
  #closed = false
  #failures = 0
  /** Whether the login was renewed since the last hello, so that a refusing server is not asked in a circle. */
  #renewed = false
  #heardAt = 0
  #triedAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #beat: ReturnType<typeof setInterval> | undefined
  #probe: Probe | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    this.#connect()
  }

  check(): void {
    if (this.#closed) return
    if (this.#ready) return this.#probeLink(PROBE_TIMEOUT_MS)
    const stuck = Date.now() - this.#triedAt > PROBE_TIMEOUT_MS
    if (this.#socket !== null && !stuck) return
    this.#failures = 0
    this.#connect()
  }

  restart(): void {
    this.#lost()
  }

  close(): void {
    this.#closed = true
    this.#drop()
  }

  #connect(): void {
    this.#drop()
    this.#triedAt = Date.now()
    this.#options.events.down(null)
    this.#socket = this.#options.openSocket({
      opened: () => {
        const params = { version: PROTOCOL_VERSION, client: this.#options.clientId }
        this.#send({ id: HELLO_ID, method: 'system.hello', params })
      },
      text: (text) => this.#receive(text),
      bytes: (bytes) => {
        this.#heardAt = Date.now()
        this.#options.events.bytes(bytes)
      },
      closed: () => this.#lost(),
    })
    this.#timer = setTimeout(() => this.#lost(), OPEN_TIMEOUT_MS)
  }

  #receive(text: string): void {
    this.#heardAt = Date.now()
    if (this.#ready) return this.#options.events.text(text)
    const reply = JSON.parse(text) as { id?: number; result?: Hello; error?: ErrorBody }
    if (reply.id !== HELLO_ID) return
    if (reply.result !== undefined) this.#greeted(reply.result)
    else if (reply.error?.data.code === 'version_mismatch') this.#outdated()
    else this.#lost()
  }

  #greeted(hello: Hello): void {
    const socket = this.#socket
    if (socket === null) return
    clearTimeout(this.#timer)
    this.#ready = true
    this.#failures = 0
    this.#renewed = false
    const beatMs = hello.heartbeatMs || HEARTBEAT_MS
    // The link may die right after it was heard, and is then pinged a beat later.
    this.#beat = setInterval(() => this.#probeLink(DEAD_LINK_MS - beatMs), beatMs)
    this.#options.events.ready(hello, socket)
  }

  /** Pings, and gives the link up if nothing at all is heard in time. The probe that ends first counts. */
  #probeLink(timeoutMs: number): void {
    const pingedAt = Date.now()
    this.#send({ id: PING_ID, method: 'system.ping', params: {} })
    const endsAt = pingedAt + timeoutMs
    if (this.#probe !== undefined && this.#probe.endsAt <= endsAt && this.#heardAt < this.#probe.pingedAt) return
    clearTimeout(this.#probe?.timer)
    const timer = setTimeout(() => {
      this.#probe = undefined
      if (this.#heardAt < pingedAt) this.#lost()
    }, timeoutMs)
    this.#probe = { timer, pingedAt, endsAt }
  }

  #send(request: { readonly id: number; readonly method: string; readonly params: unknown }): void {
    this.#socket?.send(JSON.stringify({ jsonrpc: '2.0', ...request }))
  }

  /** The socket is gone or useless: tries again, at first soon. */
  #lost(): void {
    if (this.#closed) return
    const greeted = this.#ready
    this.#drop()
    if (greeted || this.#renewed) return this.#retryLater()
    this.#options.events.down(null)
    void this.#options.renewLogin().then((renewal) => this.#afterRenewal(renewal))
  }

  #afterRenewal(renewal: Renewal): void {
    if (this.#closed || this.#socket !== null) return
    // Nothing is tried by itself any more; a check tries again, e.g. after a login in another tab.
    if (renewal === 'refused') return this.#options.events.loggedOut()
    if (renewal === 'unreachable') return this.#retryLater()
    this.#renewed = true
    this.#connect()
  }

  #retryLater(): void {
    const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures)
    // Half fixed, half random: browsers that a restart cut off together do not come back together.
    const delayMs = Math.round(longest / 2 + (longest / 2) * this.#options.random())
    this.#failures += 1
    this.#renewed = false
    this.#options.events.down(Date.now() + delayMs)
    this.#timer = setTimeout(() => this.#connect(), delayMs)
  }

  #outdated(): void {
    this.close()
    this.#options.events.outdated()
  }

  #drop(): void {
    this.#ready = false
    clearTimeout(this.#timer)
    clearInterval(this.#beat)
    clearTimeout(this.#probe?.timer)
    this.#probe = undefined
    this.#socket?.cut()
    this.#socket = null
  }
}
