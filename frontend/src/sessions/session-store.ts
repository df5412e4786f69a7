import type { Applied, CommandId, MissingText, Notice, PromptInput, SessionId, SessionView } from '@octo/protocol'
import type { OctoError } from '@octo/protocol'
import {
  applyChanged,
  applyOpen,
  applyPage,
  applyRead,
  applyTail,
  emptySessionView,
  randomId,
} from '@octo/protocol/client'
import type { Mux } from '../mux/index.ts'
import { toOctoError } from '../mux/index.ts'
import type { Echo } from './echoes.ts'
import { withoutShown } from './echoes.ts'
import { createFrameScheduler } from './frame-scheduler.ts'

/** Newest items of a session fetched at first: a few screens, so that opening is quick however long it is. */
const WINDOW = 120
/** Items fetched at a time when the reader goes back. */
const PAGE = 200
/** A session nobody looks at is closed after this, so that switching between tabs asks nothing. */
const CLOSE_DELAY_MS = 30_000
/** An answered prompt whose item does not come (it was undone meanwhile) is taken away after this. */
const ECHO_MS = 10_000

export interface SessionStoreState {
  readonly view: SessionView
  /** `gone` when the runner does not know it any more. */
  readonly phase: 'loading' | 'ready' | 'failed' | 'gone'
  readonly error: OctoError | null
  readonly loadingOlder: boolean
  readonly echoes: readonly Echo[]
}

export interface SessionStore {
  readonly id: SessionId
  readonly state: SessionStoreState
  /** Watches; the first watcher opens the session on the connection. */
  readonly subscribe: (listener: () => void) => () => void
  readonly watched: boolean
  /** Fetches what is before the first item; does nothing while it is fetching or when nothing is. */
  loadOlder(): Promise<void>
  /** Sends a prompt, shown at once; rejects with what the runner answered, the echo then says so. */
  send(prompt: PromptInput, how: 'prompt' | 'steer'): Promise<void>
  /** Takes away a prompt that failed. */
  dropEcho(command: CommandId): void
  /** Opens again after an error. */
  retry(): void
}

const FIRST: SessionStoreState = {
  view: emptySessionView,
  phase: 'loading',
  error: null,
  loadingOlder: false,
  echoes: [],
}

/** A session as this tab holds it: opened while somebody watches, folded change by change, drawn once a frame. */
export function createSessionStore(mux: Mux, id: SessionId): SessionStore {
  return new FoldedSession(mux, id)
}

/** Text of one part that came since the last drawing. */
interface KeptTail {
  readonly first: Notice<'sessions.tail'>
  readonly texts: string[]
  end: number
}

function continues({ first, end }: KeptTail, next: Notice<'sessions.tail'>): boolean {
  return next.item === first.item && next.part === first.part && next.rev === first.rev && next.offset === end
}

class FoldedSession implements SessionStore {
  readonly id: SessionId
  readonly #mux: Mux
  readonly #listeners = new Set<() => void>()
  readonly #scheduler = createFrameScheduler(() => this.#draw())
  /** What is shown; the truth may be a frame ahead of it. */
  #shown: SessionStoreState = FIRST
  #state: SessionStoreState = FIRST
  #stop: (() => void) | null = null
  #closing: ReturnType<typeof setTimeout> | undefined
  /** Counts openings, so that answers to an earlier one are dropped. */
  #opening = 0
  #isOpening = false
  readonly #reading = new Set<string>()
  #tail: KeptTail | null = null
  #drawing = false

  constructor(mux: Mux, id: SessionId) {
    this.#mux = mux
    this.id = id
  }

  get state(): SessionStoreState {
    return this.#shown
  }

  get watched(): boolean {
    return this.#stop !== null
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    clearTimeout(this.#closing)
    this.#stop ??= this.#watch()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#closing = setTimeout(() => this.#close(), CLOSE_DELAY_MS)
    }
  }

  retry(): void {
    void this.#open()
  }

  async loadOlder(): Promise<void> {
    const { view: before, loadingOlder } = this.#state
    if (loadingOlder || !before.older) return
    this.#change({ loadingOlder: true })
    try {
      const reply = await this.#mux.query('sessions.page', { session: this.id, before: before.floor, limit: PAGE })
      this.#change({ loadingOlder: false })
      this.#apply((view) => applyPage(view, reply))
    } catch (error) {
      this.#change({ loadingOlder: false })
      throw toOctoError(error)
    }
  }

  async send(prompt: PromptInput, how: 'prompt' | 'steer'): Promise<void> {
    const command = randomId('cmd')
    const echo: Echo = { command, prompt, how, sentAt: Date.now(), state: 'sending', item: null, error: null }
    this.#change({ echoes: [...this.#state.echoes, echo] })
    try {
      const method = how === 'steer' ? 'sessions.steer' : 'sessions.prompt'
      const reply = await this.#mux.command(method, { session: this.id, prompt }, { command })
      this.#changeEcho(command, { state: 'delivered', item: reply.delivery === 'sent' ? reply.item : null })
      setTimeout(() => this.dropEcho(command), ECHO_MS)
    } catch (error) {
      const failure = toOctoError(error)
      this.#changeEcho(command, { state: 'failed', error: failure })
      throw failure
    }
  }

  dropEcho(command: CommandId): void {
    this.#change({ echoes: this.#state.echoes.filter((echo) => echo.command !== command) })
  }

  #watch(): () => void {
    const stops = [
      this.#mux.on('sessions.changed', (notice) => {
        if (notice.session === this.id && !this.#isOpening) this.#apply((view) => applyChanged(view, notice))
      }),
      this.#mux.on('sessions.tail', (notice) => {
        if (notice.session === this.id && !this.#isOpening) this.#keepTail(notice)
      }),
      this.#mux.on('sessions.reopen', (notice) => {
        if (notice.session === this.id) void this.#open()
      }),
      this.#mux.onReady(() => void this.#open()),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  #close(): void {
    this.#opening += 1
    this.#isOpening = false
    this.#stop?.()
    this.#stop = null
    this.#tail = null
    this.#scheduler.cancel()
    // Nothing is shown of the answer: a connection that is gone has no subscription either.
    void this.#mux.query('sessions.close', { session: this.id }).catch(toOctoError)
  }

  async #open(): Promise<void> {
    this.#opening += 1
    const own = this.#opening
    this.#isOpening = true
    try {
      let more = true
      while (more) {
        const { epoch, seq } = this.#state.view
        const cursor = epoch === null ? {} : { after: seq, epoch }
        const reply = await this.#mux.query('sessions.open', { session: this.id, window: WINDOW, ...cursor })
        if (own !== this.#opening) return
        more = reply.more
        this.#isOpening = more
        this.#apply((view) => applyOpen(view, reply))
      }
      this.#change({ phase: 'ready', error: null })
    } catch (error) {
      if (own !== this.#opening) return
      this.#isOpening = false
      this.#failed(toOctoError(error))
    }
  }

  #failed(error: OctoError): void {
    if (error.code === 'not_found') this.#change({ phase: 'gone', error })
    // What was loaded before stays readable; the next return of the runner opens again.
    else this.#change({ phase: this.#state.view.session === null ? 'failed' : 'ready', error })
  }

  /** Keeps text until it is drawn: a burst of small pieces of the same part is folded in as one. */
  #keepTail(notice: Notice<'sessions.tail'>): void {
    const kept = this.#tail
    if (kept !== null && continues(kept, notice)) {
      kept.texts.push(notice.text)
      kept.end += notice.text.length
    } else {
      this.#foldTail()
      this.#tail = { first: notice, texts: [notice.text], end: notice.offset + notice.text.length }
    }
    this.#scheduler.request()
  }

  #foldTail(): void {
    const kept = this.#tail
    if (kept === null) return
    this.#tail = null
    this.#apply((view) => applyTail(view, { ...kept.first, text: kept.texts.join('') }))
  }

  #apply(fold: (view: SessionView) => Applied): void {
    this.#foldTail()
    const { view, gap, missing } = fold(this.#state.view)
    if (view !== this.#state.view) {
      this.#change({ view, echoes: withoutShown(this.#state.echoes, view) })
    }
    if (gap) void this.#open()
    for (const text of missing) void this.#read(text)
  }

  async #read(text: MissingText): Promise<void> {
    const place = `${text.item} ${text.part}`
    if (this.#reading.has(place)) return
    this.#reading.add(place)
    try {
      const reply = await this.#mux.query('sessions.read', { session: this.id, ...text })
      this.#reading.delete(place)
      this.#apply((view) => applyRead(view, text, reply))
    } catch (error) {
      this.#reading.delete(place)
      this.#change({ error: toOctoError(error) })
    }
  }

  #changeEcho(command: CommandId, patch: Partial<Echo>): void {
    const echoes = this.#state.echoes.map((echo) => (echo.command === command ? { ...echo, ...patch } : echo))
    this.#change({ echoes: withoutShown(echoes, this.#state.view) })
  }

  #change(patch: Partial<SessionStoreState>): void {
    this.#state = { ...this.#state, ...patch }
    if (!this.#drawing) this.#scheduler.request()
  }

  #draw(): void {
    this.#drawing = true
    this.#foldTail()
    this.#drawing = false
    this.#shown = this.#state
    for (const listener of this.#listeners) listener()
  }
}
