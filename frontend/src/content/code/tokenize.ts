import { createHighlighterCore } from 'shiki/core'
import type { HighlighterCore, ThemedToken, ThemeRegistration } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'

import { loadGrammar } from './grammars.ts'
import type { Language } from './languages.ts'
import { TOKEN_CLASSES } from './token-classes.ts'
import type { HighlightedLine, TokenClass } from './token-classes.ts'

/** Grammars crawl on machine-made lines; those stay plain. */
const MAX_LINE_LENGTH = 2_000
/** Time for one line. A grammar that needs longer has met something it was not made for. */
const LINE_TIME_MS = 200

/** Which class each scope of a grammar has. Later entries win where they are more specific. */
const SCOPES: readonly (readonly [TokenClass, readonly string[]])[] = [
  ['comment', ['comment', 'punctuation.definition.comment', 'string.quoted.docstring']],
  ['keyword', ['keyword', 'storage', 'variable.language', 'keyword.operator.new', 'keyword.operator.expression']],
  ['punctuation', ['punctuation', 'keyword.operator', 'meta.brace', 'storage.type.function.arrow']],
  ['string', ['string', 'punctuation.definition.string', 'markup.inline.raw', 'string.regexp']],
  ['constant', ['constant', 'support.constant', 'variable.other.constant.property', 'constant.character.escape']],
  ['function', ['entity.name.function', 'support.function', 'meta.function-call.generic', 'variable.function']],
  [
    'type',
    [
      'entity.name.type',
      'entity.name.class',
      'support.type',
      'support.class',
      'entity.other.inherited-class',
      'entity.name.namespace',
    ],
  ],
  [
    'variable',
    [
      'variable.parameter',
      'variable.other.property',
      'support.type.property-name',
      'meta.object-literal.key',
      'entity.other.attribute-name',
    ],
  ],
  ['tag', ['entity.name.tag', 'punctuation.definition.tag']],
  ['link', ['markup.underline.link', 'string.other.link']],
  ['inserted', ['markup.inserted']],
  ['deleted', ['markup.deleted']],
  ['strong', ['markup.heading', 'markup.bold', 'entity.name.section']],
  ['emphasis', ['markup.italic']],
]

/** A theme whose colours are numbers of classes: #000003 is the third. */
const THEME: ThemeRegistration = {
  name: 'octo',
  type: 'light',
  fg: colourOf('plain'),
  bg: '#ffffff',
  settings: SCOPES.map(([name, scope]) => ({ scope: [...scope], settings: { foreground: colourOf(name) } })),
}

let highlighter: Promise<HighlighterCore> | null = null

/**
 * Colours code line by line.
 * @returns one entry a line, whose lengths add up to the line
 */
export async function tokenize(code: string, language: Language): Promise<readonly HighlightedLine[]> {
  highlighter ??= createHighlighterCore({
    themes: [THEME],
    langs: [],
    // Grammars were written for another regex engine; a pattern that cannot be translated is left out, not fatal.
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  })
  const core = await highlighter
  if (!core.getLoadedLanguages().includes(language)) await core.loadLanguage(await loadGrammar(language))
  const lines = core.codeToTokensBase(code, {
    lang: language,
    theme: 'octo',
    tokenizeMaxLineLength: MAX_LINE_LENGTH,
    tokenizeTimeLimit: LINE_TIME_MS,
  })
  return lines.map(encodeLine)
}

function encodeLine(tokens: readonly ThemedToken[]): HighlightedLine {
  const line: number[] = []
  for (const token of tokens) {
    const index = classIndex(token.color)
    const last = line.length - 1
    if (last > 0 && line[last] === index) line[last - 1] = (line[last - 1] ?? 0) + token.content.length
    else line.push(token.content.length, index)
  }
  return line
}

function colourOf(name: TokenClass): string {
  return `#${TOKEN_CLASSES.indexOf(name).toString(16).padStart(6, '0')}`
}

function classIndex(colour: string | undefined): number {
  const index = colour === undefined ? 0 : Number.parseInt(colour.slice(1, 7), 16)
  return index < TOKEN_CLASSES.length ? index : 0
}
