// oxlint-disable-next-line no-restricted-imports -- the test runner answers imports of style sheets with nothing
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')

type Theme = Readonly<Record<string, string>>

/** The colour tokens of each theme block of tokens.css. */
function readTheme(selector: string): Theme {
  const block = css.slice(css.indexOf(selector))
  const body = block.slice(block.indexOf('{') + 1, block.indexOf('}'))
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[\da-f]{6,8});/g)].map(([, name, value]) => [name, value]))
}

const themes = { light: readTheme(":root,\n[data-theme='light']"), dark: readTheme("\n[data-theme='dark']") }

interface Colour {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly alpha: number
}

function parse(hex: string): Colour {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16)
  return { red: part(1), green: part(3), blue: part(5), alpha: hex.length > 7 ? part(7) / 255 : 1 }
}

/** What is seen when the first colour lies over the second. */
function over(top: Colour, under: Colour): Colour {
  const mix = (a: number, b: number): number => a * top.alpha + b * (1 - top.alpha)
  return {
    red: mix(top.red, under.red),
    green: mix(top.green, under.green),
    blue: mix(top.blue, under.blue),
    alpha: 1,
  }
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance({ red, green, blue }: Colour): number {
  const linear = (value: number): number => {
    const share = value / 255
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function contrast(a: Colour, b: Colour): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function token(theme: Theme, name: string): Colour {
  const value = theme[name]
  if (value === undefined) throw new Error(`tokens.css has no --${name}`)
  return parse(value)
}

/** A ground may be a stack: `hover on bg` is the hover tint lying on the background. */
function ground(theme: Theme, name: string): Colour {
  const [top, bottom] = name.split(' on ')
  const colour = token(theme, top ?? name)
  return bottom === undefined ? colour : over(colour, token(theme, bottom))
}

const TEXT = ['text', 'text-muted', 'text-faint', 'accent-text', 'working', 'waiting', 'failed', 'ok']
const GROUNDS = [
  'bg',
  'surface',
  'raised',
  'sunken',
  'code-bg',
  'hover on bg',
  'selected on bg',
  'hover on surface',
  'pressed on raised',
  'hover on raised',
]
const CODE = [
  'text',
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
]
const DIFF_GROUNDS = ['code-bg', 'diff-add', 'diff-del']
/** In a changed word, comments and punctuation take the colour of plain code. */
const MARKED_CODE = CODE.filter((name) => name !== 'comment' && name !== 'punctuation')
const ANSI = 'black red green yellow blue magenta cyan white'.split(' ').flatMap((name) => [name, `bright-${name}`])

/** Text of normal size needs 4.5 : 1. */
const TEXT_PAIRS: readonly (readonly [string, string])[] = [
  ...TEXT.flatMap((text) => GROUNDS.map((name) => [text, name] as const)),
  ...['working', 'waiting', 'failed', 'ok'].map((state) => [state, `${state}-soft`] as const),
  ['accent-text', 'accent-soft'],
  ['text', 'accent-soft'],
  ['text', 'selection'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-hover'],
  ...CODE.flatMap((name) => DIFF_GROUNDS.map((under) => [`code-${name}`, under] as const)),
  ...MARKED_CODE.flatMap((name) => ['diff-add-word', 'diff-del-word'].map((under) => [`code-${name}`, under] as const)),
  ['diff-add-text', 'diff-add'],
  ['diff-add-text', 'bg'],
  ['diff-add-text', 'surface'],
  ['diff-del-text', 'diff-del'],
  ['diff-del-text', 'bg'],
  ['diff-del-text', 'surface'],
  ...ANSI.flatMap((name) => ['code-bg', 'surface', 'bg'].map((under) => [`ansi-${name}`, under] as const)),
]

/** What must be seen but is no text needs 3 : 1. */
const SIGN_PAIRS = ['bg', 'surface', 'raised'].flatMap((name) =>
  ['line-control', 'focus', 'accent', 'idle', 'danger'].map((sign) => [sign, name] as const),
)

/** The pairs that miss their ratio, with what they reach. */
function misses(theme: Theme, pairs: readonly (readonly [string, string])[], least: number): readonly string[] {
  return pairs.flatMap(([name, under]) => {
    const ratio = contrast(token(theme, name), ground(theme, under))
    return ratio >= least ? [] : [`${name} on ${under}: ${ratio.toFixed(2)}`]
  })
}

describe.each(Object.entries(themes))('the %s theme', (_, theme) => {
  test('every text can be read on every ground it stands on', () => {
    expect(misses(theme, TEXT_PAIRS, 4.5)).toEqual([])
  })

  test('every sign that is no text can be seen', () => {
    expect(misses(theme, SIGN_PAIRS, 3)).toEqual([])
  })
})

test('both themes define the same tokens', () => {
  expect(Object.keys(themes.light)).toHaveLength(69)
  expect(Object.keys(themes.dark)).toEqual(Object.keys(themes.light))
})
