import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, access, lstat, mkdir, open, readlink, statfs } from 'node:fs/promises'
import { type EntryKind, OctoError } from '@octo/protocol'
import { isSystemError, named } from './faults.ts'

/**
 * Opens a name without opening what it names: no permission is needed, no FIFO waits, no device wakes. The descriptor
 * stays on the same thing whatever happens to names meanwhile, so what was checked is what is used. (Node does not name
 * this flag of Linux.)
 */
const O_PATH = 0o10000000

/** Kinds of file systems whose files are faces of the kernel: reading one may wait for ever or change something. */
const KERNEL_FILE_SYSTEMS = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x73636673, // securityfs
  0xcafe4a11, // bpf
  0x1cd1, // devpts
])

/** Something inside a workspace, held by descriptor. */
export class Place implements AsyncDisposable {
  readonly #handle: FileHandle
  readonly stats: BigIntStats
  /** Where it really lay when it was opened, links resolved, relative to the workspace. */
  readonly realPath: string

  constructor(handle: FileHandle, stats: BigIntStats, realPath: string) {
    this.#handle = handle
    this.stats = stats
    this.realPath = realPath
  }

  /** A path that leads to exactly this thing. */
  get at(): string {
    return `/proc/self/fd/${this.#handle.fd}`
  }

  get kind(): EntryKind {
    return kindOf(this.stats)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close()
  }
}

export function kindOf(stats: BigIntStats): EntryKind {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'symlink' : 'other'
}

/** The folder of a workspace, opened for one request: everything is reached from its descriptor. */
export class Root implements AsyncDisposable {
  readonly #handle: FileHandle
  readonly #real: Buffer

  private constructor(handle: FileHandle, real: Buffer) {
    this.#handle = handle
    this.#real = real
  }

  /**
   * @param path the real absolute path of the workspace
   * @throws OctoError `workspace_gone` if no folder lies at exactly that path, however it may be reached
   */
  static async open(path: string): Promise<Root> {
    const handle = await openPath(path, constants.O_DIRECTORY).catch((error: unknown) => {
      if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES')) throw gone(path, error)
      throw error
    })
    try {
      const real = await readlink(`/proc/self/fd/${handle.fd}`, 'buffer')
      // A part of the path that has become a link leads elsewhere than the workspace was added for.
      if (!real.equals(Buffer.from(path))) throw gone(path)
      return new Root(handle, real)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** A path that leads to exactly this folder. */
  get at(): string {
    return `/proc/self/fd/${this.#handle.fd}`
  }

  /**
   * Opens what a path names, links followed.
   * @param follow false leaves a link as the last part of the path as it is
   * @throws OctoError `path_outside` if a link leads out of the workspace, `not_found`
   */
  async open(path: string, { follow = true }: { readonly follow?: boolean } = {}): Promise<Place> {
    if (!path.isWellFormed()) throw new OctoError('bad_request', 'A path must be text that UTF-8 can write.')
    const handle = await openPath(`${this.at}/${path}`, follow ? 0 : constants.O_NOFOLLOW)
    try {
      const real = await readlink(`/proc/self/fd/${handle.fd}`, 'buffer')
      const realPath = this.#relative(real)
      if (realPath === null) throw outside(path)
      return new Place(handle, await handle.stat({ bigint: true }), realPath)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /**
   * Opens a folder.
   * @throws OctoError `not_a_folder`
   */
  async openFolder(path: string): Promise<Place> {
    const place = await this.open(path)
    if (place.kind === 'folder') return place
    await place[Symbol.asyncDispose]()
    throw new OctoError('not_a_folder', `${named(path)} is not a folder.`)
  }

  /** Opens the folder at a path; what is missing of it is made, each part inside the one before. */
  async makeFolder(path: string): Promise<Place> {
    const existing = await this.openFolder(path).catch((error: unknown) => {
      if (isSystemError(error, 'ENOENT')) return null
      throw error
    })
    if (existing !== null) return existing
    await using parent = await this.makeFolder(parentOf(path))
    await mkdir(`${parent.at}/${nameOf(path)}`).catch((error: unknown) => {
      // Somebody else made it first; what it is, the next line sees.
      if (!isSystemError(error, 'EEXIST')) throw error
    })
    return await this.openFolder(path)
  }

  /** Tells this very folder from another that takes its name later. */
  async identity(): Promise<string> {
    const { dev, ino } = await this.#handle.stat({ bigint: true })
    return `${dev}:${ino}`
  }

  /** The path below the workspace of an absolute one; null if it is not inside. */
  #relative(real: Buffer): string | null {
    if (real.equals(this.#real)) return ''
    const prefix = this.#real.length === 1 ? this.#real : Buffer.concat([this.#real, Buffer.from('/')])
    return real.subarray(0, prefix.length).equals(prefix) ? real.subarray(prefix.length).toString('utf8') : null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close()
  }
}

/** A name in a folder that is held by descriptor: for what is done to names rather than to contents. */
export class Spot implements AsyncDisposable {
  readonly folder: Place
  readonly path: string

  constructor(folder: Place, path: string) {
    this.folder = folder
    this.path = path
  }

  /**
   * @param parents whether missing folders above are made
   * @throws OctoError `bad_request` for the workspace itself, which has no name inside it
   */
  static async open(root: Root, path: string, { parents = false }: { readonly parents?: boolean } = {}): Promise<Spot> {
    if (path === '') throw new OctoError('bad_request', 'The workspace itself cannot be changed like a file in it.')
    if (!path.isWellFormed()) throw new OctoError('bad_request', 'A path must be text that UTF-8 can write.')
    const above = parentOf(path)
    return new Spot(parents ? await root.makeFolder(above) : await root.openFolder(above), path)
  }

  /** A path to the name; whoever uses it must not follow what it names. */
  get at(): string {
    return `${this.folder.at}/${nameOf(this.path)}`
  }

  /** What the name names now, a link as itself; null if nothing. */
  async look(): Promise<BigIntStats | null> {
    return lstat(this.at, { bigint: true }).catch((error: unknown) => {
      if (isSystemError(error, 'ENOENT')) return null
      throw error
    })
  }

  /** Makes changes of names in this folder survive a loss of power. */
  async sync(): Promise<void> {
    const handle = await open(this.folder.at, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder[Symbol.asyncDispose]()
  }
}

/**
 * Opens the content of a regular file for reading; the caller closes it.
 * @throws OctoError `not_a_file` for folders, `special_file` for FIFOs, sockets, devices and files of the kernel
 */
export async function openContent(place: Place, path: string): Promise<FileHandle> {
  if (place.kind === 'folder') throw new OctoError('not_a_file', `${named(path)} is a folder.`)
  if (place.kind !== 'file') throw special(path)
  if (await isOfKernel(place.at)) throw special(path)
  return open(place.at, constants.O_RDONLY | constants.O_NONBLOCK)
}

/** Whether a path leads into a file system of the kernel. */
export async function isOfKernel(at: string): Promise<boolean> {
  return KERNEL_FILE_SYSTEMS.has((await statfs(at)).type)
}

/** Whether the content may be changed, as far as the thing's own mode says. */
export async function isWritable(place: Place): Promise<boolean> {
  return access(place.at, constants.W_OK).then(
    () => true,
    (error: unknown) => {
      if (isSystemError(error, 'EACCES', 'EPERM', 'EROFS', 'ETXTBSY')) return false
      throw error
    },
  )
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

function openPath(path: string, flags: number): Promise<FileHandle> {
  return open(path, O_PATH | flags)
}

function outside(path: string): OctoError {
  return new OctoError(
    'path_outside',
    `${named(path)} leads out of the workspace through a link. Open it where it lies.`,
  )
}

function special(path: string): OctoError {
  return new OctoError('special_file', `${named(path)} is a device, pipe or socket; it has no content to show.`)
}

function gone(path: string, cause?: unknown): OctoError {
  return new OctoError(
    'workspace_gone',
    `The folder ${path} is not there any more. Bring it back or remove the workspace.`,
    {
      cause,
    },
  )
}
