/**
 * What a piece of code can be, as far as colour goes. A highlighted line is a flat list of pairs: how many characters,
 * and the index of their class here. Colours come from CSS, so a change of theme needs no new highlighting.
 */
export const TOKEN_CLASSES = [
  'plain',
  'comment',
  'keyword',
  'string',
  'constant',
  'function',
  'type',
  'variable',
  'punctuation',
  'tag',
  'link',
  'inserted',
  'deleted',
  'strong',
  'emphasis',
] as const

export type TokenClass = (typeof TOKEN_CLASSES)[number]

/** Pairs of length and class index. */
export type HighlightedLine = readonly number[]
