import { joinPath } from '../paths.ts'
import type { Upload } from './upload-queue.ts'

/** Beyond this a drop is taken for a mistake, such as a home folder; what was found by then is refused as a whole. */
export const MAX_DROPPED_FILES = 20_000

/**
 * The files of a drop or paste, those in folders too, with the paths they get. The entries must be read from the event at
 * once: it is emptied when its handler returns.
 * @returns null if there are more than {@link MAX_DROPPED_FILES}
 */
export async function filesOf(data: DataTransfer, folder: string): Promise<readonly Upload[] | null> {
  const items = [...data.items].filter(({ kind }) => kind === 'file')
  const entries = items.map((item) => item.webkitGetAsEntry())
  // A pasted picture is a file without an entry.
  const loose = items.map((item) => item.getAsFile()).filter((file, at) => file !== null && entries[at] === null)
  const found: Upload[] = loose.flatMap((file) => (file === null ? [] : [{ path: joinPath(folder, file.name), file }]))
  for (const entry of entries) {
    if (entry !== null && !(await addEntry(entry, folder, found))) return null
  }
  return found
}

/** @returns false when there are too many */
async function addEntry(entry: FileSystemEntry, folder: string, found: Upload[]): Promise<boolean> {
  const path = joinPath(folder, entry.name)
  if (entry instanceof FileSystemFileEntry) {
    found.push({ path, file: await fileOf(entry) })
    return found.length <= MAX_DROPPED_FILES
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return true
  const reader = entry.createReader()
  for (;;) {
    // A reader gives a hundred entries at a time, and none at its end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (batch.length === 0) return true
    for (const child of batch) if (!(await addEntry(child, path, found))) return false
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** The files a file dialog gave, those of a chosen folder with their paths in it. */
export function chosenFiles(files: FileList, folder: string): readonly Upload[] {
  return [...files].map((file) => ({ path: joinPath(folder, file.webkitRelativePath || file.name), file }))
}
