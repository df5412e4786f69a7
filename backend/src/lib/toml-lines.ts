type Path = readonly PropertyKey[]

export interface TomlLine {
  /** Counted from 1. */
  readonly line: number
  /** Whether the key itself, or a value around it, is set there; otherwise it is only the head of its table. */
  readonly isSet: boolean
}

/**
 * Finds the line of a TOML text that comes nearest to a key. What lies in an inline table or array has the line of the
 * key whose value that is.
 * @returns `null` if not even its table is there
 */
export function lineOf(text: string, path: Path): TomlLine | null {
  const wanted = path.map(String)
  let table: string[] = []
  let best: (TomlLine & { readonly depth: number }) | null = null
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]+/u.exec(line)?.[1]
    const key = /^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=/u.exec(line)?.[1]
    if (header !== undefined) table = keyParts(header)
    const found = header !== undefined ? table : key === undefined ? null : [...table, ...keyParts(key)]
    if (found === null || !isPrefix(found, wanted)) continue
    const isSet = header === undefined || found.length === wanted.length
    if (best === null || found.length > best.depth) best = { line: index + 1, isSet, depth: found.length }
  }
  return best === null ? null : { line: best.line, isSet: best.isSet }
}

function keyParts(text: string): string[] {
  const parts = text.match(/"[^"]*"|'[^']*'|[\w-]+/gu) ?? []
  return parts.map((part) => part.replace(/^["']|["']$/gu, ''))
}

function isPrefix(found: readonly string[], wanted: readonly string[]): boolean {
  return found.length <= wanted.length && found.every((part, index) => part === wanted[index])
}
