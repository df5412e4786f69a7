import { parsePath } from '../content/index.ts'

export interface PathInText {
  /** Where it stands in the text, in UTF-16 code units. */
  readonly start: number
  readonly end: number
  readonly path: string
  readonly line: number | null
  readonly column: number | null
}

/** Longer lines are data, not messages. */
const MAX_TEXT = 4_096

const TOKEN = /[^\s"'`<>()[\]{}|,;=*]+/g
/** How TypeScript and MSBuild write a place: `file.ts(12,5)`. */
const PLACE = /^\((\d{1,7})(?:,(\d{1,5}))?\)/
/** How Python does: `File "app.py", line 12`. */
const PYTHON_LINE = /^", line (\d{1,7})/
/** What a token may end with that is no part of a path. */
const TRAILING = /[.,:;!?]+$/

/** Finds what is plainly the path of a file in a line of output: `src/app.ts:12:4`, `./run.sh`, `main.rs(3,1)`. */
export function findPaths(text: string): PathInText[] {
  if (text.length > MAX_TEXT) return []
  const found: PathInText[] = []
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0].replace(TRAILING, '')
    if (token.includes('://') || token.includes('@')) continue
    const target = parsePath(withoutDiffPrefix(token, text))
    if (target === null) continue
    const end = match.index + token.length
    const place = PLACE.exec(text.slice(end))
    const line = target.line ?? Number(place?.[1] ?? PYTHON_LINE.exec(text.slice(end))?.[1] ?? Number.NaN)
    const column = target.column ?? Number(place?.[2] ?? Number.NaN)
    found.push({
      start: match.index,
      end: end + (place?.[0].length ?? 0),
      path: target.path,
      line: Number.isNaN(line) ? null : line,
      column: Number.isNaN(column) ? null : column,
    })
  }
  return found
}

/** In the head of a diff, paths stand below `a/` and `b/`, which are no folders. */
function withoutDiffPrefix(token: string, text: string): string {
  return /^(?:\+\+\+|---|diff --git) /.test(text) ? token.replace(/^[ab]\//, '') : token
}

/**
 * What a path means within a workspace.
 * @param path as it was printed
 * @param cwd where the shell is, absolute, if it says so; the workspace's folder otherwise
 * @param root the workspace's folder
 * @returns the path relative to the workspace, or `null` if it lies outside or in the unknown home folder
 */
export function pathInWorkspace(path: string, cwd: string | null, root: string): string | null {
  if (path.startsWith('~')) return null
  const base = path.startsWith('/') ? '' : (cwd ?? root)
  const parts: string[] = []
  for (const part of `${base}/${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  const absolute = `/${parts.join('/')}`
  const prefix = root === '/' ? '/' : `${root}/`
  return absolute.startsWith(prefix) ? absolute.slice(prefix.length) : null
}
