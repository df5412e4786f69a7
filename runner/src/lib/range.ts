/** A stretch of bytes; `last` is the last one in it, as HTTP counts. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * Reads a Range header that asks for one stretch.
 * @returns `null` for the whole (no header, several stretches, or no bytes: what a server may ignore), `'unsatisfiable'` if
 *   nothing of the stretch is there
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/u.exec(header ?? '')
  if (match === null) return null
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return null
  if (from === '') {
    const length = Math.min(Number(to), bytes)
    return length === 0 ? 'unsatisfiable' : { first: bytes - length, last: bytes - 1 }
  }
  const first = Number(from)
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (to !== '' && Number(to) < first) return null
  return first >= bytes ? 'unsatisfiable' : { first, last }
}
