import type { ReactNode } from 'react'

import { TOKEN_CLASSES } from './token-classes.ts'
import type { HighlightedLine } from './token-classes.ts'

/** A range of characters to stand out within a line, such as a changed word. */
export interface Mark {
  readonly start: number
  readonly end: number
}

export interface Piece {
  readonly text: string
  /** Index into TOKEN_CLASSES. */
  readonly token: number
  readonly marked: boolean
}

/**
 * Cuts a line where its colour or its marks change.
 * @param colours pairs of length and class; null for plain text. Whatever they do not cover is plain.
 */
export function cutLine(text: string, colours: HighlightedLine | null, marks: readonly Mark[]): readonly Piece[] {
  const pieces: Piece[] = []
  let markIndex = 0
  let [start, colourEnd, colourIndex] = [0, 0, -2]
  while (start < text.length) {
    while (colourEnd <= start) {
      colourIndex += 2
      const length = colours?.[colourIndex]
      if (length === undefined) colourEnd = text.length
      else colourEnd += length
    }
    while ((marks[markIndex]?.end ?? Infinity) <= start) markIndex += 1
    const mark = marks[markIndex]
    const marked = mark !== undefined && mark.start <= start
    const end = Math.min(text.length, colourEnd, marked ? mark.end : (mark?.start ?? Infinity))
    pieces.push({ text: text.slice(start, end), token: colours?.[colourIndex + 1] ?? 0, marked })
    start = end
  }
  return pieces
}

interface CodeLineProps {
  readonly text: string
  readonly colours?: HighlightedLine | null | undefined
  readonly marks?: readonly Mark[] | undefined
}

const NO_MARKS: readonly Mark[] = []

/** One line of code, coloured as far as colours are known. */
export function CodeLine({ text, colours = null, marks = NO_MARKS }: CodeLineProps): ReactNode {
  if (colours === null && marks.length === 0) return text
  return cutLine(text, colours, marks).map((piece, index) => {
    const name = TOKEN_CLASSES[piece.token]
    const classes = [piece.token === 0 || name === undefined ? null : `tok-${name}`, piece.marked ? 'code-mark' : null]
    const className = classes.filter((entry) => entry !== null).join(' ')
    if (className === '') return piece.text
    return (
      // oxlint-disable-next-line react/no-array-index-key -- pieces have no identity but their place
      <span key={index} className={className}>
        {piece.text}
      </span>
    )
  })
}
