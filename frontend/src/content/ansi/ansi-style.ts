/** How a stretch of output looks. Named colours are classes bound to the theme; others are mixed towards the text. */
export interface AnsiStyle {
  /** Index of one of the sixteen named colours, or a CSS colour. */
  readonly colour: number | string | null
  readonly background: number | string | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly strike: boolean
  readonly inverse: boolean
}

export const PLAIN: AnsiStyle = {
  colour: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
}

/** Names of the sixteen colours, in the order of their numbers. */
export const ANSI_COLOURS = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'bright-black',
  'bright-red',
  'bright-green',
  'bright-yellow',
  'bright-blue',
  'bright-magenta',
  'bright-cyan',
  'bright-white',
] as const

/** Codes that switch one thing. */
const SWITCHES: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { colour: null },
  49: { background: null },
}

/**
 * The style after a "select graphic rendition" sequence. Unknown codes change nothing; hidden text stays visible.
 * @param parameters what stands between `ESC [` and `m`
 */
export function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)))
  let next = style
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0
    if (code === 38 || code === 48) {
      const { colour, used } = extendedColour(codes.slice(at + 1, at + 6))
      if (colour !== null) next = { ...next, [code === 38 ? 'colour' : 'background']: colour }
      at += used
    } else next = { ...next, ...simpleCode(code) }
  }
  return next
}

function simpleCode(code: number): Partial<AnsiStyle> {
  if (code >= 30 && code <= 37) return { colour: code - 30 }
  if (code >= 40 && code <= 47) return { background: code - 40 }
  if (code >= 90 && code <= 97) return { colour: code - 82 }
  if (code >= 100 && code <= 107) return { background: code - 92 }
  return SWITCHES[code] ?? {}
}

/** `5;N` or `2;R;G;B`; anything else takes no colour. */
function extendedColour(codes: readonly number[]): { readonly colour: number | string | null; readonly used: number } {
  const [kind, first, second, third] = codes
  if (kind === 5) return { colour: first === undefined ? null : paletteColour(first), used: 2 }
  if (kind === 2) {
    const parts = [first, second, third].map((part) => Math.min(255, Math.max(0, part ?? 0)))
    return { colour: parts.some(Number.isNaN) ? null : `rgb(${parts.join(' ')})`, used: 4 }
  }
  return { colour: null, used: 0 }
}

/** The 256 colours: sixteen named ones, a cube of 6 × 6 × 6, and greys. */
function paletteColour(index: number): number | string | null {
  if (!Number.isInteger(index) || index < 0 || index > 255) return null
  if (index < 16) return index
  if (index >= 232) return `rgb(${Array.from({ length: 3 }, () => 8 + (index - 232) * 10).join(' ')})`
  const cube = index - 16
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40)
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`
}
