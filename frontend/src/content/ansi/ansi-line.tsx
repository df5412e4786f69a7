import { memo } from 'react'
import type { CSSProperties, ReactElement, ReactNode } from 'react'

import { parsePath, safeHref } from '../links.ts'
import type { PathTarget } from '../links.ts'
import type { AnsiLine, AnsiSpan } from './ansi-parser.ts'
import { ANSI_COLOURS, PLAIN } from './ansi-style.ts'
import type { AnsiStyle } from './ansi-style.ts'

/** An address, or a file with a line number as compilers and test runners print it. */
const TARGET = /https?:\/\/[^\s"'<>`]{1,2000}|(?:[\w@.~-]{0,200}\/){0,40}[\w@.+-]{1,200}\.\w{1,8}:\d{1,7}(?::\d{1,5})?/g

interface LineProps {
  readonly line: AnsiLine
  readonly openPath: ((target: PathTarget) => void) | null
}

/** One line of output; drawn once, since a finished line never changes. */
export const OutputLine = memo(function OutputLine({ line, openPath }: LineProps): ReactElement {
  return (
    <div className="ansi-line">
      {line.spans.map((span, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- spans have no identity but their place
        <Span key={index} span={span} openPath={openPath} />
      ))}
      {line.omitted > 0 ? (
        <span className="text-faint">{`… ${line.omitted.toLocaleString('en-US')} more characters`}</span>
      ) : null}
      {line.spans.length === 0 ? '\n' : null}
    </div>
  )
})

function Span({ span, openPath }: { readonly span: AnsiSpan; readonly openPath: LineProps['openPath'] }): ReactNode {
  const content =
    span.href === null ? withTargets(span.text, openPath) : <Address href={span.href}>{span.text}</Address>
  if (span.style === PLAIN) return content
  return (
    <span className={classesOf(span.style)} style={coloursOf(span.style)}>
      {content}
    </span>
  )
}

function Address({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactElement {
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer" className="ansi-link">
      {children}
    </a>
  )
}

/** Text with its addresses as links and its places in files as buttons. */
function withTargets(text: string, openPath: LineProps['openPath']): ReactNode {
  if (!text.includes(':')) return text
  const parts: ReactNode[] = []
  let at = 0
  for (const match of text.matchAll(TARGET)) {
    const found = match[0].replace(/[).,;:\]}]+$/, '')
    const element = targetElement(found, match.index, openPath)
    if (element === null) continue
    parts.push(text.slice(at, match.index), element)
    at = match.index + found.length
  }
  return at === 0 ? text : [...parts, text.slice(at)]
}

function targetElement(text: string, key: number, openPath: LineProps['openPath']): ReactElement | null {
  if (/^https?:/.test(text)) {
    const href = safeHref(text)
    return href === null ? null : (
      <Address key={key} href={href}>
        {text}
      </Address>
    )
  }
  const target = openPath === null ? null : parsePath(text)
  if (openPath === null || target === null) return null
  return (
    <button key={key} type="button" className="ansi-link ansi-path" onClick={() => openPath(target)}>
      {text}
    </button>
  )
}

function classesOf(style: AnsiStyle): string {
  const classes = [
    typeof style.colour === 'number' ? `ansi-${ANSI_COLOURS[style.colour] ?? 'white'}` : null,
    typeof style.background === 'number' ? `ansi-on-${ANSI_COLOURS[style.background] ?? 'black'}` : null,
    style.bold ? 'ansi-bold' : null,
    style.dim ? 'ansi-dim' : null,
    style.italic ? 'ansi-italic' : null,
    style.underline ? 'ansi-underline' : null,
    style.strike ? 'ansi-strike' : null,
    style.inverse ? 'ansi-inverse' : null,
  ]
  return classes.filter((name) => name !== null).join(' ')
}

/** Programs choose such colours for a black screen; mixed with the text colour they can be read on any. */
function coloursOf(style: AnsiStyle): CSSProperties | undefined {
  const { colour, background } = style
  if (typeof colour !== 'string' && typeof background !== 'string') return undefined
  return {
    ...(typeof colour === 'string' ? { color: `color-mix(in oklab, ${colour} 55%, var(--text))` } : {}),
    ...(typeof background === 'string'
      ? { backgroundColor: `color-mix(in oklab, ${background} 22%, transparent)` }
      : {}),
  }
}
