import type { OctoError, WorkspaceId } from '@octo/protocol'
import { toOctoError } from '../../mux/index.ts'
import { openTab } from '../../shell/navigation.ts'
import { copyText, formatPlural, toast } from '../../ui/index.ts'
import { archiveUrl, contentUrl, download } from '../content-api.ts'
import { joinPath, nameOf, outermost } from '../paths.ts'
import { canDrop } from './tree-model.ts'
import type { EntryRow } from './tree-model.ts'
import type { TreeStore } from './tree-store.ts'

/** What can be done to entries of the tree. Failures are told; nothing here waits for an answer by hand. */

/** Opens a folder, or shows a file; a link is asked what it leads to. @param keep opens a tab that stays */
export async function openRow(store: TreeStore, row: EntryRow, keep: boolean): Promise<void> {
  if (row.isFolder) return store.setExpanded(row.path, !row.expanded)
  if (row.entry === 'symlink') {
    try {
      const { target } = await store.resolveLink(row.path)
      if (target === 'folder') return store.setExpanded(row.path, true)
    } catch (error) {
      return tell(toOctoError(error))
    }
  }
  showFile(store.workspace, row.path, keep)
}

export function showFile(workspace: WorkspaceId, path: string, keep: boolean): void {
  openTab({ kind: 'file', workspace, path }, { preview: !keep })
}

/** Moves entries into a folder. */
export async function moveInto(store: TreeStore, paths: readonly string[], folder: string): Promise<void> {
  if (!canDrop(paths, folder)) return
  try {
    for (const path of outermost(paths)) {
      const to = joinPath(folder, nameOf(path))
      if (to !== path) await store.move(path, to)
    }
  } catch (error) {
    tell(toOctoError(error))
  }
}

/** Puts entries into the trash, and offers them back. */
export async function deletePaths(store: TreeStore, paths: readonly string[]): Promise<void> {
  const outer = outermost(paths)
  const [first] = outer
  if (first === undefined) return
  try {
    const deletion = await store.delete(outer)
    const { deleted } = deletion
    const name = outer.length === 1 ? nameOf(first) : formatPlural(outer.length, 'entry', 'entries')
    const count = outer.length === 1 && deleted === 1 ? '' : ` (${formatPlural(deleted, 'file')})`
    toast({
      text: `Deleted ${name}${count}`,
      action: {
        label: 'Undo',
        onAction: () => void deletion.restore().catch((error: unknown) => tell(toOctoError(error))),
      },
    })
  } catch (error) {
    tell(toOctoError(error))
  }
}

/** Saves a file to this computer; a folder as a zip archive. */
export function downloadRow(workspace: WorkspaceId, row: EntryRow): void {
  download(row.isFolder ? archiveUrl(workspace, row.path) : contentUrl(workspace, row.path, true))
}

export async function copyPath(path: string): Promise<void> {
  try {
    await copyText(path)
    toast({ text: 'Path copied' })
  } catch (error) {
    tell(toOctoError(error))
  }
}

function tell(error: OctoError): void {
  toast({ tone: 'failed', text: error.message })
}
