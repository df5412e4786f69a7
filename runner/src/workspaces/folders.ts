import { lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { type ErrorCode, OctoError } from '@octo/protocol'

/** Folders an answer holds; who has more beside each other types the path. */
const MAX_FOLDERS = 1_000

/** Where the kernel shows itself. Nothing there is a folder of anybody's work. */
const KERNEL_FOLDERS = ['/proc', '/sys', '/dev']

export interface Folder {
  readonly name: string
  readonly git: boolean
}

/**
 * The real path of a folder somebody may work in.
 * @param options.create makes it first, with the folders above it
 * @throws OctoError `bad_request` for a relative path, `not_found`, `not_a_folder`, `permission_denied`, or `unsupported` for
 *   a folder of the kernel
 */
export async function findWorkFolder(path: string, options: { readonly create: boolean }): Promise<string> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new OctoError(
      'bad_request',
      `"${path}" is not an absolute path. Give the whole path of the folder, from "/".`,
    )
  }
  if (options.create) await askFolder(path, () => mkdir(path, { recursive: true }))
  const real = await askFolder(path, () => realpath(path))
  if (!(await askFolder(path, () => stat(real))).isDirectory()) {
    throw new OctoError('not_a_folder', `${path} is a file. Choose the folder it is in.`)
  }
  if (KERNEL_FOLDERS.some((folder) => real === folder || real.startsWith(`${folder}/`))) {
    throw new OctoError('unsupported', `${real} belongs to the kernel. Choose a folder on a disk.`)
  }
  return real
}

/** Whether a folder is there. One that cannot be looked at is as good as gone. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (isSystemError(error)) return false
    throw error
  }
}

/** Whether a folder lies in a git repository. */
export async function isInGit(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (await hasGit(folder)) return true
    if (folder === dirname(folder)) return false
  }
}

/**
 * The folders in a folder, by name.
 * @throws OctoError as {@link findWorkFolder}
 */
export async function listFolders(path: string, hidden: boolean): Promise<{ folders: Folder[]; truncated: boolean }> {
  const entries = await askFolder(path, () => readdir(path, { withFileTypes: true }))
  const candidates = entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && (hidden || !entry.name.startsWith('.')))
    .toSorted((a, b) => byName.compare(a.name, b.name))
  const folders: Folder[] = []
  for (const entry of candidates) {
    if (folders.length === MAX_FOLDERS) return { folders, truncated: true }
    const whole = join(path, entry.name)
    if (entry.isSymbolicLink() && !(await isFolder(whole))) continue
    folders.push({ name: entry.name, git: await hasGit(whole) })
  }
  return { folders, truncated: false }
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** A worktree has a file there, a clone a folder. */
async function hasGit(folder: string): Promise<boolean> {
  try {
    await lstat(join(folder, '.git'))
    return true
  } catch (error) {
    if (isSystemError(error)) return false
    throw error
  }
}

async function askFolder<Value>(path: string, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw folderError(path, error)
  }
}

const folderErrors: Readonly<Record<string, { readonly code: ErrorCode; readonly say: (path: string) => string }>> = {
  ENOENT: { code: 'not_found', say: (path) => `There is no folder ${path}. Create it, or choose another.` },
  ENOTDIR: { code: 'not_a_folder', say: (path) => `${path} lies below a file. Choose a folder.` },
  EEXIST: { code: 'not_a_folder', say: (path) => `${path} is a file. Choose a folder.` },
  EACCES: { code: 'permission_denied', say: (path) => `You have no right to use ${path}. Choose another folder.` },
  EROFS: { code: 'permission_denied', say: (path) => `${path} cannot be made: that disk is read-only.` },
  ENOSPC: { code: 'no_space', say: (path) => `The disk is full, so ${path} could not be made.` },
  ENAMETOOLONG: { code: 'bad_request', say: (path) => `${path} is too long for a path.` },
  ELOOP: { code: 'bad_request', say: (path) => `${path} is a link that leads to itself.` },
}

function folderError(path: string, error: NodeJS.ErrnoException): unknown {
  const known = folderErrors[error.code ?? '']
  return known === undefined ? error : new OctoError(known.code, known.say(path), { cause: error })
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
