import type { MarkedToken, Tokens } from 'marked'
import { Fragment } from 'react'
import type { ReactElement, ReactNode } from 'react'

import { parsePath, safeHref } from '../links.ts'
import { useContentActions } from './actions.ts'
import { decodeEntities } from './entities.ts'
import { knownTokens } from './lex.ts'

/** Deeper than this the rest is shown as it was written; nobody nests emphasis ten times. */
const MAX_DEPTH = 16

/** Draws inline tokens. */
export function Inline({
  tokens,
  depth = 0,
}: {
  readonly tokens: readonly MarkedToken[]
  readonly depth?: number
}): ReactNode {
  // oxlint-disable-next-line react/no-array-index-key -- tokens have no identity but their place
  return tokens.map((token, index) => <InlineToken key={index} token={token} depth={depth} />)
}

function InlineToken({ token, depth }: { readonly token: MarkedToken; readonly depth: number }): ReactNode {
  if (depth > MAX_DEPTH) return token.raw
  const children = (tokens: Tokens.Strong['tokens']): ReactElement => (
    <Inline tokens={knownTokens(tokens)} depth={depth + 1} />
  )
  switch (token.type) {
    case 'strong':
      return <strong>{children(token.tokens)}</strong>
    case 'em':
      return <em>{children(token.tokens)}</em>
    case 'del':
      return <del>{children(token.tokens)}</del>
    case 'codespan':
      return <CodeSpan text={token.text} />
    case 'br':
      return <br />
    case 'link':
      return (
        <TextLink href={token.autolink === true ? token.href : decodeEntities(token.href)}>
          {token.autolink === true ? token.text : children(token.tokens)}
        </TextLink>
      )
    case 'image':
      return <Image href={decodeEntities(token.href)} alt={decodeEntities(token.text)} />
    case 'escape':
      return token.text
    case 'text':
      return token.tokens === undefined ? <PlainText text={token.text} /> : children(token.tokens)
    case 'checkbox':
      return (
        <input
          type="checkbox"
          aria-label={token.checked ? 'Done' : 'To do'}
          className="ui-checkbox md-checkbox"
          checked={token.checked}
          readOnly
          disabled
        />
      )
    // Everything below is a block and never stands in a line, except by an error of the lexer.
    case 'blockquote':
    case 'code':
    case 'def':
    case 'heading':
    case 'hr':
    case 'html':
    case 'list':
    case 'list_item':
    case 'paragraph':
    case 'space':
    case 'table':
      return token.raw
  }
}

/** Text with its entities; `<br>` is the one tag that is understood, because tables have no other line break. */
export function PlainText({ text }: { readonly text: string }): ReactNode {
  if (!text.includes('<')) return decodeEntities(text)
  return text.split(/<br[ \t]*\/?>/i).map((line, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- lines have no identity but their place
    <Fragment key={index}>
      {index === 0 ? null : <br />}
      {decodeEntities(line)}
    </Fragment>
  ))
}

function CodeSpan({ text }: { readonly text: string }): ReactElement {
  const { openPath } = useContentActions()
  const target = openPath === null ? null : parsePath(text)
  if (openPath === null || target === null) return <code className="md-code">{text}</code>
  return (
    <button type="button" className="md-path" onClick={() => openPath(target)}>
      <code className="md-code">{text}</code>
    </button>
  )
}

function TextLink({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactElement {
  const { openPath } = useContentActions()
  const safe = safeHref(href)
  if (safe !== null) {
    // The title shows where a link really leads, whatever its text says.
    return (
      <a href={safe} title={safe} target="_blank" rel="noopener noreferrer" className="md-link">
        {children}
      </a>
    )
  }
  const target = openPath === null ? null : parsePath(decodeUri(href))
  if (openPath === null || target === null) return <span>{children}</span>
  return (
    <button type="button" className="md-link md-path" title={target.path} onClick={() => openPath(target)}>
      {children}
    </button>
  )
}

function Image({ href, alt }: { readonly href: string; readonly alt: string }): ReactElement {
  const { imageSource } = useContentActions()
  const source = imageSource(href)
  if (source !== null) return <img src={source} alt={alt} loading="lazy" className="md-image" />
  return <TextLink href={href}>{alt === '' ? href : alt}</TextLink>
}

function decodeUri(href: string): string {
  try {
    return decodeURI(href)
  } catch (error) {
    // A stray percent sign is part of the name then.
    if (error instanceof URIError) return href
    throw error
  }
}
