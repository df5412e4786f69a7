/** Paths inside a workspace: relative, separated by "/", the workspace itself being "". */

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** The folders above a path, the outermost first, without the workspace itself. */
export function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** Whether a path lies in a folder, or is it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}

/** The paths that do not lie inside another of them. */
export function outermost(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && isWithin(path, other)))
}

/**
 * What somebody wrote as a path, as one inside the workspace: absolute paths of its folder, `./` and `..` are resolved.
 * @param root the absolute path of the workspace
 * @returns null if it leads out of the workspace
 */
export function pathInWorkspace(root: string, written: string): string | null {
  const inside = written.startsWith('/') ? relativeTo(root, written) : written
  if (inside === null) return null
  const parts: string[] = []
  for (const part of inside.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

function relativeTo(root: string, path: string): string | null {
  if (path === root) return ''
  const prefix = root.endsWith('/') ? root : `${root}/`
  return path.startsWith(prefix) ? path.slice(prefix.length) : null
}

/** A name that is free beside those taken: "notes.md" becomes "notes (1).md". */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  const dot = name.indexOf('.', 1)
  const [stem, ending] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)]
  for (let number = 1; ; number += 1) {
    const candidate = `${stem} (${number})${ending}`
    if (!isTaken(candidate)) return candidate
  }
}

/** Why a name cannot be given to a file, in a sentence; null if it can. Slashes make folders. */
export function nameFault(name: string): string | null {
  if (name.trim() === '') return 'Type a name.'
  if (name.startsWith('/') || name.endsWith('/')) return 'A name cannot begin or end with "/".'
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) return '"." and ".." are no names.'
  if (name.includes('\0')) return 'A name cannot hold that character.'
  return name.split('/').some((part) => new TextEncoder().encode(part).length > 255) ? 'This name is too long.' : null
}
