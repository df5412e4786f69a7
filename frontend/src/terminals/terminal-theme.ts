import type { ITheme } from '@xterm/xterm'
import { readToken } from '../ui/index.ts'

const ANSI = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** The colours of a terminal in the theme that is shown. */
export function terminalTheme(): ITheme {
  const plain = ANSI.map((name) => [name, readToken(`--ansi-${name}`)] as const)
  const bright = ANSI.map((name) => [brightName(name), readToken(`--ansi-bright-${name}`)] as const)
  return {
    ...Object.fromEntries([...plain, ...bright]),
    background: readToken('--surface'),
    foreground: readToken('--text'),
    cursor: readToken('--text'),
    cursorAccent: readToken('--surface'),
    selectionBackground: readToken('--selection'),
    scrollbarSliderBackground: readToken('--pressed'),
    scrollbarSliderHoverBackground: readToken('--line-strong'),
    scrollbarSliderActiveBackground: readToken('--line-control'),
    overviewRulerBorder: readToken('--surface'),
  }
}

function brightName(name: string): string {
  return `bright${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
