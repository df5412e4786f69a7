import { Clipboard, Download, FilePlus, FolderPlus, FolderUp, Pencil, Trash2, Upload } from 'lucide-react'
import type { MenuEntry } from '../../ui/index.ts'
import { copyPath, deletePaths, downloadRow } from './tree-acts.ts'
import { folderFor } from './tree-model.ts'
import type { Row } from './tree-model.ts'
import type { TreeStore } from './tree-store.ts'

/** Asks for files, or a folder, of this computer and uploads them into a folder. */
export type UploadAsk = (folder: string, what: 'files' | 'folder') => void

/** What can be done with a row, or with the workspace's folder where there is none. */
export function treeMenu(store: TreeStore, row: Row | null, onUpload: UploadAsk): readonly MenuEntry[] {
  const entry = row?.kind === 'entry' ? row : null
  const folder = folderFor(store.state, entry?.path ?? null)
  const make: readonly MenuEntry[] = [
    {
      kind: 'item',
      label: 'New file…',
      icon: <FilePlus />,
      onSelect: () => store.setNaming({ kind: 'create', folder, what: 'file' }),
    },
    {
      kind: 'item',
      label: 'New folder…',
      icon: <FolderPlus />,
      onSelect: () => store.setNaming({ kind: 'create', folder, what: 'folder' }),
    },
    { kind: 'item', label: 'Upload files…', icon: <Upload />, onSelect: () => onUpload(folder, 'files') },
    { kind: 'item', label: 'Upload folder…', icon: <FolderUp />, onSelect: () => onUpload(folder, 'folder') },
  ]
  if (entry === null) return make
  const { selected } = store.state
  const several = selected.has(entry.path) && selected.size > 1
  return [
    ...make,
    { kind: 'separator' },
    {
      kind: 'item',
      label: 'Rename…',
      icon: <Pencil />,
      shortcut: 'F2',
      disabled: several,
      onSelect: () => store.setNaming({ kind: 'rename', path: entry.path }),
    },
    { kind: 'item', label: 'Copy path', icon: <Clipboard />, onSelect: () => void copyPath(entry.path) },
    {
      kind: 'item',
      label: entry.isFolder ? 'Download as zip' : 'Download',
      icon: <Download />,
      onSelect: () => downloadRow(store.workspace, entry),
    },
    { kind: 'separator' },
    {
      kind: 'item',
      label: several ? `Delete ${selected.size} entries` : 'Delete',
      icon: <Trash2 />,
      shortcut: 'Delete',
      danger: true,
      onSelect: () => void deletePaths(store, several ? [...selected] : [entry.path]),
    },
  ]
}
