// @vitest-environment happy-dom
import { act } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { TooltipProvider } from '../ui/index.ts'
import { CodeBlock, DiffView, LongText, ToolOutput } from './index.ts'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

let box: HTMLElement
let root: Root

beforeEach(() => {
  box = document.createElement('div')
  document.body.append(box)
  root = createRoot(box)
})

afterEach(() => {
  act(() => root.unmount())
  box.remove()
})

function render(element: ReactNode): void {
  act(() => root.render(<TooltipProvider>{element}</TooltipProvider>))
}

function button(text: string): HTMLButtonElement {
  const found = [...box.querySelectorAll('button')].find((element) => element.textContent.includes(text))
  if (found === undefined) throw new Error(`no button says ${text}`)
  return found
}

function count(selector: string): number {
  return box.querySelectorAll(selector).length
}

describe('output', () => {
  const lines = Array.from({ length: 120 }, (_, index) => `line ${index + 1}`).join('\n')

  test('long output stands open at its end, and whole when asked', () => {
    render(<ToolOutput text={lines} />)
    expect(count('.ansi-line')).toBe(16)
    expect(box.querySelector('.ansi-line')?.textContent).toBe('line 105')
    act(() => button('Show 104 earlier lines').click())
    expect(count('.ansi-line')).toBe(120)
  })

  test('a growing output keeps the elements of its finished lines', () => {
    render(<ToolOutput text={'a\nb'} />)
    const first = box.querySelector('.ansi-line')
    render(<ToolOutput text={'a\nbc\nd'} />)
    expect(box.querySelector('.ansi-line')).toBe(first)
    expect([...box.querySelectorAll('.ansi-line')].map((line) => line.textContent)).toEqual(['a', 'bc', 'd'])
  })

  test('addresses are links, places in files open, and anything else is text', () => {
    const opened: unknown[] = []
    const text = 'see http://localhost:5173/. at src/a.ts:31:58) <img src=x onerror=alert(1)> javascript:alert(1)'
    render(<ToolOutput text={text} onOpenPath={(target) => opened.push(target)} />)
    act(() => button('src/a.ts').click())
    expect(opened).toEqual([{ path: 'src/a.ts', line: 31, column: 58 }])
    expect([...box.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual(['http://localhost:5173/'])
    expect(count('img')).toBe(0)
    expect(box.querySelector('.ansi-line')?.textContent).toBe(text)
  })
})

describe('differences', () => {
  const patchOf = (size: number): string =>
    `--- a/x.txt\n+++ b/x.txt\n@@ -0,0 +1,${size} @@\n${Array.from({ length: size }, (_, index) => `+line ${index + 1}`).join('\n')}\n`

  test('a file opens and closes, and leads to its first change', () => {
    const opened: unknown[] = []
    const source = { patch: '--- a/x.txt\n+++ b/x.txt\n@@ -4,2 +4,2 @@\n a\n-b\n+c\n' }
    render(<DiffView source={source} onOpenFile={(path, line) => opened.push([path, line])} />)
    expect([...box.querySelectorAll('.diff-row')].map((row) => row.textContent)).toEqual(['44 a', '55−b', '5+c'])
    act(() => button('Open').click())
    expect(opened).toEqual([['x.txt', null]])
    act(() => button('x.txt').click())
    expect(count('.diff-row')).toBe(0)
    expect(button('x.txt').getAttribute('aria-expanded')).toBe('false')
  })

  test('unchanged lines of two versions are shown when asked', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`)
    render(
      <DiffView source={{ oldText: lines.join('\n'), newText: lines.with(19, 'new').join('\n'), path: 'x.txt' }} />,
    )
    expect(count('.diff-row')).toBe(8)
    act(() => button('16 unchanged lines').click())
    expect(count('.diff-row')).toBe(24)
    act(() => button('17 unchanged lines').click())
    expect(count('.diff-row')).toBe(41)
  })

  test('a large file waits closed, and shows its lines in parts', () => {
    render(<DiffView source={{ patch: patchOf(5_000) }} />)
    expect(count('.diff-row')).toBe(0)
    act(() => button('x.txt').click())
    expect(count('.diff-row')).toBe(400)
    act(() => button('Show 1000 more').click())
    expect(count('.diff-row')).toBe(1_400)
  })

  test('what is no patch is shown as it is', () => {
    render(<DiffView source={{ patch: 'no patch <b>at all</b>' }} />)
    expect(box.textContent).toBe('no patch <b>at all</b>')
    render(<DiffView source={{ oldText: 'same', newText: 'same', path: 'x' }} bare />)
    expect(box.textContent).toBe('No lines changed.')
  })
})

describe('code', () => {
  test('a long block shows its beginning first, and copying takes all of it', async () => {
    const code = Array.from({ length: 1_000 }, (_, index) => `line ${index + 1}`).join('\n')
    const copied: string[] = []
    vi.stubGlobal('navigator', {
      platform: 'Linux',
      clipboard: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
    })
    render(<CodeBlock code={code} info="ts" />)
    expect(box.querySelector('code')?.textContent.split('\n')).toHaveLength(120)
    await act(async () => box.querySelector<HTMLButtonElement>('[aria-label="Copy code"]')?.click())
    expect(copied).toEqual([code])
    act(() => button('Show all 1,000 lines').click())
    expect(box.querySelector('code')?.textContent).toBe(code)
    vi.unstubAllGlobals()
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  })

  test('a megabyte without a line break is shown in parts', () => {
    render(<LongText text={'x'.repeat(1_000_000)} />)
    expect(box.textContent.length).toBeLessThan(4_100)
    act(() => button('Show more').click())
    expect(box.textContent.length).toBeGreaterThan(60_000)
  })
})
