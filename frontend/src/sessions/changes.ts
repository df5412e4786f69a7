import type { DiffPart, Item } from '@octo/protocol'

/** What the tools of a session did to one file. */
export interface ChangedFile {
  readonly path: string
  readonly added: number
  readonly removed: number
  /** Its diffs, oldest first; empty where a tool only named the file. */
  readonly diffs: readonly DiffPart[]
  /** Whether the last thing done to it was to delete it. */
  readonly deleted: boolean
  /** The index of the item that touched it last. */
  readonly touchedAt: number
}

/** The files that the tools of a session changed, the one touched last first. */
export function changedFiles(items: readonly Item[]): readonly ChangedFile[] {
  const files = new Map<string, ChangedFile>()
  for (const item of items) {
    if (item.kind !== 'tool' || item.status !== 'done') continue
    if (item.category !== 'edit' && item.category !== 'delete' && item.category !== 'move') continue
    const diffs = item.output.filter((part) => part.type === 'diff')
    const paths = new Set([...diffs.map((diff) => diff.path), ...item.touched])
    for (const path of paths) {
      const before = files.get(path)
      const own = diffs.filter((diff) => diff.path === path)
      files.set(path, {
        path,
        added: (before?.added ?? 0) + sum(own, 'added'),
        removed: (before?.removed ?? 0) + sum(own, 'removed'),
        diffs: [...(before?.diffs ?? []), ...own],
        deleted: item.category === 'delete',
        touchedAt: item.index,
      })
    }
  }
  return [...files.values()].toSorted((a, b) => b.touchedAt - a.touchedAt)
}

function sum(diffs: readonly DiffPart[], name: 'added' | 'removed'): number {
  return diffs.reduce((total, diff) => total + diff[name], 0)
}
