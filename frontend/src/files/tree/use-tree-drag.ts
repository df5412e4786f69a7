import type { WorkspaceId } from '@octo/protocol'
import { useEffect, useRef, useState } from 'react'
import type { DragEvent } from 'react'
import { toOctoError, useMux } from '../../mux/index.ts'
import { formatCount, toast } from '../../ui/index.ts'
import { outermost, parentOf } from '../paths.ts'
import { filesOf, MAX_DROPPED_FILES } from '../uploads/dropped-files.ts'
import { uploadQueue } from '../uploads/uploads.ts'
import { moveInto } from './tree-acts.ts'
import { findRow, type Row } from './tree-model.ts'
import type { TreeStore } from './tree-store.ts'

/** What a drag of entries carries, so that they are not taken for files of this computer. */
export const PATHS_TYPE = 'application/x-octo-paths'

/** A closed folder opens when something is held over it for so long. */
const SPRING_MS = 700

interface TreeDrag {
  /** The folder that would get what is dragged; null while nothing is. */
  readonly dropFolder: string | null
  readonly handlers: {
    onDragStart(event: DragEvent): void
    onDragOver(event: DragEvent): void
    onDragLeave(event: DragEvent): void
    onDrop(event: DragEvent): void
    onDragEnd(): void
  }
}

/** Moves entries by dragging, and uploads files and folders of this computer that are dropped. */
export function useTreeDrag(store: TreeStore, rows: readonly Row[]): TreeDrag {
  const mux = useMux()
  const [dropFolder, setDropFolder] = useState<string | null>(null)
  useSpring(store, dropFolder)
  return {
    dropFolder,
    handlers: {
      onDragStart: (event) => {
        const path = pathAt(event.target)
        if (path === null) return
        const { selected } = store.state
        const paths = selected.has(path) ? outermost([...selected]) : [path]
        event.dataTransfer.setData(PATHS_TYPE, JSON.stringify({ workspace: store.workspace, paths }))
        event.dataTransfer.setData('text/plain', paths.join('\n'))
        event.dataTransfer.effectAllowed = 'copyMove'
      },
      onDragOver: (event) => {
        const { types } = event.dataTransfer
        if (!types.includes(PATHS_TYPE) && !types.includes('Files')) return
        event.preventDefault()
        event.dataTransfer.dropEffect = types.includes(PATHS_TYPE) ? 'move' : 'copy'
        setDropFolder(folderAt(rows, event.target))
      },
      onDragLeave: (event) => {
        const inside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)
        if (!inside) setDropFolder(null)
      },
      onDragEnd: () => setDropFolder(null),
      onDrop: (event) => {
        event.preventDefault()
        setDropFolder(null)
        const folder = folderAt(rows, event.target)
        const moved = event.dataTransfer.getData(PATHS_TYPE)
        if (moved === '') void upload(uploadQueue(mux)(store.workspace), event.dataTransfer, folder)
        else void moveInto(store, pathsOf(moved, store.workspace), folder)
      },
    },
  }
}

async function upload(
  queue: ReturnType<ReturnType<typeof uploadQueue>>,
  data: DataTransfer,
  folder: string,
): Promise<void> {
  try {
    const files = await filesOf(data, folder)
    if (files !== null) return queue.add(files)
    toast({
      tone: 'failed',
      text: `More than ${formatCount(MAX_DROPPED_FILES)} files at once. Upload a zip archive instead.`,
    })
  } catch (error) {
    toast({ tone: 'failed', text: `The files could not be read. ${toOctoError(error).message}` })
  }
}

function pathsOf(data: string, workspace: WorkspaceId): readonly string[] {
  const dragged = JSON.parse(data) as { readonly workspace: WorkspaceId; readonly paths: readonly string[] }
  return dragged.workspace === workspace ? dragged.paths : []
}

/** Opens the folder under the pointer when it stays there. */
function useSpring(store: TreeStore, folder: string | null): void {
  const held = useRef(store)
  useEffect(() => {
    held.current = store
  }, [store])
  useEffect(() => {
    if (folder === null || folder === '') return
    const timer = setTimeout(() => held.current.setExpanded(folder, true), SPRING_MS)
    return () => clearTimeout(timer)
  }, [folder])
}

/** The path of the row an event happened on. */
export function pathAt(target: EventTarget): string | null {
  const row = target instanceof Element ? target.closest('[data-path]') : null
  return row?.getAttribute('data-path') ?? null
}

function folderAt(rows: readonly Row[], target: EventTarget): string {
  const path = pathAt(target)
  const row = rows[findRow(rows, path)]
  if (path === null || row?.kind !== 'entry') return ''
  return row.isFolder ? path : parentOf(path)
}
