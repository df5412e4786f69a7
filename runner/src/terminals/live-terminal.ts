import type { ClientId, Terminal } from '@octo/protocol'
import type { Connection } from '../wire/room.ts'
import { mustPause } from './flow.ts'
import { InputDesk } from './input-desk.ts'
import { OutputRing, RING_BYTES } from './output-ring.ts'
import type { Pty, PtyExit, PtyOptions } from './pty.ts'
import { FEED_BYTES, type ScreenHandle, type Screens } from './screens.ts'
import { Viewer } from './viewer.ts'
import { type Size, SizeRule } from './window-size.ts'

/**
 * Output goes out at once, for a key's echo, as long as there was little of it in the last few milliseconds; then it is
 * gathered until it is worth a frame, or for as long.
 */
const COALESCE_MS = 2
const LITTLE_BYTES = 2_048
const BATCH_BYTES = FEED_BYTES

/** A window that is dragged asks for a size with every pixel; programs redraw at most this often. */
const RESIZE_MS = 50

/** A program that counts in its title changes it all the time; people read slower. */
const TITLE_MS = 200

/** While a screen is taken, output may go on for as long as the ring surely covers what follows the screen. */
const SNAPSHOT_LAG_BYTES = RING_BYTES / 2

export interface LiveTerminalOptions {
  readonly entry: Terminal
  readonly scrollbackLines: number
  readonly screens: Screens
  readonly start: (events: Pick<PtyOptions, 'onData' | 'onExit'>) => Pty
  /** The entry of the list changed. */
  readonly onChange: (entry: Terminal) => void
  /** A viewer was detached because it acknowledged nothing for too long. */
  readonly onStalled: (viewer: Viewer) => void
  readonly onScreenFailed: (error: unknown) => void
}

/** What an attached client is told. */
export interface Attached {
  readonly viewer: Viewer
  readonly offset: number
  readonly screen: boolean
  readonly input: number
}

/** One terminal: its program, recent output, screen, viewers and input. It lives on after its program until closed. */
export class LiveTerminal {
  readonly #options: LiveTerminalOptions
  readonly #pty: Pty
  readonly #screen: ScreenHandle
  readonly #ring = new OutputRing()
  readonly #viewers = new Set<Viewer>()
  readonly #input: InputDesk
  readonly #sizes = new SizeRule()
  /** Offsets at which screens are being taken. */
  readonly #snapshots: number[] = []
  #entry: Terminal
  #flushed = 0
  /** When output was last counted anew, and how much there was before it. */
  #countedSince = 0
  #countedFrom = 0
  #flushTimer: NodeJS.Timeout | null = null
  #paused = false
  #resizeTimer: NodeJS.Timeout | null = null
  #wantedSize: Size | null = null
  #titleTimer: NodeJS.Timeout | null = null
  #wantedTitle: string | null = null
  #disposed = false

  /** Starts the program. @throws Error if the system refuses */
  constructor(options: LiveTerminalOptions) {
    this.#options = options
    this.#entry = options.entry
    this.#pty = options.start({ onData: (bytes) => this.#onData(bytes), onExit: (exit) => this.#onExit(exit) })
    this.#input = new InputDesk({
      write: (bytes) => this.#pty.write(bytes),
      onWritten: (client, offset) => this.#onWritten(client, offset),
    })
    this.#screen = options.screens.open({
      size: options.entry,
      scrollbackLines: options.scrollbackLines,
      events: {
        onParsed: () => this.#updatePause(),
        onReply: (bytes) => this.#input.reply(bytes),
        onTitle: (title) => this.#onTitle(title),
      },
    })
  }

  get entry(): Terminal {
    return this.#entry
  }

  get pid(): number {
    return this.#pty.pid
  }

  /**
   * Adds a viewer. Nothing is sent to it before {@link Viewer.pump} is called or a screen is ready.
   * @param after offset of the first byte it lacks
   */
  attach(connection: Connection, stream: number, client: ClientId, after: number | undefined): Attached {
    this.#flush()
    const from = after !== undefined && this.#ring.covers(after) ? after : null
    const viewer = new Viewer(
      {
        connection,
        stream,
        client,
        ring: this.#ring,
        needScreen: (asking) => void this.#giveScreen(asking),
        changed: () => this.#updatePause(),
        stalled: (asleep) => this.#options.onStalled(asleep),
      },
      from,
    )
    this.#viewers.add(viewer)
    return { viewer, offset: from ?? this.#ring.end, screen: from === null, input: this.#input.writtenBy(client) }
  }

  /** Takes a viewer off; what it held up goes on. */
  detach(viewer: Viewer): void {
    viewer.close()
    if (!this.#viewers.delete(viewer)) return
    if (!this.#shows(viewer.client)) this.#applySize(this.#sizes.left(viewer.client))
    this.#updatePause()
  }

  get viewers(): readonly Viewer[] {
    return [...this.#viewers]
  }

  /**
   * Takes input of a client.
   * @returns whether it was taken; if not, the client must attach again to learn from where to send
   */
  type(client: ClientId, offset: number, payload: Uint8Array): boolean {
    this.#applySize(this.#sizes.typed(client))
    return this.#input.take(client, offset, payload)
  }

  /** Notes the size a client would like. @returns the size the terminal has or is about to get */
  resize(client: ClientId, size: Size): Size {
    // The wish of a client that shows nothing is not kept, so that there are never more than viewers.
    if (this.#shows(client)) this.#applySize(this.#sizes.wish(client, size))
    return this.#wantedSize ?? { cols: this.#entry.cols, rows: this.#entry.rows }
  }

  rename(name: string): Terminal {
    this.#change({ name })
    return this.#entry
  }

  /** Lets go of everything. The processes must have been ended before. */
  dispose(): void {
    this.#disposed = true
    for (const timer of [this.#flushTimer, this.#resizeTimer, this.#titleTimer]) if (timer !== null) clearTimeout(timer)
    for (const viewer of this.#viewers) viewer.close()
    this.#viewers.clear()
    this.#input.end()
    this.#pty.close()
    this.#screen.close()
  }

  #shows(client: ClientId): boolean {
    return [...this.#viewers].some((viewer) => viewer.client === client)
  }

  #onData(bytes: Uint8Array): void {
    this.#ring.append(bytes)
    const now = performance.now()
    if (now - this.#countedSince >= COALESCE_MS) {
      this.#countedSince = now
      this.#countedFrom = this.#flushed
    }
    const little = this.#ring.end - this.#countedFrom <= LITTLE_BYTES
    if (little || this.#ring.end - this.#flushed >= BATCH_BYTES) this.#flush()
    else this.#flushTimer ??= setTimeout(() => this.#flush(), COALESCE_MS)
  }

  /** Hands new output to the viewers and the screen. */
  #flush(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer)
    this.#flushTimer = null
    if (this.#flushed === this.#ring.end) return
    for (const viewer of this.#viewers) viewer.pump()
    while (this.#flushed < this.#ring.end) {
      const bytes = this.#ring.read(this.#flushed, FEED_BYTES)
      this.#flushed += bytes.byteLength
      this.#screen.write(bytes)
    }
    this.#updatePause()
  }

  #updatePause(): void {
    const unparsed = this.#screen.lag + (this.#ring.end - this.#flushed)
    const counting = [...this.#viewers].filter((viewer) => viewer.counts)
    const beyondSnapshot = this.#ring.end - Math.min(...this.#snapshots, this.#ring.end)
    const pause =
      beyondSnapshot > SNAPSHOT_LAG_BYTES ||
      mustPause({
        lagging: counting.map((viewer) => viewer.lagging),
        screenLag: unparsed,
        screenLagLimit: this.#screen.lagLimit,
      })
    if (pause === this.#paused) return
    this.#paused = pause
    if (pause) this.#pty.pause()
    else this.#pty.resume()
  }

  async #giveScreen(viewer: Viewer): Promise<void> {
    this.#flush()
    const offset = this.#flushed
    this.#snapshots.push(offset)
    try {
      viewer.showScreen(offset, await this.#screen.snapshot())
    } catch (error) {
      // The viewer cannot be helped here; taken off as stalled, it attaches again.
      this.#options.onScreenFailed(error)
      if (this.#viewers.has(viewer)) this.#options.onStalled(viewer)
    } finally {
      this.#snapshots.splice(this.#snapshots.indexOf(offset), 1)
      this.#updatePause()
    }
  }

  #onWritten(client: ClientId, offset: number): void {
    for (const viewer of this.#viewers) if (viewer.client === client) viewer.inputWritten(offset)
  }

  #applySize(size: Size | null): void {
    if (size === null) return
    const current = this.#wantedSize ?? this.#entry
    if (size.cols === current.cols && size.rows === current.rows) return
    this.#wantedSize = size
    if (this.#resizeTimer === null) this.#resizeNow()
  }

  #resizeNow(): void {
    this.#resizeTimer = null
    const size = this.#wantedSize
    if (size === null) return
    this.#wantedSize = null
    this.#flush()
    this.#screen.resize(size)
    this.#pty.resize(size)
    this.#change(size)
    this.#resizeTimer = setTimeout(() => this.#resizeNow(), RESIZE_MS)
  }

  #onTitle(title: string): void {
    this.#wantedTitle = title
    this.#titleTimer ??= setTimeout(() => {
      this.#titleTimer = null
      const { title: _, ...untitled } = this.#entry
      const wanted = this.#wantedTitle ?? ''
      if (wanted === (this.#entry.title ?? '')) return
      this.#entry = wanted === '' ? untitled : { ...untitled, title: wanted }
      this.#options.onChange(this.#entry)
    }, TITLE_MS)
  }

  #onExit(exit: PtyExit): void {
    if (this.#disposed) return
    this.#flush()
    this.#input.end()
    const how = exit.signal === null ? { exitCode: exit.code } : { signal: exit.signal }
    this.#change({ state: 'ended', ...how })
  }

  #change(change: Partial<Terminal>): void {
    this.#entry = { ...this.#entry, ...change }
    this.#options.onChange(this.#entry)
  }
}
