import { useEffect, useState } from 'react'

import { languageOf } from './languages.ts'
import type { Language } from './languages.ts'
import type { HighlightedLine } from './token-classes.ts'

export interface HighlightJob {
  readonly id: number
  readonly code: string
  readonly language: Language
}

export interface HighlightReply {
  readonly id: number
  /** Null when the grammar failed; the code then stays plain. */
  readonly lines: readonly HighlightedLine[] | null
  readonly failure?: string
}

type Lines = readonly HighlightedLine[]

/** Longer code stays plain: its spans would cost the page more than colour is worth. */
const MAX_CODE_LENGTH = 60_000
const MAX_CODE_LINES = 2_000
/** Covers fetching a grammar on a slow line; a grammar that runs longer than this is stuck. */
const JOB_TIME_MS = 10_000
/** Blocks waiting for colour; further ones stay plain until they are shown again. */
const MAX_WAITING = 128
/** Results kept, so that rows scrolled back into view have their colours at once. */
const MAX_CACHED = 300
const MAX_CACHED_LENGTH = 2_000_000
/** A worker that cannot start, or dies, is not tried for ever. */
const MAX_WORKER_FAILURES = 3

interface Waiting {
  readonly job: HighlightJob
  readonly key: string
  readonly signal: AbortSignal
  readonly resolve: (lines: Lines | null) => void
}

/**
 * Colours code in a worker, one block at a time, so that a grammar that gets stuck costs that block its colour and
 * nothing else. Results are cached; what waits and what is kept is bounded.
 */
export class Highlighter {
  readonly #createWorker: () => Worker
  readonly #waiting: Waiting[] = []
  readonly #cache = new Map<string, Lines | null>()
  #cachedLength = 0
  #worker: Worker | null = null
  #failures = 0
  #lastId = 0
  #running: { readonly waiting: Waiting; readonly timer: ReturnType<typeof setTimeout> } | null = null

  constructor(createWorker: () => Worker) {
    this.#createWorker = createWorker
  }

  /** The result if it is already known; null for code that failed, undefined for unknown. */
  peek(code: string, language: Language): Lines | null | undefined {
    return this.#cache.get(keyOf(code, language))
  }

  /** Colours code; null when it stays plain. An aborted request resolves to null and gives up its place. */
  request(code: string, language: Language, signal: AbortSignal): Promise<Lines | null> {
    if (this.#failures >= MAX_WORKER_FAILURES || this.#waiting.length >= MAX_WAITING) return Promise.resolve(null)
    return new Promise((resolve) => {
      this.#lastId += 1
      const job = { id: this.#lastId, code, language }
      this.#waiting.push({ job, key: keyOf(code, language), signal, resolve })
      this.#next()
    })
  }

  #next(): void {
    if (this.#running !== null) return
    const waiting = this.#waiting.shift()
    if (waiting === undefined) return
    const known = this.#cache.get(waiting.key)
    if (waiting.signal.aborted || known !== undefined) {
      waiting.resolve(known ?? null)
      return this.#next()
    }
    const timer = setTimeout(() => this.#fail(), JOB_TIME_MS)
    this.#running = { waiting, timer }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    this.#startedWorker().postMessage(waiting.job)
  }

  #startedWorker(): Worker {
    if (this.#worker !== null) return this.#worker
    const worker = this.#createWorker()
    worker.addEventListener('message', (event: MessageEvent<HighlightReply>) => {
      if (event.data.id === this.#running?.waiting.job.id) this.#finish(event.data.lines)
    })
    worker.addEventListener('error', () => this.#fail())
    this.#worker = worker
    return worker
  }

  /** The worker is stuck or dead: the block it had stays plain, the next one gets a new worker. */
  #fail(): void {
    this.#failures += 1
    this.#worker?.terminate()
    this.#worker = null
    this.#finish(null)
  }

  #finish(lines: Lines | null): void {
    const running = this.#running
    if (running === null) return
    clearTimeout(running.timer)
    this.#running = null
    this.#remember(running.waiting.key, lines)
    running.waiting.resolve(lines)
    this.#next()
  }

  #remember(key: string, lines: Lines | null): void {
    this.#cache.set(key, lines)
    this.#cachedLength += key.length
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= MAX_CACHED && this.#cachedLength <= MAX_CACHED_LENGTH) break
      this.#cache.delete(oldest)
      this.#cachedLength -= oldest.length
    }
  }
}

const shared = new Highlighter(
  () => new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module', name: 'octo-highlight' }),
)

/**
 * The colours of code, or null while they are unknown: the code is then drawn plain.
 * @param name a language, or a path by whose ending it is known
 * @param ready false while the code still grows
 */
export function useHighlight(code: string, name: string, ready: boolean): Lines | null {
  const language = ready && isWorthColouring(code) ? languageOf(name) : null
  const known = language === null ? null : shared.peek(code, language)
  const [result, setResult] = useState<{ readonly code: string; readonly lines: Lines | null } | null>(null)
  const wanted = known === undefined
  useEffect(() => {
    if (language === null || !wanted || typeof Worker === 'undefined') return
    const stop = new AbortController()
    const colour = async (): Promise<void> => {
      const lines = await shared.request(code, language, stop.signal)
      if (!stop.signal.aborted) setResult({ code, lines })
    }
    void colour()
    return () => stop.abort()
  }, [code, language, wanted])
  if (known !== undefined) return known
  return result !== null && result.code === code ? result.lines : null
}

function isWorthColouring(code: string): boolean {
  if (code === '' || code.length > MAX_CODE_LENGTH) return false
  let lines = 1
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) lines += 1
  return lines <= MAX_CODE_LINES
}

function keyOf(code: string, language: Language): string {
  return `${language}\n${code}`
}
