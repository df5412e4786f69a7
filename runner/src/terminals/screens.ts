import type { Worker } from 'node:worker_threads'
import type { Log } from '../lib/log.ts'
import { startWorker } from '../lib/start-worker.ts'
import { MAX_SCREEN_LAG_BYTES } from './flow.ts'
import type { FromScreens, ScreenNumber, ToScreens } from './screen-messages.ts'
import type { Size } from './window-size.ts'

/** All screens together may be this far behind; above, none of them may be further than its share. */
const MAX_TOTAL_LAG_BYTES = 4 * MAX_SCREEN_LAG_BYTES
const SHARE_BYTES = 262_144

/** Output travels to the thread in buffers of this size, which come back; what is as small as a key's echo does not. */
export const FEED_BYTES = 32_768
const SMALL_BYTES = 1_024
/** Buffers that wait for their next use. */
const MAX_SPARE_BUFFERS = 64

/** Small, because what lives there lives long and what does not is gone at once; with Node's own, 30 MiB lie idle. */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 4 } as const

export interface ScreenEvents {
  /** Some of what was written has been parsed. */
  readonly onParsed: () => void
  /** The screen answers a query; this is input for the program. */
  readonly onReply: (bytes: Uint8Array) => void
  readonly onTitle: (title: string) => void
}

interface OpenScreen {
  readonly events: ScreenEvents
  readonly scrollbackLines: number
  size: Size
  lag: number
}

interface Waiting {
  readonly screen: ScreenNumber
  readonly resolve: (bytes: Uint8Array) => void
  readonly reject: (error: Error) => void
}

/** One terminal's screen, as the room sees it. */
export interface ScreenHandle {
  /** Bytes that were written and not parsed yet. */
  readonly lag: number
  /** How large {@link lag} may grow at the moment before the terminal must wait. */
  readonly lagLimit: number
  /** Parses output, at most {@link FEED_BYTES} of it, which is copied. */
  write(bytes: Uint8Array): void
  resize(size: Size): void
  /**
   * The screen after all that was written before, as escape sequences.
   * @throws Error if the screens' thread failed meanwhile
   */
  snapshot(): Promise<Uint8Array>
  close(): void
}

/**
 * The screens of all terminals, in one thread of their own: parsing at full speed takes a whole core, and the thread
 * that carries keys and agents' words must not wait for it.
 */
export class Screens {
  readonly #log: Log
  readonly #entries = new Map<ScreenNumber, OpenScreen>()
  readonly #waiting = new Map<number, Waiting>()
  readonly #encoder = new TextEncoder()
  readonly #spareBuffers: ArrayBuffer[] = []
  #worker: Worker | null = null
  #numbers = 0
  #totalLag = 0

  constructor(log: Log) {
    this.#log = log
  }

  /** Begins an empty screen. */
  open(options: {
    readonly size: Size
    readonly scrollbackLines: number
    readonly events: ScreenEvents
  }): ScreenHandle {
    this.#numbers += 1
    const screen = this.#numbers
    const entry: OpenScreen = { ...options, lag: 0 }
    this.#entries.set(screen, entry)
    this.#say({ kind: 'open', screen, size: entry.size, scrollbackLines: entry.scrollbackLines })
    const lagLimit = (): number => (this.#totalLag > MAX_TOTAL_LAG_BYTES ? SHARE_BYTES : MAX_SCREEN_LAG_BYTES)
    return {
      get lag() {
        return entry.lag
      },
      get lagLimit() {
        return lagLimit()
      },
      write: (bytes) => this.#write(screen, entry, bytes),
      resize: (size) => {
        entry.size = size
        this.#say({ kind: 'resize', screen, size })
      },
      snapshot: () => this.#snapshot(screen),
      close: () => this.#close(screen, entry),
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    worker?.removeAllListeners()
    this.#failWaiting(new Error('The terminals are closing'))
    await worker?.terminate()
  }

  #write(screen: ScreenNumber, entry: OpenScreen, bytes: Uint8Array): void {
    entry.lag += bytes.byteLength
    this.#totalLag += bytes.byteLength
    const small = bytes.byteLength <= SMALL_BYTES
    const buffer = small ? new ArrayBuffer(bytes.byteLength) : (this.#spareBuffers.pop() ?? new ArrayBuffer(FEED_BYTES))
    const copy = new Uint8Array(buffer, 0, bytes.byteLength)
    copy.set(bytes)
    this.#say({ kind: 'write', screen, bytes: copy }, [buffer])
  }

  #snapshot(screen: ScreenNumber): Promise<Uint8Array> {
    this.#numbers += 1
    const request = this.#numbers
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { screen, resolve, reject })
      this.#say({ kind: 'snapshot', screen, request })
    })
  }

  #close(screen: ScreenNumber, entry: OpenScreen): void {
    if (!this.#entries.delete(screen)) return
    this.#totalLag -= entry.lag
    for (const [request, waiting] of this.#waiting) {
      if (waiting.screen !== screen) continue
      this.#waiting.delete(request)
      waiting.reject(new Error('The terminal was closed'))
    }
    this.#worker?.postMessage({ kind: 'close', screen } satisfies ToScreens)
  }

  #say(message: ToScreens, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(message, transfer)
  }

  #start(): Worker {
    const worker = startWorker('./screen-worker', import.meta.url, { resourceLimits: HEAP_LIMITS })
    worker.on('message', (message: FromScreens) => this.#hear(message))
    worker.once('error', (error) => this.#replace(error))
    return worker
  }

  #hear(message: FromScreens): void {
    if (message.kind === 'snapshot') {
      this.#waiting.get(message.request)?.resolve(message.bytes)
      this.#waiting.delete(message.request)
      return
    }
    if (message.kind === 'parsed') this.#keepBuffer(message.buffer)
    const entry = this.#entries.get(message.screen)
    if (entry === undefined) return
    if (message.kind === 'title') {
      entry.events.onTitle(message.title)
      return
    }
    entry.lag -= message.bytes
    this.#totalLag -= message.bytes
    if (message.replies !== '') entry.events.onReply(this.#encoder.encode(message.replies))
    entry.events.onParsed()
  }

  #keepBuffer(buffer: ArrayBuffer): void {
    if (buffer.byteLength === FEED_BYTES && this.#spareBuffers.length < MAX_SPARE_BUFFERS)
      this.#spareBuffers.push(buffer)
  }

  /** A failed thread takes its screens with it; the terminals go on, and each begins an empty screen. */
  #replace(error: unknown): void {
    this.#log.error('terminals.screens_failed', { error })
    this.#worker = null
    this.#totalLag = 0
    this.#failWaiting(new Error('The screens failed', { cause: error }))
    for (const [screen, entry] of this.#entries) {
      entry.lag = 0
      this.#say({ kind: 'open', screen, size: entry.size, scrollbackLines: entry.scrollbackLines })
      entry.events.onParsed()
    }
  }

  #failWaiting(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}
