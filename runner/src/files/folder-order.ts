import type { Entry } from '@octo/protocol'

/** A number in a name counts as a number, up to this many digits: "step 9" stands before "step 10". */
const NUMBER_WIDTH = 12

interface Row {
  readonly entry: Entry
  readonly key: string
}

/**
 * The order of entries as one comparable text: folders first, then names regardless of case, numbers by their value;
 * the name itself comes last, so that no two keys are equal. Plain comparison of such keys is ten times as fast as the
 * language's own rules, which nobody misses here.
 */
export function orderKey(entry: Entry): string {
  const name = entry.name.toLowerCase().replace(/\d+/gu, (digits) => digits.padStart(NUMBER_WIDTH, '0'))
  return `${entry.kind === 'folder' ? '0' : '1'}${name}\0${entry.name}`
}

/** Where a page ended, as the client passes it back. */
export function cursorOf(entry: Entry): string {
  return `${entry.kind === 'folder' ? 'd' : 'f'}/${entry.name}`
}

function cursorKey(cursor: string): string {
  return orderKey({ kind: cursor.startsWith('d/') ? 'folder' : 'file', name: cursor.slice(2) })
}

export interface Page {
  readonly entries: Entry[]
  readonly next?: string
}

/**
 * One page of a folder.
 * @param after the `next` of the page before; entries may have come and gone since
 * @param maxBytes of the page as JSON
 */
export function pageOf(entries: readonly Entry[], after: string | undefined, maxBytes: number): Page {
  const rows = entries.map((entry): Row => ({ entry, key: orderKey(entry) }))
  rows.sort((a, b) => (a.key < b.key ? -1 : 1))
  const floor = after === undefined ? '' : cursorKey(after)
  const page: Entry[] = []
  let bytes = 0
  for (const { entry, key } of rows) {
    if (key <= floor) continue
    bytes += entryBytes(entry)
    const last = page.at(-1)
    if (bytes > maxBytes && last !== undefined) return { entries: page, next: cursorOf(last) }
    page.push(entry)
  }
  return { entries: page }
}

/** What the quotes, braces and member names of one entry take in JSON. */
const ENTRY_OVERHEAD_BYTES = 32

/** An upper bound: a control character, a quote or a backslash takes up to six bytes in JSON. */
function entryBytes({ name }: Entry): number {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return ENTRY_OVERHEAD_BYTES + (/[\0-\u001F"\\]/u.test(name) ? name.length * 6 : Buffer.byteLength(name))
}
