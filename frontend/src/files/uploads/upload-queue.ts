import type { OctoError } from '@octo/protocol'
import { toOctoError } from '../../mux/index.ts'
import { freeName, joinPath, nameOf, parentOf } from '../paths.ts'

/** More at once does not make a line faster, and each holds a file open on both sides. */
const PARALLEL = 3

/** Failures that are kept to be read; nobody reads more. */
const MAX_FAILURES = 100

/** One file on its way. */
export interface Upload {
  /** Where it goes. */
  readonly path: string
  readonly file: Blob
}

/** What to do with a name that is taken. */
export type ConflictChoice = 'replace' | 'keep-both' | 'skip'

export interface UploadFailure {
  readonly path: string
  readonly message: string
}

/** What a view shows of the queue. */
export interface UploadState {
  readonly total: number
  /** Finished, skipped ones included. */
  readonly done: number
  readonly totalBytes: number
  readonly sentBytes: number
  /** The file being sent, for its name. */
  readonly current: string | null
  /** A name that is taken: the user is asked, one at a time. */
  readonly conflict: Upload | null
  readonly failures: readonly UploadFailure[]
}

/** How files get to the server; injected, so that the queue can be tested without one. */
export interface UploadTransport {
  /** What is at a path now; null if nothing. */
  etagOf(path: string, signal: AbortSignal): Promise<string | null>
  /** @throws OctoError `stale_write` if what is there is not what `etag` says (null: nothing) */
  send(upload: Upload, options: SendOptions): Promise<unknown>
}

export interface SendOptions {
  readonly etag: string | null
  readonly signal: AbortSignal
  readonly onProgress: (share: number) => void
}

const IDLE: UploadState = {
  total: 0,
  done: 0,
  totalBytes: 0,
  sentBytes: 0,
  current: null,
  conflict: null,
  failures: [],
}

interface ConflictDecision {
  readonly choice: ConflictChoice
  readonly forAll: boolean
}

/**
 * Sends files, a few at a time. A name that is taken is asked about before its file is sent; the answer may be meant for all
 * that follow. Cancelling stops what is being sent and forgets the rest; what was sent stays.
 */
export class UploadQueue {
  readonly #transport: UploadTransport
  readonly #listeners = new Set<() => void>()
  #waiting: Upload[] = []
  #state: UploadState = IDLE
  #stop = new AbortController()
  #running = 0
  readonly #sent = new Map<string, number>()
  #finishedBytes = 0
  #forAll: ConflictChoice | null = null
  #asked: PromiseWithResolvers<ConflictDecision> | null = null

  constructor(transport: UploadTransport) {
    this.#transport = transport
  }

  get state(): UploadState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(uploads: readonly Upload[]): void {
    if (this.#running === 0 && this.#waiting.length === 0) this.#begin()
    this.#waiting.push(...uploads)
    const bytes = uploads.reduce((sum, { file }) => sum + file.size, 0)
    this.#show({ total: this.#state.total + uploads.length, totalBytes: this.#state.totalBytes + bytes })
    while (this.#running < PARALLEL && this.#waiting.length > 0) void this.#work()
  }

  /** Answers the question about a taken name. @param forAll also answers those that follow */
  answer(choice: ConflictChoice, forAll: boolean): void {
    this.#asked?.resolve({ choice, forAll })
  }

  cancel(): void {
    this.#waiting = []
    this.#stop.abort()
    this.#asked?.resolve({ choice: 'skip', forAll: true })
  }

  /** Forgets the failures once they were read. */
  dismiss(): void {
    if (this.#running === 0) this.#show(IDLE)
  }

  #begin(): void {
    this.#stop = new AbortController()
    this.#sent.clear()
    this.#finishedBytes = 0
    this.#forAll = null
    this.#state = IDLE
  }

  async #work(): Promise<void> {
    this.#running += 1
    for (let upload = this.#waiting.shift(); upload !== undefined; upload = this.#waiting.shift()) {
      await this.#sendOne(upload)
    }
    this.#running -= 1
    if (this.#running > 0) return
    const { failures } = this.#state
    if (this.#stop.signal.aborted || failures.length === 0) this.#show(IDLE)
    else this.#show({ current: null })
  }

  async #sendOne(upload: Upload): Promise<void> {
    try {
      await this.#sendAsked(upload)
    } catch (error) {
      const failure = toOctoError(error)
      if (failure.code !== 'cancelled') this.#fail(upload, failure)
    } finally {
      this.#sent.delete(upload.path)
      this.#finishedBytes += upload.file.size
      this.#show({ done: this.#state.done + 1, sentBytes: this.#bytes() })
    }
  }

  /** Sends a file once it is known what to do about its name, which may be taken in the very last moment. */
  async #sendAsked(upload: Upload): Promise<void> {
    const { signal } = this.#stop
    let etag = await this.#transport.etagOf(upload.path, signal)
    for (;;) {
      if (signal.aborted) return
      const target = etag === null ? { upload, etag } : await this.#settle(upload, etag)
      if (target === null) return
      try {
        await this.#transmit(target.upload, target.etag)
        return
      } catch (error) {
        if (toOctoError(error).code !== 'stale_write') throw error
        etag = await this.#transport.etagOf(upload.path, signal)
      }
    }
  }

  /** @returns what to send in place of a file whose name is taken; null for nothing */
  async #settle(upload: Upload, etag: string): Promise<{ upload: Upload; etag: string | null } | null> {
    const choice = await this.#choose(upload)
    if (choice === 'replace') return { upload, etag }
    if (choice === 'skip') return null
    return { upload: { ...upload, path: await this.#freePath(upload.path) }, etag: null }
  }

  /** Asks, one question after the other. */
  async #choose(upload: Upload): Promise<ConflictChoice> {
    while (this.#asked !== null) await this.#asked.promise
    if (this.#stop.signal.aborted) return 'skip'
    if (this.#forAll !== null) return this.#forAll
    const asked = Promise.withResolvers<ConflictDecision>()
    this.#asked = asked
    this.#show({ conflict: upload })
    const { choice, forAll } = await asked.promise
    this.#asked = null
    if (forAll) this.#forAll = choice
    this.#show({ conflict: null })
    return choice
  }

  async #freePath(path: string): Promise<string> {
    const taken = new Set<string>()
    for (;;) {
      const free = joinPath(
        parentOf(path),
        freeName(nameOf(path), (name) => taken.has(name)),
      )
      if ((await this.#transport.etagOf(free, this.#stop.signal)) === null) return free
      taken.add(nameOf(free))
    }
  }

  async #transmit(upload: Upload, etag: string | null): Promise<void> {
    this.#show({ current: upload.path })
    const onProgress = (share: number): void => {
      this.#sent.set(upload.path, share * upload.file.size)
      this.#show({ sentBytes: this.#bytes() })
    }
    await this.#transport.send(upload, { etag, signal: this.#stop.signal, onProgress })
  }

  #bytes(): number {
    return [...this.#sent.values()].reduce((sum, bytes) => sum + bytes, this.#finishedBytes)
  }

  #fail({ path }: Upload, { message }: OctoError): void {
    this.#show({ failures: [...this.#state.failures, { path, message }].slice(-MAX_FAILURES) })
  }

  #show(patch: Partial<UploadState>): void {
    this.#state = { ...this.#state, ...patch }
    for (const listener of this.#listeners) listener()
  }
}
