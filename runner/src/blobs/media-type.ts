/** Bytes at the beginning of a blob that its type is told from. */
export const SNIFFED_BYTES = 4_096

const OCTETS = 'application/octet-stream'
const TEXT = 'text/plain; charset=utf-8'

interface Signature {
  readonly type: string
  readonly bytes: readonly number[]
  /** Where the bytes stand; at the beginning if left out. */
  readonly at?: number
}

const signatures: readonly Signature[] = [
  { type: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', bytes: [0x57, 0x45, 0x42, 0x50], at: 8 },
  { type: 'application/pdf', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
]

/** Tells a media type from the first bytes; what its sender calls it is never believed. */
export function sniffType(head: Uint8Array): string {
  const found = signatures.find(({ bytes, at = 0 }) => bytes.every((byte, index) => head[at + index] === byte))
  if (found !== undefined) return found.type
  return isText(head) ? TEXT : OCTETS
}

/** Only these are shown in the page; anything else, SVG too, could carry a script. */
export function isRasterImage(type: string): boolean {
  return ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].includes(type)
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false
  try {
    // `stream` forgives a character that the end of the head cuts.
    new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, SNIFFED_BYTES), { stream: true })
    return true
  } catch {
    return false
  }
}
