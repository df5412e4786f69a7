/** Reads unified patches, as git and agents write them, into lines with their numbers. Never throws. */

type DiffLineKind = 'context' | 'add' | 'delete'

export interface DiffLine {
  readonly kind: DiffLineKind
  readonly text: string
  /** Null where the line is not in that version. */
  readonly oldNumber: number | null
  readonly newNumber: number | null
}

export interface Hunk {
  readonly oldStart: number
  readonly newStart: number
  /** What git names behind the numbers: the function the hunk is in. */
  readonly section: string
  readonly lines: readonly DiffLine[]
}

type FileStatus = 'modified' | 'added' | 'deleted' | 'renamed'

export interface FileDiff {
  /** The name after the change, or before it when the file is gone. */
  readonly path: string
  /** The name before a rename. */
  readonly oldPath: string | null
  readonly status: FileStatus
  readonly binary: boolean
  readonly added: number
  readonly removed: number
  readonly hunks: readonly Hunk[]
  /** All lines of the new version, where they are known: unchanged ones can then be shown. */
  readonly newLines: readonly string[] | null
}

interface OpenFile {
  oldPath: string | null
  newPath: string | null
  status: FileStatus | null
  binary: boolean
  readonly hunks: OpenHunk[]
}

interface OpenHunk {
  readonly oldStart: number
  readonly newStart: number
  readonly section: string
  readonly lines: DiffLine[]
  /** Lines the header promised that have not come yet. */
  oldLeft: number
  newLeft: number
  oldNext: number
  newNext: number
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/

/**
 * The files of a patch. What cannot be read is left out: an empty list means that this is no patch.
 * @param patch one or more files in unified format, with or without git's extra headers
 */
export function parsePatch(patch: string): readonly FileDiff[] {
  const files: OpenFile[] = []
  // The last line break ends a line and begins none.
  for (const line of patch.replace(/\n$/, '').split('\n')) {
    const file = files.at(-1)
    const hunk = file?.hunks.at(-1)
    const promised = hunk !== undefined && (hunk.oldLeft > 0 || hunk.newLeft > 0)
    if (promised && readBodyLine(hunk, line)) continue
    if (!readHeaderLine(files, line)) readLooseLine(hunk, line)
  }
  return files.filter(isSomething).map(closeFile)
}

/** Reads a line of a hunk whose header still promises lines; false if the hunk is over in spite of it. */
function readBodyLine(hunk: OpenHunk, line: string): boolean {
  const mark = line.charAt(0)
  const text = stripReturn(line.slice(1))
  if (mark === '+') addLine(hunk, 'add', text)
  else if (mark === '-') addLine(hunk, 'delete', text)
  // Some tools strip the space of an empty context line.
  else if (mark === ' ' || line === '' || line === '\r') addLine(hunk, 'context', text)
  // "No newline at end of file" is no line; anything else means that the header promised too much.
  else if (mark !== '\\') {
    hunk.oldLeft = 0
    hunk.newLeft = 0
    return false
  }
  return true
}

/** A hunk whose header promised too little goes on as long as its lines are marked. */
function readLooseLine(hunk: OpenHunk | undefined, line: string): void {
  if (hunk === undefined) return
  if (line.startsWith('+')) addLine(hunk, 'add', stripReturn(line.slice(1)))
  else if (line.startsWith('-')) addLine(hunk, 'delete', stripReturn(line.slice(1)))
}

function readHeaderLine(files: OpenFile[], line: string): boolean {
  const match = HUNK.exec(line)
  if (match !== null) {
    lastFile(files).hunks.push(openHunk(match))
    return true
  }
  if (line.startsWith('diff ')) {
    const names = /^diff --git "?a\/(.+?)"? "?b\/(.+?)"?\r?$/.exec(line)
    files.push(openFile(names?.[1] ?? null, names?.[2] ?? null))
    return true
  }
  const name = /^(---|\+\+\+) "?(.*?)"?(?:\t.*)?\r?$/.exec(line)
  if (name !== null) {
    readNameLine(files, name[1] === '---', name[2] ?? '')
    return true
  }
  return files.length > 0 && readGitLine(lastFile(files), line)
}

function readNameLine(files: OpenFile[], isOld: boolean, name: string): void {
  // Without git's own line, a name for the old version begins the next file.
  if (isOld && (files.length === 0 || lastFile(files).hunks.length > 0)) files.push(openFile(null, null))
  const file = lastFile(files)
  const path = name === '/dev/null' ? null : name.replace(/^[abciow]\//, '')
  if (isOld) file.oldPath = path
  else file.newPath = path
  if (path === null) file.status = isOld ? 'added' : 'deleted'
}

function readGitLine(file: OpenFile, line: string): boolean {
  if (line.startsWith('new file mode')) file.status = 'added'
  else if (line.startsWith('deleted file mode')) file.status = 'deleted'
  else if (line.startsWith('rename from ')) [file.status, file.oldPath] = ['renamed', line.slice(12).trimEnd()]
  else if (line.startsWith('rename to ')) file.newPath = line.slice(10).trimEnd()
  else if (/^(Binary files |GIT binary patch)/.test(line)) file.binary = true
  else return false
  return true
}

function openFile(oldPath: string | null, newPath: string | null): OpenFile {
  return { oldPath, newPath, status: null, binary: false, hunks: [] }
}

function lastFile(files: OpenFile[]): OpenFile {
  const last = files.at(-1)
  if (last !== undefined) return last
  const file = openFile(null, null)
  files.push(file)
  return file
}

function openHunk(match: RegExpExecArray): OpenHunk {
  const number = (index: number, absent: number): number => (match[index] === undefined ? absent : Number(match[index]))
  const [oldStart, newStart] = [number(1, 1), number(3, 1)]
  return {
    oldStart,
    newStart,
    section: (match[5] ?? '').trim(),
    lines: [],
    oldLeft: number(2, 1),
    newLeft: number(4, 1),
    oldNext: oldStart,
    newNext: newStart,
  }
}

function addLine(hunk: OpenHunk, kind: DiffLineKind, text: string): void {
  const inOld = kind !== 'add'
  const inNew = kind !== 'delete'
  hunk.lines.push({ kind, text, oldNumber: inOld ? hunk.oldNext : null, newNumber: inNew ? hunk.newNext : null })
  if (inOld) [hunk.oldNext, hunk.oldLeft] = [hunk.oldNext + 1, hunk.oldLeft - 1]
  if (inNew) [hunk.newNext, hunk.newLeft] = [hunk.newNext + 1, hunk.newLeft - 1]
}

function isSomething(file: OpenFile): boolean {
  return file.hunks.length > 0 || file.binary || file.status !== null
}

function closeFile(file: OpenFile): FileDiff {
  const status = file.status ?? 'modified'
  const path = (status === 'deleted' ? file.oldPath : file.newPath) ?? file.newPath ?? file.oldPath ?? ''
  const count = (kind: DiffLineKind): number =>
    file.hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.kind === kind).length, 0)
  return {
    path,
    oldPath: status === 'renamed' ? file.oldPath : null,
    status,
    binary: file.binary,
    added: count('add'),
    removed: count('delete'),
    hunks: file.hunks.map(({ oldStart, newStart, section, lines }) => ({ oldStart, newStart, section, lines })),
    newLines: null,
  }
}

function stripReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
