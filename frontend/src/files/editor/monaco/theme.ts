import { editor } from 'monaco-editor/editor/editor.api'
import { currentTheme, onThemeChange, readToken } from '../../../ui/index.ts'

const NAME = 'octo'

/** Draws the editor in our own colours, and again when the theme changes. */
export function followTheme(): void {
  define()
  onThemeChange(define)
}

function define(): void {
  const dark = currentTheme() === 'dark'
  editor.defineTheme(NAME, { base: dark ? 'vs-dark' : 'vs', inherit: true, rules: rules(), colors: colors(dark) })
  editor.setTheme(NAME)
}

/** Kinds of tokens and the colours that code has everywhere in octo. */
const TOKENS: readonly (readonly [token: string, colour: `--${string}`, style?: string])[] = [
  ['', '--code-text'],
  ['comment', '--code-comment'],
  ['keyword', '--code-keyword'],
  ['storage', '--code-keyword'],
  ['string', '--code-string'],
  ['string.link', '--code-link'],
  ['regexp', '--code-string'],
  ['number', '--code-constant'],
  ['constant', '--code-constant'],
  ['annotation', '--code-constant'],
  ['attribute.name', '--code-function'],
  ['attribute.value', '--code-string'],
  ['type', '--code-type'],
  ['namespace', '--code-type'],
  ['tag', '--code-tag'],
  ['metatag', '--code-tag'],
  ['key', '--code-function'],
  ['predefined', '--code-function'],
  ['variable', '--code-variable'],
  ['delimiter', '--code-punctuation'],
  ['operator', '--code-punctuation'],
  ['strong', '--code-text', 'bold'],
  ['emphasis', '--code-text', 'italic'],
]

function rules(): editor.ITokenThemeRule[] {
  return TOKENS.map(([token, colour, fontStyle]) => ({
    token,
    foreground: hex(colour).slice(1),
    ...(fontStyle === undefined ? {} : { fontStyle }),
  }))
}

function colors(dark: boolean): editor.IColors {
  const [line, accent] = [hex('--line'), hex('--accent')]
  return {
    'editor.background': hex('--surface'),
    'editor.foreground': hex('--code-text'),
    'editorLineNumber.foreground': hex('--text-faint'),
    'editorLineNumber.activeForeground': hex('--text'),
    'editorCursor.foreground': hex('--text'),
    'editor.selectionBackground': hex('--selection'),
    'editor.inactiveSelectionBackground': `${hex('--selection')}80`,
    'editor.lineHighlightBackground': '#00000000',
    'editor.lineHighlightBorder': line,
    'editor.findMatchBackground': dark ? '#8a6a1e' : '#f5d58a',
    'editor.findMatchHighlightBackground': dark ? '#8a6a1e66' : '#f5d58a80',
    'editor.wordHighlightBackground': dark ? '#ffffff14' : '#0000000f',
    'editor.wordHighlightStrongBackground': dark ? '#ffffff1f' : '#00000017',
    'editorIndentGuide.background1': line,
    'editorIndentGuide.activeBackground1': hex('--line-strong'),
    'editorBracketMatch.background': dark ? '#ffffff14' : '#0000000d',
    'editorBracketMatch.border': hex('--line-strong'),
    'editorWidget.background': hex('--raised'),
    'editorWidget.foreground': hex('--text'),
    'editorWidget.border': line,
    'editorHoverWidget.background': hex('--raised'),
    'editorHoverWidget.border': line,
    'editorSuggestWidget.background': hex('--raised'),
    'editorSuggestWidget.selectedBackground': hex('--accent-soft'),
    'editorSuggestWidget.selectedForeground': hex('--text'),
    'editorStickyScroll.background': hex('--surface'),
    'editorStickyScroll.shadow': '#00000000',
    'editorStickyScroll.border': line,
    'editorGutter.background': hex('--surface'),
    'editorOverviewRuler.border': '#00000000',
    'diffEditor.insertedTextBackground': hex('--diff-add-word'),
    'diffEditor.removedTextBackground': hex('--diff-del-word'),
    'diffEditor.insertedLineBackground': hex('--diff-add'),
    'diffEditor.removedLineBackground': hex('--diff-del'),
    'diffEditor.diagonalFill': line,
    'diffEditor.unchangedRegionBackground': hex('--sunken'),
    'scrollbar.shadow': '#00000000',
    'scrollbarSlider.background': dark ? '#ffffff1c' : '#0000001c',
    'scrollbarSlider.hoverBackground': dark ? '#ffffff2e' : '#0000002e',
    'scrollbarSlider.activeBackground': dark ? '#ffffff3d' : '#0000003d',
    'input.background': hex('--surface'),
    'input.border': hex('--line-control'),
    'input.foreground': hex('--text'),
    'inputOption.activeBackground': hex('--accent-soft'),
    'inputOption.activeBorder': accent,
    'inputOption.activeForeground': hex('--accent-text'),
    'list.hoverBackground': hex('--sunken'),
    'list.focusBackground': hex('--accent-soft'),
    'list.focusForeground': hex('--text'),
    'menu.background': hex('--raised'),
    'menu.foreground': hex('--text'),
    'menu.selectionBackground': hex('--accent-soft'),
    'menu.selectionForeground': hex('--text'),
    'menu.separatorBackground': line,
    'widget.shadow': dark ? '#00000066' : '#0000001f',
    focusBorder: hex('--focus'),
  }
}

/** A token as Monaco takes colours: written out, where a build may have shortened it. */
function hex(token: `--${string}`): string {
  const value = readToken(token)
  return value.length > 5 ? value : value.replace(/[\da-f]/giu, '$&$&')
}
