/** A notice names this many paths at most; beyond that, looking again is cheaper than reading the list. */
export const MAX_PATHS = 1_000

/** Paths may be long; all of a notice together stay well inside a frame. */
const MAX_CHARS = 131_072

/** What changed in a workspace within a moment. */
export interface ChangeSet {
  readonly paths: readonly string[]
  /** Folders in which names came or went. */
  readonly folders: readonly string[]
  /** Anything may have changed; nothing is named. */
  readonly reset: boolean
}

/** Gathers changes until they are told. Bounded: too many become a reset. */
export class Changes {
  readonly #paths = new Set<string>()
  readonly #folders = new Set<string>()
  #chars = 0
  #reset = false

  get empty(): boolean {
    return !this.#reset && this.#paths.size === 0
  }

  /** @param folder given if the name itself came or went: the folder it is in */
  add(path: string, folder?: string): void {
    if (this.#reset) return
    this.#note(this.#paths, path)
    if (folder !== undefined) this.#note(this.#folders, folder)
    if (this.#paths.size > MAX_PATHS || this.#chars > MAX_CHARS) this.reset()
  }

  reset(): void {
    this.#clear()
    this.#reset = true
  }

  /** Hands over what was gathered, and begins anew. */
  take(): ChangeSet {
    const set = { paths: [...this.#paths], folders: [...this.#folders], reset: this.#reset }
    this.#clear()
    return set
  }

  #note(set: Set<string>, path: string): void {
    if (set.has(path)) return
    set.add(path)
    this.#chars += path.length
  }

  #clear(): void {
    this.#paths.clear()
    this.#folders.clear()
    this.#chars = 0
    this.#reset = false
  }
}
