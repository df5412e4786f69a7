import { readGit } from '../../lib/git.ts'
import type { Root } from '../place.ts'
import { isHidden } from '../hidden-names.ts'
import { walk } from '../walk.ts'

/** Finding looks through this many files; more do not fit a moment nor a memory of reasonable size. */
export const MAX_FILES = 200_000

/** Repositories inside repositories that are gone into. */
const MAX_NESTED = 100

/** Folders that nobody looks for files in, where no git says what to leave out. */
const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', '__pycache__', '.venv', '.tox', '.cache'])

export interface FileList {
  readonly paths: readonly string[]
  /** Whether there are more than {@link MAX_FILES}. */
  readonly truncated: boolean
}

/** All files of a workspace that git does not ignore; without git, all that are not in folders of packages and caches. */
export async function listFiles(root: Root, signal: AbortSignal): Promise<FileList> {
  const listed = new Set<string>()
  const nested = ['']
  for (let at = 0; at < nested.length && at <= MAX_NESTED && listed.size < MAX_FILES; at += 1) {
    const folder = nested[at] ?? ''
    const found = await listRepository(root, folder, signal)
    if (found === null) {
      if (folder === '') return walkFiles(root, signal)
      continue
    }
    for (const path of found.files) if (listed.size < MAX_FILES) listed.add(path)
    nested.push(...found.repositories)
  }
  return { paths: [...listed], truncated: listed.size >= MAX_FILES }
}

interface Repository {
  readonly files: readonly string[]
  /** Folders in it that are repositories of their own. */
  readonly repositories: readonly string[]
}

/** @returns null if no git answers for this folder */
async function listRepository(root: Root, path: string, signal: AbortSignal): Promise<Repository | null> {
  await using folder = await root.openFolder(path)
  const prefix = path === '' ? '' : `${path}/`
  const files = new Set<string>()
  const repositories: string[] = []
  const args = ['ls-files', '-t', '-s', '-c', '-o', '-d', '-z', '--exclude-standard']
  const { code } = await readGit({ args, folder: folder.at, signal }, (field) => {
    const entry = parseEntry(field)
    if (entry === null) return true
    const full = prefix + entry.path
    if (entry.state === 'repository') repositories.push(full.replace(/\/$/u, ''))
    else if (entry.state === 'deleted') files.delete(full)
    else files.add(full)
    return files.size < MAX_FILES
  })
  return code === 0 || files.size >= MAX_FILES ? { files: [...files], repositories } : null
}

interface GitEntry {
  readonly path: string
  readonly state: 'there' | 'deleted' | 'repository'
}

/** The mode git has for the place of another repository. */
const GITLINK = '160000'

/** Reads a line of `git ls-files -t -s`: "? path", or "H mode object stage<tab>path", or the same with R for a deleted file. */
export function parseEntry(field: string): GitEntry | null {
  const tag = field.slice(0, 2)
  const rest = field.slice(2)
  if (tag === '? ') {
    const hidden = rest.split('/').some(isHidden)
    return hidden ? null : { path: rest, state: rest.endsWith('/') ? 'repository' : 'there' }
  }
  const tab = rest.indexOf('\t')
  if (tab < 0) return null
  const path = rest.slice(tab + 1)
  if (rest.startsWith(GITLINK)) return { path, state: tag === 'R ' ? 'deleted' : 'repository' }
  return { path, state: tag === 'R ' ? 'deleted' : 'there' }
}

async function walkFiles(root: Root, signal: AbortSignal): Promise<FileList> {
  const paths: string[] = []
  const enter = ({ path }: { readonly path: string }): boolean => !SKIPPED.has(path.slice(path.lastIndexOf('/') + 1))
  for await (const { path, kind } of walk(root.at, { enter })) {
    signal.throwIfAborted()
    if (kind === 'file' || kind === 'symlink') paths.push(path)
    if (paths.length >= MAX_FILES) return { paths, truncated: true }
  }
  return { paths, truncated: false }
}
