type Path = readonly PropertyKey[]

/**
 * Finds the line of a TOML text where a key is set. Inline tables and arrays are one line, so what lies in them has the
 * line of the key that they are the value of.
 * @returns the line, counted from 1; `null` if the text does not set it
 */
export function lineOf(text: string, path: Path): number | null {
  const wanted = path.map(String)
  let table: string[] = []
  let best: { readonly line: number; readonly depth: number } | null = null
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]+/u.exec(line)?.[1]
    const key = /^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=/u.exec(line)?.[1]
    if (header !== undefined) table = keyParts(header)
    const found = header !== undefined ? table : key === undefined ? null : [...table, ...keyParts(key)]
    if (found === null || !isPrefix(found, wanted)) continue
    if (best === null || found.length > best.depth) best = { line: index + 1, depth: found.length }
  }
  return best?.line ?? null
}

function keyParts(text: string): string[] {
  const parts = text.match(/"[^"]*"|'[^']*'|[\w-]+/gu) ?? []
  return parts.map((part) => part.replace(/^["']|["']$/gu, ''))
}

function isPrefix(found: readonly string[], wanted: readonly string[]): boolean {
  return found.length <= wanted.length && found.every((part, index) => part === wanted[index])
}
