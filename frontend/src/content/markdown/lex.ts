import { Lexer, Tokenizer } from 'marked'
import type { Links, MarkedToken, Token } from 'marked'

/**
 * HTML is not a construct here: tags are characters like any other, so nothing that was written can become an element
 * of the page.
 */
class TextOnlyTokenizer extends Tokenizer {
  override html(): undefined {
    return undefined
  }

  override tag(): undefined {
    return undefined
  }
}

export const NO_LINKS: Links = {}

/**
 * The tokens of one segment, or null where the lexer gives up on it, so that it is shown as it is.
 * @param links definitions found elsewhere in the text
 */
export function lexSegment(text: string, links: Links): readonly MarkedToken[] | null {
  const lexer = new Lexer({ gfm: true, breaks: false, tokenizer: new TextOnlyTokenizer() })
  Object.assign(lexer.tokens.links, links)
  try {
    return knownTokens(lexer.lex(text))
  } catch (error) {
    // Nesting that passed our limits can still exhaust the lexer's recursion.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The links that definition lines define, by label. */
export function lexDefinitions(definitions: string): Links {
  if (definitions === '') return NO_LINKS
  const lexer = new Lexer({ gfm: true, tokenizer: new TextOnlyTokenizer() })
  // Each definition stands alone, as it does in its own paragraph.
  return lexer.lex(definitions.replaceAll('\n', '\n\n')).links
}

/** Generic tokens come from extensions, and we have none. */
export function knownTokens(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[]
}
