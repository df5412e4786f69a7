import { isRecord, readStored, writeStored } from '../lib/storage.ts'

/** Sizes of the panels of a group, by panel: pixels of fixed ones, weights of flexible ones. */
export type PanelSizes = Readonly<Record<string, number>>

/** What a panel allows. */
export interface PanelLimits {
  readonly minSize: number
  readonly maxSize: number
}

/** One step of an arrow key, and with Shift. */
const STEP_PX = 16
const LARGE_STEP_PX = 64

/** The stored sizes of a group; what is not a size is left out. */
export function readPanelSizes(groupId: string): PanelSizes {
  const stored = readStored(keyOf(groupId))
  if (!isRecord(stored)) return {}
  const sizes = Object.entries(stored).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return Object.fromEntries(sizes.filter(([, size]) => size > 0))
}

/** Stores the sizes of a group. */
export function writePanelSizes(groupId: string, sizes: PanelSizes): void {
  writeStored(keyOf(groupId), sizes)
}

/**
 * The size of the panel before a handle, when the handle is asked to stand somewhere.
 * @param total what the two panels beside the handle have together
 */
export function sizeBefore(wanted: number, total: number, before: PanelLimits, after: PanelLimits): number {
  const least = Math.max(before.minSize, total - after.maxSize)
  const most = Math.min(before.maxSize, total - after.minSize)
  // Too little room for both: the panel before keeps its least size, as it would without a handle.
  return Math.max(least, Math.min(most, wanted))
}

/** How far a key moves a handle, in pixels; null for keys that move nothing. */
export function keyMove(key: string, shift: boolean, row: boolean): number | null {
  const step = shift ? LARGE_STEP_PX : STEP_PX
  switch (key) {
    case row ? 'ArrowLeft' : 'ArrowUp':
      return -step
    case row ? 'ArrowRight' : 'ArrowDown':
      return step
    case 'Home':
      return -Infinity
    case 'End':
      return Infinity
    default:
      return null
  }
}

function keyOf(groupId: string): string {
  return `octo.layout.${groupId}`
}
