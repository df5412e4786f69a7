import { FilePath, parseJson, TrashId, WorkspaceId } from '@octo/protocol'
import { z } from 'zod'

/** One file or folder in the trash. */
const TrashedEntry = z.object({
  /** Where it was, below the workspace. */
  path: FilePath,
  /** What it is called on its shelf. */
  name: z.string().regex(/^\d+$/u),
  /**
   * Where its shelf is: null for the runner's own trash, else the folder of the workspace that holds a trash for its part of
   * another file system.
   */
  above: FilePath.nullable(),
})
export type TrashedEntry = z.infer<typeof TrashedEntry>

/** What one delete took, as it is noted in the runner's trash. */
const TrashRecord = z.object({
  version: z.literal(1),
  id: TrashId,
  workspace: WorkspaceId,
  /** The folder of the workspace, so that old shelves are found when the workspace is no longer one. */
  root: z.string(),
  deletedAt: z.number(),
  entries: z.array(TrashedEntry),
})
export type TrashRecord = z.infer<typeof TrashRecord>

/** Reads a note. @returns null if it is damaged: what it was about is then no longer known */
export function parseRecord(text: string): TrashRecord | null {
  return TrashRecord.safeParse(parseJson(text)).data ?? null
}
