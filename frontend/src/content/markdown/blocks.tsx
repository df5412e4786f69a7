import type { MarkedToken, Tokens } from 'marked'
import type { ReactElement, ReactNode } from 'react'

import { CodeBlock } from '../code/code-block.tsx'
import { ScrollX } from '../scroll-x.tsx'
import { Inline, PlainText } from './inline.tsx'
import { knownTokens } from './lex.ts'

/** The segmenter refuses deeper nesting at the start of a line; this stops what slips past it. */
const MAX_DEPTH = 24

interface BlocksProps {
  readonly tokens: readonly MarkedToken[]
  /** Whether more may come, so that code is not worth colouring yet. */
  readonly open: boolean
  readonly depth?: number
}

/** Draws block tokens. */
export function Blocks({ tokens, open, depth = 0 }: BlocksProps): ReactNode {
  return tokens.map((token, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- tokens have no identity but their place
    <Block key={index} token={token} open={open && index === tokens.length - 1} depth={depth} />
  ))
}

interface BlockProps<T extends MarkedToken = MarkedToken> {
  readonly token: T
  readonly open: boolean
  readonly depth: number
}

function Block({ token, open, depth }: BlockProps): ReactNode {
  if (depth > MAX_DEPTH) return token.raw
  switch (token.type) {
    case 'paragraph':
      return (
        <p>
          <Inline tokens={knownTokens(token.tokens)} />
        </p>
      )
    case 'heading':
      return <Heading token={token} />
    case 'list':
      return <List token={token} open={open} depth={depth} />
    case 'blockquote':
      return (
        <blockquote>
          <Blocks tokens={knownTokens(token.tokens)} open={open} depth={depth + 1} />
        </blockquote>
      )
    case 'code':
      return <CodeBlock code={token.text} info={token.lang ?? ''} open={open} />
    case 'table':
      return <Table token={token} />
    case 'hr':
      return <hr />
    case 'text':
      return token.tokens === undefined ? (
        <PlainText text={token.text} />
      ) : (
        <Inline tokens={knownTokens(token.tokens)} />
      )
    case 'space':
    case 'def':
      return null
    // What stands in a line may also stand alone in a list item.
    case 'br':
    case 'checkbox':
    case 'codespan':
    case 'del':
    case 'em':
    case 'escape':
    case 'html':
    case 'image':
    case 'link':
    case 'list_item':
    case 'strong':
      return <Inline tokens={[token]} />
  }
}

/** The page has its own title, so the headings of a text begin two levels below it. */
const LEVELS = ['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const

function Heading({ token }: { readonly token: Tokens.Heading }): ReactElement {
  const Level = LEVELS[Math.min(token.depth, 6) - 1] ?? 'h6'
  return (
    <Level className="md-heading" data-depth={token.depth}>
      <Inline tokens={knownTokens(token.tokens)} />
    </Level>
  )
}

function List({ token, open, depth }: BlockProps<Tokens.List>): ReactElement {
  const items = token.items.map((item, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- items have no identity but their place
    <li key={index} className={item.task ? 'md-task' : undefined}>
      <Blocks tokens={knownTokens(item.tokens)} open={open && index === token.items.length - 1} depth={depth + 1} />
    </li>
  ))
  if (!token.ordered) return <ul data-loose={token.loose || undefined}>{items}</ul>
  return (
    <ol start={typeof token.start === 'number' ? token.start : undefined} data-loose={token.loose || undefined}>
      {items}
    </ol>
  )
}

function Table({ token }: { readonly token: Tokens.Table }): ReactElement {
  return (
    <ScrollX label="Table" className="md-table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- cells have no identity but their place
              <th key={index} scope="col" style={alignment(cell)}>
                <Inline tokens={knownTokens(cell.tokens)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, rowIndex) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
            <tr key={rowIndex}>
              {row.map((cell, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- cells have no identity but their place
                <td key={index} style={alignment(cell)}>
                  <Inline tokens={knownTokens(cell.tokens)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function alignment(cell: Tokens.TableCell): { readonly textAlign: 'left' | 'center' | 'right' } | undefined {
  return cell.align === null ? undefined : { textAlign: cell.align }
}
