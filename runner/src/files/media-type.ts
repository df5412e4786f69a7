import mime from 'mime'

/** How much of a file is looked at to tell text from bytes, and what the bytes are. */
export const SNIFF_BYTES = 65_536

const BINARY = 'application/octet-stream'
const TEXT = 'text/plain'

/** How files begin whose names say nothing, or the wrong thing. */
const signatures: readonly { readonly type: string; readonly begins: readonly number[] }[] = [
  { type: 'image/png', begins: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/jpeg', begins: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', begins: [0x47, 0x49, 0x46, 0x38] },
  { type: 'application/pdf', begins: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'application/zip', begins: [0x50, 0x4b, 0x03, 0x04] },
  { type: 'application/gzip', begins: [0x1f, 0x8b] },
  { type: 'application/x-elf', begins: [0x7f, 0x45, 0x4c, 0x46] },
  { type: 'application/vnd.sqlite3', begins: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x33] },
]

/** Written as text although their media types do not begin with `text/`. */
const TEXT_TYPES = /^(text\/|application\/(json|xml|javascript|toml|yaml|x-sh|sql|.*\+(json|xml))|image\/svg\+xml)/u

/** Media types of media that a browser plays or shows itself; text in such a file has been misnamed. */
const FREE_OF_TEXT = /^(image|audio|video|font)\/(?!svg)/u

export interface Media {
  readonly type: string
  /** Whether it looks like text in UTF-8. */
  readonly text: boolean
}

/**
 * Says what a file is by its name and its first bytes. The bytes win: a name chooses only among what they allow.
 * @param whole whether `head` is all there is, so that a cut character at its end counts as damage
 */
export function mediaOf(name: string, head: Uint8Array, whole: boolean): Media {
  const byName = mime.getType(name)
  if (isText(head, whole)) {
    const fits = byName !== null && (TEXT_TYPES.test(byName) || (head.length === 0 && !FREE_OF_TEXT.test(byName)))
    return { type: fits ? byName : TEXT, text: true }
  }
  const bySignature = signatures.find(({ begins }) => begins.every((byte, at) => head[at] === byte))?.type
  // A zip by its bytes may be a document by its name; an image is what its bytes say.
  const nameFits = byName !== null && !TEXT_TYPES.test(byName)
  if (bySignature !== undefined && !(bySignature === 'application/zip' && nameFits))
    return { type: bySignature, text: false }
  return { type: nameFits ? byName : BINARY, text: false }
}

function isText(head: Uint8Array, whole: boolean): boolean {
  if (head.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !whole })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
