/** Lines are laid out whole even when only their beginning is seen, so the rest of a very long one is left out. */
const MAX_SHOWN_LINE = 2_000

/** A line as it is shown: whole, or its beginning and how much is left out. */
export function clipLine(line: string): string {
  if (line.length <= MAX_SHOWN_LINE) return line
  return `${line.slice(0, MAX_SHOWN_LINE)}… ${(line.length - MAX_SHOWN_LINE).toLocaleString('en-US')} more characters`
}
