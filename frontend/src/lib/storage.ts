/**
 * The browser's storage for view state: what is lost with it is comfort, never content. A browser may forbid or fill
 * it; then values last as long as the page.
 */
const unstored = new Map<string, string>()

/** Reads a stored value; `null` if there is none or it does not parse. Its shape is the caller's to check. */
export function readStored(key: string): unknown {
  const text = readText(key)
  if (text === null) return null
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Stores a value as JSON. */
export function writeStored(key: string, value: unknown): void {
  const text = JSON.stringify(value)
  unstored.set(key, text)
  try {
    localStorage.setItem(key, text)
    unstored.delete(key)
  } catch (error) {
    // Forbidden or full: the copy in memory stays until the page goes.
    if (!(error instanceof DOMException)) throw error
  }
}

/** Forgets a value; unknown keys are fine. */
export function removeStored(key: string): void {
  unstored.delete(key)
  try {
    localStorage.removeItem(key)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

/** The keys that begin with a prefix. */
export function storedKeys(prefix: string): readonly string[] {
  try {
    return [...new Set([...Object.keys(localStorage), ...unstored.keys()])].filter((key) => key.startsWith(prefix))
  } catch (error) {
    if (error instanceof DOMException) return [...unstored.keys()].filter((key) => key.startsWith(prefix))
    throw error
  }
}

function readText(key: string): string | null {
  try {
    return unstored.get(key) ?? localStorage.getItem(key)
  } catch (error) {
    if (error instanceof DOMException) return unstored.get(key) ?? null
    throw error
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
