import type { Result, WorkspaceId } from '@octo/protocol'
import { Serial } from '../../lib/serial.ts'
import { isSystemError } from '../faults.ts'
import { whichIgnored } from '../ignored.ts'
import { nameOf, type Root } from '../place.ts'
import type { OpenWorkspace } from '../trash.ts'
import type { Lease, Told, Watches } from '../watching/watches.ts'
import { bestMatches } from './best.ts'
import { listFiles } from './file-list.ts'
import { type Candidate, toCandidate, toQuery } from './score.ts'

/** A list that nobody searched for so long is dropped with its watch. */
const IDLE_MS = 10 * 60_000

/** Lists kept at the same time; each may take 50 MB. */
const MAX_LISTS = 4

/** Without a watch nobody says what changed: a list is then made anew after this long. */
const UNWATCHED_MS = 3_000

/** More changed names than this are not followed one by one; the list is made anew. */
const MAX_FOLLOWED = 500

/** Finds files by name, in lists it keeps up to date by what the watch tells. */
export class Finder {
  readonly #watches: Watches
  readonly #indexes = new Map<WorkspaceId, Index>()

  constructor(watches: Watches) {
    this.#watches = watches
  }

  /** @throws what `signal` was aborted with */
  async find(
    workspace: OpenWorkspace,
    asked: { readonly query: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Result<'files.find'>> {
    const index = await this.#indexOf(workspace)
    const { candidates, truncated } = await index.read(workspace.root)
    const query = toQuery(asked.query)
    return { paths: await bestMatches(candidates, query, { limit: asked.limit, signal }), truncated }
  }

  async close(): Promise<void> {
    const all = [...this.#indexes.values()]
    this.#indexes.clear()
    await Promise.all(all.map((index) => index.close()))
  }

  async #indexOf(workspace: OpenWorkspace): Promise<Index> {
    const known = this.#indexes.get(workspace.id)
    // Taken out and put back: the map then begins with the one unused for longest.
    this.#indexes.delete(workspace.id)
    const index = known ?? new Index(workspace, this.#watches, () => void this.drop(workspace.id))
    this.#indexes.set(workspace.id, index)
    const [oldest] = this.#indexes.keys()
    if (this.#indexes.size > MAX_LISTS && oldest !== undefined) await this.drop(oldest)
    return index
  }

  /** Forgets the files of a workspace. */
  async drop(id: WorkspaceId): Promise<void> {
    const index = this.#indexes.get(id)
    this.#indexes.delete(id)
    await index?.close()
  }
}

interface Listed {
  readonly candidates: readonly Candidate[]
  readonly truncated: boolean
}

interface Files {
  readonly files: Map<string, Candidate>
  readonly truncated: boolean
}

/** The files of one workspace. */
class Index {
  readonly #abort = new AbortController()
  readonly #reads = new Serial()
  readonly #idle: NodeJS.Timeout
  readonly #lease: Promise<Lease | null>
  #list: Files | null = null
  #candidates: readonly Candidate[] = []
  #madeAt = 0
  #watched = false
  /** Names that came or went since the list was made. */
  #changed = new Set<string>()

  constructor(workspace: { readonly id: WorkspaceId; readonly path: string }, watches: Watches, onIdle: () => void) {
    this.#idle = setTimeout(onIdle, IDLE_MS).unref()
    this.#lease = watches
      .use(workspace, (told) => this.#onTold(told))
      .then(
        (lease) => {
          this.#watched = true
          return lease
        },
        // Too many folders, or none: then the list is made anew now and then.
        () => null,
      )
  }

  /** The files as they are now. */
  async read(root: Root): Promise<Listed> {
    this.#idle.refresh()
    return this.#reads.run(async () => {
      // A list is made only after the watch has begun, so that no change falls between.
      await (await this.#lease)?.settled()
      if (!this.#watched && Date.now() - this.#madeAt > UNWATCHED_MS) this.#list = null
      const list = this.#list === null ? await this.#make(root) : await this.#follow(root, this.#list)
      return { candidates: this.#candidates, truncated: list.truncated }
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    this.#abort.abort()
    await (await this.#lease)?.end()
  }

  #onTold({ paths, folders, reset }: Told): void {
    const rules = paths.some((path) => nameOf(path) === '.gitignore')
    if (reset || rules || this.#changed.size + paths.length > MAX_FOLLOWED) {
      this.#list = null
      this.#changed.clear()
      return
    }
    if (folders.length === 0) return
    // Of packages it is only told that some came or went, and those are hardly ever in the list.
    for (const path of paths) if (nameOf(path) !== 'node_modules') this.#changed.add(path)
  }

  async #make(root: Root): Promise<Files> {
    this.#changed = new Set()
    this.#madeAt = Date.now()
    const { paths, truncated } = await listFiles(root, this.#abort.signal)
    const list = { files: new Map(paths.map((path) => [path, toCandidate(path)])), truncated }
    this.#candidates = [...list.files.values()]
    this.#list = list
    return list
  }

  /** Brings the list up to date with the names that came and went. */
  async #follow(root: Root, list: Files): Promise<Files> {
    if (this.#changed.size === 0) return list
    const changed = [...this.#changed]
    this.#changed = new Set()
    const there = (await Promise.all(changed.map((path) => isFile(root, path)))).flatMap((is, at) =>
      is ? [changed[at] ?? ''] : [],
    )
    const ignored = new Set(await whichIgnored(root.at, there, this.#abort.signal))
    for (const path of changed) this.#remove(list.files, path)
    for (const path of there) if (!ignored.has(path)) list.files.set(path, toCandidate(path))
    this.#candidates = [...list.files.values()]
    return list
  }

  /** A name that went may have been a folder. */
  #remove(files: Map<string, Candidate>, path: string): void {
    if (files.delete(path)) return
    for (const other of files.keys()) if (other.startsWith(`${path}/`)) files.delete(other)
  }
}

async function isFile(root: Root, path: string): Promise<boolean> {
  try {
    await using place = await root.open(path, { follow: false })
    return place.kind === 'file' || place.kind === 'symlink'
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP') || (error instanceof Error && 'code' in error))
      return false
    throw error
  }
}
