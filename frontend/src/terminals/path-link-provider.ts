import type { IBufferCellPosition, ILink, ILinkProvider, Terminal } from '@xterm/xterm'
import { findPaths } from './path-links.ts'
import type { PathInText } from './path-links.ts'

/** Rows of one wrapped line that are looked at: paths are no longer. */
const MAX_ROWS = 8

interface LogicalLine {
  readonly text: string
  /** For each code unit of the text, the cell it stands in, counted from 1. */
  readonly cells: readonly IBufferCellPosition[]
}

/** Makes paths in the output links. */
export function pathLinkProvider(
  terminal: Terminal,
  onActivate: (event: MouseEvent, path: PathInText) => void,
): ILinkProvider {
  return {
    provideLinks: (row, onLinks) => {
      const line = readLogicalLine(terminal, row - 1)
      const links = findPaths(line.text).flatMap((found): ILink[] => {
        const start = line.cells[found.start]
        const end = line.cells[found.end - 1]
        if (start === undefined || end === undefined || start.y > row || end.y < row) return []
        return [
          {
            range: { start, end },
            text: line.text.slice(found.start, found.end),
            activate: (event) => onActivate(event, found),
          },
        ]
      })
      onLinks(links.length === 0 ? undefined : links)
    },
  }
}

/** The line that a row belongs to, however many rows it is wrapped over. */
function readLogicalLine(terminal: Terminal, row: number): LogicalLine {
  const buffer = terminal.buffer.active
  let first = row
  while (first > 0 && row - first < MAX_ROWS && buffer.getLine(first)?.isWrapped === true) first -= 1
  let text = ''
  const cells: IBufferCellPosition[] = []
  for (let y = first; y < first + MAX_ROWS; y += 1) {
    const line = buffer.getLine(y)
    if (line === undefined || (y > first && !line.isWrapped)) break
    for (let x = 0; x < line.length; x += 1) {
      const cell = line.getCell(x)
      if (cell === undefined || cell.getWidth() === 0) continue
      const characters = cell.getChars() || ' '
      text += characters
      for (let unit = 0; unit < characters.length; unit += 1) cells.push({ x: x + 1, y: y + 1 })
    }
  }
  return { text, cells }
}
