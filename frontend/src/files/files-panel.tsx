import type { Workspace } from '@octo/protocol'
import { ChevronsDownUp, Ellipsis, FilePlus, FolderPlus, RefreshCw } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { useMux } from '../mux/index.ts'
import { Banner, Button, IconButton, Menu, useIsPhone } from '../ui/index.ts'
import { preloadEditor } from './editor/editor-pane.tsx'
import { FileTree } from './tree/file-tree.tsx'
import { treeMenu } from './tree/tree-menu.tsx'
import type { UploadAsk } from './tree/tree-menu.tsx'
import { findRow, folderFor, rowsOf } from './tree/tree-model.ts'
import { treeStore } from './tree/tree-store.ts'
import type { TreeStore } from './tree/tree-store.ts'
import { chosenFiles } from './uploads/dropped-files.ts'
import { UploadBar } from './uploads/upload-bar.tsx'
import { uploadQueue } from './uploads/uploads.ts'

export interface FilesPanelProps {
  readonly workspace: Workspace
}

/** The files of a workspace beside the centre: their tree, what can be done with them, and uploads. */
export function FilesPanel({ workspace }: FilesPanelProps): ReactElement {
  const store = treeStore(useMux())(workspace.id)
  const { ask, input } = useUploadDialog(store)
  usePreloadedEditor()
  return (
    <section aria-label={`Files of ${workspace.name}`} className="flex min-h-0 flex-1 flex-col">
      <Toolbar store={store} name={workspace.name} onUpload={ask} />
      <WatchBanner store={store} />
      <FileTree key={workspace.id} store={store} onUpload={ask} />
      <UploadBar workspace={workspace.id} />
      {input}
    </section>
  )
}

/** Whoever looks at files is going to open one: its editor is fetched once the tree has had its time. */
function usePreloadedEditor(): void {
  const isPhone = useIsPhone()
  useEffect(() => {
    if (isPhone) return
    const timer = setTimeout(preloadEditor, PRELOAD_MS)
    return () => clearTimeout(timer)
  }, [isPhone])
}

const PRELOAD_MS = 400

interface ToolbarProps {
  readonly store: TreeStore
  readonly name: string
  readonly onUpload: UploadAsk
}

function Toolbar({ store, name, onUpload }: ToolbarProps): ReactElement {
  const tree = useSyncExternalStore(store.subscribe, () => store.state)
  const create = (what: 'file' | 'folder'): void =>
    store.setNaming({ kind: 'create', folder: folderFor(store.state, store.state.focused), what })
  const rows = rowsOf(tree)
  return (
    <header className="flex h-9 shrink-0 pointer-coarse:h-12 items-center gap-0.5 border-b border-line pr-1.5 pl-3">
      <h2 className="min-w-0 flex-1 truncate text-xs font-medium text-muted" title={name}>
        {name}
      </h2>
      <IconButton size="small" label="New file" icon={<FilePlus size={15} />} onClick={() => create('file')} />
      <IconButton size="small" label="New folder" icon={<FolderPlus size={15} />} onClick={() => create('folder')} />
      <IconButton size="small" label="Refresh" icon={<RefreshCw size={14} />} onClick={() => store.refresh()} />
      <IconButton
        size="small"
        label="Close all folders"
        icon={<ChevronsDownUp size={15} />}
        onClick={() => store.collapseAll()}
      />
      <Menu
        align="end"
        entries={treeMenu(store, rows[findRow(rows, tree.focused)] ?? null, onUpload)}
        trigger={<IconButton size="small" label="More" icon={<Ellipsis size={15} />} />}
      />
    </header>
  )
}

/** Says when changes are not shown by themselves, and why. */
function WatchBanner({ store }: { readonly store: TreeStore }): ReactElement | null {
  // The watch tells of its state by telling everybody to look again, which the tree does.
  useSyncExternalStore(store.subscribe, () => store.state)
  const { state } = store.watch
  if (state.phase !== 'off') return null
  return (
    <Banner
      tone={state.error.code === 'workspace_gone' ? 'failed' : 'waiting'}
      action={
        <Button size="small" variant="quiet" onClick={() => store.refresh()}>
          Refresh
        </Button>
      }
    >
      {state.error.message}
    </Banner>
  )
}

interface UploadDialog {
  readonly ask: UploadAsk
  readonly input: ReactElement
}

/** The browser's own dialog for choosing files, opened from a menu. */
function useUploadDialog(store: TreeStore): UploadDialog {
  const mux = useMux()
  const field = useRef<HTMLInputElement>(null)
  const folder = useRef('')
  return {
    ask: (into, what) => {
      folder.current = into
      if (field.current === null) return
      field.current.webkitdirectory = what === 'folder'
      field.current.click()
    },
    input: (
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => {
          const { files } = event.target
          if (files !== null) uploadQueue(mux)(store.workspace).add(chosenFiles(files, folder.current))
          event.target.value = ''
        }}
      />
    ),
  }
}
