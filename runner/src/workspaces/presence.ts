import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Deleting a large folder shows as many events; one look after the last of them is enough. */
const SETTLE_MS = 200

/**
 * Notices that folders come and go, by watching the folders they are in. That misses a folder whose parents were moved as a
 * whole, so whoever uses a folder looks for itself as well.
 */
export class Presence {
  readonly #changed: (path: string) => void
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #paths = new Set<string>()
  readonly #timers = new Map<string, NodeJS.Timeout>()

  /** @param changed is called with a folder that may have come or gone */
  constructor(changed: (path: string) => void) {
    this.#changed = changed
  }

  watch(path: string): void {
    this.#paths.add(path)
    this.#watchParent(dirname(path))
  }

  unwatch(path: string): void {
    this.#paths.delete(path)
    const parent = dirname(path)
    if ([...this.#paths].some((other) => dirname(other) === parent)) return
    this.#watchers.get(parent)?.close()
    this.#watchers.delete(parent)
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#watchers.clear()
    this.#timers.clear()
    this.#paths.clear()
  }

  #watchParent(parent: string): void {
    if (this.#watchers.has(parent)) return
    try {
      const watcher = watch(parent, { persistent: false }, (_, name) => this.#heard(parent, name))
      watcher.on('error', () => this.#drop(parent))
      this.#watchers.set(parent, watcher)
    } catch {
      // A parent that is gone, unreadable, or one too many to watch: the look at each use remains.
      this.#drop(parent)
    }
  }

  #drop(parent: string): void {
    this.#watchers.get(parent)?.close()
    this.#watchers.delete(parent)
  }

  #heard(parent: string, name: string | null): void {
    for (const path of this.#paths) {
      if (dirname(path) === parent && (name === null || name === basename(path))) this.#lookSoon(path)
    }
  }

  #lookSoon(path: string): void {
    clearTimeout(this.#timers.get(path))
    const timer = setTimeout(() => {
      this.#timers.delete(path)
      if (this.#paths.has(path)) this.#changed(path)
    }, SETTLE_MS)
    this.#timers.set(path, timer.unref())
  }
}
