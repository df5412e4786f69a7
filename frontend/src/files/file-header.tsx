import { Code, Download, Ellipsis, Eye, FolderTree, Link2, Save, Undo2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { changeSettings, useSettings } from '../lib/settings.ts'
import { useMux } from '../mux/index.ts'
import { showSide } from '../shell/navigation.ts'
import { Button, IconButton, Menu, Segmented } from '../ui/index.ts'
import type { MenuEntry } from '../ui/index.ts'
import { contentUrl, download } from './content-api.ts'
import type { DocumentView, OpenDocument } from './editor/document.ts'
import { nameOf, parentOf } from './paths.ts'
import { copyPath } from './tree/tree-acts.ts'
import { treeStore } from './tree/tree-store.ts'

interface FileHeaderProps {
  readonly document: OpenDocument
  readonly view: DocumentView
  readonly preview?: boolean
  readonly onPreview?: (preview: boolean) => void
}

/** Above a file: where it is, and what can be done with it. */
export function FileHeader({ document, view, preview = false, onPreview }: FileHeaderProps): ReactElement {
  const edited = view.phase === 'edited' ? view : null
  return (
    <header className="flex h-9 shrink-0 pointer-coarse:h-12 items-center gap-1 border-b border-line pr-1.5 pl-3">
      <PathLabel path={document.path} />
      {edited !== null && (edited.dirty || edited.saving) ? (
        <Button
          size="small"
          variant="quiet"
          icon={<Save size={14} />}
          busy={edited.saving}
          disabled={edited.disk.kind === 'changed'}
          onClick={() => void document.save()}
        >
          Save
        </Button>
      ) : null}
      {onPreview === undefined || edited === null ? null : (
        <Segmented
          label="How it is shown"
          value={preview ? 'preview' : 'source'}
          onValueChange={(value) => onPreview(value === 'preview')}
          options={[
            { value: 'source', label: 'Source', icon: <Code size={13} aria-hidden /> },
            { value: 'preview', label: 'Preview', icon: <Eye size={13} aria-hidden /> },
          ]}
        />
      )}
      <FileMenu document={document} edited={edited} />
    </header>
  )
}

/** The name stands out; of the folders the nearest are shown where there is little room. */
function PathLabel({ path }: { readonly path: string }): ReactElement {
  const folder = parentOf(path)
  return (
    <h2 className="flex min-w-0 flex-1 text-sm" title={path}>
      {folder === '' ? null : (
        <span dir="rtl" className="min-w-0 shrink truncate text-faint">
          <bdi>{`${folder}/`}</bdi>
        </span>
      )}
      <span className="max-w-full shrink-0 truncate font-medium">{nameOf(path)}</span>
    </h2>
  )
}

interface FileMenuProps {
  readonly document: OpenDocument
  readonly edited: Extract<DocumentView, { phase: 'edited' }> | null
}

function FileMenu({ document, edited }: FileMenuProps): ReactElement {
  const { wrapLines } = useSettings()
  const tree = treeStore(useMux())(document.workspace)
  const { workspace, path } = document
  const entries: readonly MenuEntry[] = [
    {
      kind: 'item',
      label: 'Show in files',
      icon: <FolderTree />,
      onSelect: () => {
        showSide('files')
        void tree.reveal(path)
      },
    },
    { kind: 'item', label: 'Copy path', icon: <Link2 />, onSelect: () => void copyPath(path) },
    {
      kind: 'item',
      label: 'Download',
      icon: <Download />,
      onSelect: () => download(contentUrl(workspace, path, true)),
    },
    ...(edited === null
      ? []
      : ([
          { kind: 'separator' },
          {
            kind: 'check',
            label: 'Wrap long lines',
            checked: wrapLines,
            onChange: (checked) => changeSettings({ wrapLines: checked }),
          },
          {
            kind: 'item',
            label: 'Discard changes',
            icon: <Undo2 />,
            danger: true,
            disabled: !edited.dirty,
            onSelect: () => void document.discard(),
          },
        ] satisfies readonly MenuEntry[])),
  ]
  return (
    <Menu
      align="end"
      entries={entries}
      trigger={<IconButton size="small" label="More" icon={<Ellipsis size={15} />} />}
    />
  )
}
