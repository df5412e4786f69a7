/** What is kept of a value an agent passes around: arguments of tools, events nobody knows. */
const MAX_BYTES = 16_384
const MAX_STRING_CHARS = 4_096
const MAX_DEPTH = 8
const MAX_ENTRIES = 100

/**
 * Makes a value small enough to keep beside an item: long strings, long lists and deep nesting are cut, each with a word
 * about what is missing; if that is still too much, the whole becomes one string.
 */
export function capValue(value: unknown): unknown {
  const capped = cap(value, MAX_DEPTH)
  const json = JSON.stringify(capped) ?? 'null'
  if (Buffer.byteLength(json) <= MAX_BYTES) return capped
  return `${json.slice(0, MAX_BYTES / 4)}… (cut)`
}

function cap(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    const missing = value.length - MAX_STRING_CHARS
    return missing > 0 ? `${value.slice(0, MAX_STRING_CHARS)}… (${missing} more characters)` : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '… (nested too deeply)'
  if (Array.isArray(value)) {
    const kept = value.slice(0, MAX_ENTRIES).map((entry) => cap(entry, depth - 1))
    return value.length > MAX_ENTRIES ? [...kept, `… (${value.length - MAX_ENTRIES} more)`] : kept
  }
  const entries = Object.entries(value).slice(0, MAX_ENTRIES)
  return Object.fromEntries(entries.map(([key, entry]) => [key.slice(0, 200), cap(entry, depth - 1)]))
}
