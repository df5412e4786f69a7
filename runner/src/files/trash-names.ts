import { nameOf, parentOf, joinPath } from './place.ts'

/** The paths that do not lie inside another of them, each once: a folder takes along what is in it. */
export function outermost(paths: readonly string[]): string[] {
  const all = new Set(paths)
  return [...all].filter((path) => !ancestors(path).some((above) => all.has(above)))
}

/** The folders above a path, the nearest first, without the workspace itself. */
function ancestors(path: string): string[] {
  const above = parentOf(path)
  return above === '' ? [] : [above, ...ancestors(above)]
}

/**
 * The name for the n-th try to bring something back: 0 is its own, later ones stand beside whatever took that. The ending
 * stays, so that the file is still opened as what it is.
 */
export function restoredPath(path: string, attempt: number): string {
  if (attempt === 0) return path
  const name = nameOf(path)
  // A leading dot begins a name rather than an ending.
  const dot = name.indexOf('.', 1)
  const mark = attempt === 1 ? ' (restored)' : ` (restored ${attempt})`
  return joinPath(parentOf(path), dot < 0 ? name + mark : name.slice(0, dot) + mark + name.slice(dot))
}
