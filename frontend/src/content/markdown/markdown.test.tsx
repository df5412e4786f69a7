// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { act } from 'react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { TooltipProvider } from '../../ui/index.ts'
import { Markdown } from './markdown.tsx'

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

function render(element: ReactElement): void {
  act(() => root.render(<TooltipProvider>{element}</TooltipProvider>))
}

/** What a fresh page shows for a finished text. */
function freshHtml(text: string): string {
  const other = document.createElement('div')
  const fresh = createRoot(other)
  act(() =>
    fresh.render(
      <TooltipProvider>
        <Markdown text={text} />
      </TooltipProvider>,
    ),
  )
  const html = htmlOf(other)
  act(() => fresh.unmount())
  return html
}

/** Ids of React differ from page to page and mean nothing. */
function htmlOf(element: HTMLElement): string {
  return element.innerHTML.replaceAll(/(id|aria-describedby|aria-controls)="[^"]*"/g, '')
}

describe('what is drawn', () => {
  test('the constructs of GitHub Markdown', () => {
    render(
      <Markdown
        text={'# T\n\na **b** *c* ~~d~~ `e`\n\n- [x] f\n- g\n  1. h\n\n| i | j |\n| - | -: |\n| k | l |\n\n> m'}
      />,
    )
    const tags = [...box.querySelectorAll('.md *')].map((element) => element.tagName.toLowerCase())
    expect(tags).toEqual(
      'h3 p strong em del code ul li input li ol li div table thead tr th th tbody tr td td blockquote p'.split(' '),
    )
    expect(box.textContent).toBe('Ta b c d efghijklm')
  })

  test('references resolve wherever their definition stands', () => {
    render(<Markdown text={'see [a][1] and [b]\n\nmore\n\n[1]: https://one.example/\n[b]: https://two.example/'} />)
    expect([...box.querySelectorAll('a')].map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['a', 'https://one.example/'],
      ['b', 'https://two.example/'],
    ])
  })

  test('a link opens elsewhere without a way back, and says where it leads', () => {
    render(<Markdown text="[bank](https://evil.example)" />)
    expect(box.querySelector('a')?.outerHTML).toBe(
      '<a href="https://evil.example/" title="https://evil.example/" target="_blank" rel="noopener noreferrer" class="md-link">bank</a>',
    )
  })

  test('HTML is text, and a br in a table breaks the line', () => {
    render(<Markdown text={'<b>x</b> <!-- c -->\n\n| a |\n| - |\n| 1<br>2 |'} />)
    expect(box.querySelector('b')).toBeNull()
    expect(box.querySelector('p')?.textContent).toBe('<b>x</b> <!-- c -->')
    expect(box.querySelector('td')?.innerHTML).toBe('1<br>2')
  })

  test('entities are resolved in text and kept in code', () => {
    render(<Markdown text={'&lt;a&gt; &amp; &#x1F600; `&amp;`'} />)
    expect(box.textContent).toBe('<a> & 😀 &amp;')
  })

  test('a file name in code opens the file at its line', () => {
    const opened: unknown[] = []
    render(
      <Markdown text="see `src/a.ts:7` and `x = 1` and [b](docs/b.md)" onOpenPath={(target) => opened.push(target)} />,
    )
    for (const button of box.querySelectorAll('button')) act(() => button.click())
    expect(opened).toEqual([
      { path: 'src/a.ts', line: 7, column: null },
      { path: 'docs/b.md', line: null, column: null },
    ])
  })

  test('images are loaded from our own blobs only, others are a link', () => {
    render(<Markdown text={'![a](/api/blobs/b1) ![b](https://example.com/b.png)'} />)
    expect([...box.querySelectorAll('img')].map((image) => image.getAttribute('src'))).toEqual(['/api/blobs/b1'])
    expect(box.querySelector('a')?.getAttribute('href')).toBe('https://example.com/b.png')
  })
})

describe('streaming', () => {
  const answer = [
    'Some **bold** text with `code`,\na [link](https://a.example) and more.',
    '- one\n- two\n  - nested\n\n    with a paragraph',
    '```ts\nconst a = 1\n\nconst b = 2\n```',
    '| a | b |\n| - | - |\n| 1 | 2 |',
    '> quoted\n> text\n\n1. first\n2. second',
    '## Heading\nafter it\n\n[ref]: https://ref.example',
  ].join('\n\n')

  test('a text that came in pieces looks in the end as if it had come at once', () => {
    const whole = freshHtml(answer)
    fc.assert(
      fc.property(fc.array(fc.nat(answer.length), { maxLength: 8 }), (cuts) => {
        render(<Markdown text="" streaming />)
        for (const cut of cuts.toSorted((a, b) => a - b)) render(<Markdown text={answer.slice(0, cut)} streaming />)
        render(<Markdown text={answer} />)
        expect(htmlOf(box)).toBe(whole)
      }),
      { numRuns: 40 },
    )
  })

  test('any text of odd parts that came in pieces looks in the end as if it had come at once', () => {
    const parts = fc.array(
      fc.constantFrom(
        '\n',
        '\n\n',
        '- ',
        '1. ',
        '> ',
        '# ',
        '```',
        '`',
        '**',
        '_',
        '[a](b)',
        '[a',
        '![',
        '| a |',
        '\n| - |\n',
        'word',
        '&amp;',
        '<div>',
        '\\',
        '    ',
        '---',
        '[x]: https://x.example',
      ),
      { maxLength: 25 },
    )
    fc.assert(
      fc.property(parts, fc.array(fc.nat(80), { maxLength: 4 }), (words, cuts) => {
        const text = words.join('')
        for (const cut of cuts.toSorted((a, b) => a - b)) render(<Markdown text={text.slice(0, cut)} streaming />)
        render(<Markdown text={text} />)
        expect(htmlOf(box)).toBe(freshHtml(text))
      }),
      { numRuns: 150 },
    )
  })

  test('elements of finished blocks stay the same elements', () => {
    render(<Markdown text={answer.slice(0, 120)} streaming />)
    const early = [...box.querySelectorAll('.md > *')].slice(0, -2)
    for (let end = 121; end <= answer.length; end += 7) render(<Markdown text={answer.slice(0, end)} streaming />)
    render(<Markdown text={answer} />)
    expect(early.length).toBeGreaterThan(0)
    expect([...box.querySelectorAll('.md > *')].slice(0, early.length)).toEqual(early)
  })

  test('nothing half-written shows its marks', () => {
    const texts = new Set<string>()
    const line = 'A **bold** and `code` and [link](https://a.example/b) end'
    for (let end = 1; end <= line.length; end += 1) {
      render(<Markdown text={line.slice(0, end)} streaming />)
      texts.add(box.textContent)
    }
    for (const shown of texts) expect(shown).not.toMatch(/[*`[\]()]/)
  })
})

describe('hostile text', () => {
  const payloads = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<style>*{background:url(//evil.example)}</style>',
    '<a href="javascript:alert(1)">x</a>',
    '<details open ontoggle=alert(1)>',
    '<body onload=alert(1)>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<form action="javascript:alert(1)"><button>x</button></form>',
    '<base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    '<object data="data:text/html,<script>alert(1)</script>"></object>',
    '<embed src="javascript:alert(1)">',
    '<link rel=stylesheet href="https://evil.example/a.css">',
    '<input autofocus onfocus=alert(1)>',
    '<video><source onerror=alert(1)></video>',
    '<marquee onstart=alert(1)>',
    '<x onclick=alert(1) style="position:fixed;inset:0">x</x>',
    '<!--><script>alert(1)</script>-->',
    '<![CDATA[<script>alert(1)</script>]]>',
    '<?php echo 1 ?><script>alert(1)</script>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#x09;script:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](<java\tscript:alert(1)>)',
    '[x](\u0001javascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:msgbox(1))',
    '[x](file:///etc/passwd)',
    '[x](blob:https://evil.example/1)',
    '[x](https://a.example" onmouseover="alert(1))',
    "[x](https://a.example 'title\" onmouseover=alert(1)')",
    '[x]: javascript:alert(1)\n\n[x]',
    '[x][y]\n\n[y]: data:text/html,<script>alert(1)</script>',
    '<javascript:alert(1)>',
    '<data:text/html,x>',
    'javascript:alert(1)',
    '![x](javascript:alert(1))',
    '![x](data:image/svg+xml,<svg onload=alert(1)>)',
    '![x](https://evil.example/pixel.gif)',
    '![x"onerror="alert(1)](https://a.example/b)',
    '![x](/api/call/sessions.delete)',
    '```html\n<script>alert(1)</script>\n```',
    '```"><script>alert(1)</script>\nx\n```',
    '`<img src=x onerror=alert(1)>`',
    '    <script>alert(1)</script>',
    '# <img src=x onerror=alert(1)>',
    '> <script>alert(1)</script>',
    '- <img src=x onerror=alert(1)>',
    '| <script>alert(1)</script> |\n| --- |\n| <img src=x onerror=alert(1)> |',
    '**<img src=x onerror=alert(1)>**',
    '[<img src=x onerror=alert(1)>](https://a.example)',
    '<a href="https://a.example">[x](javascript:alert(1))</a>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&#60;img src=x onerror=alert(1)&#62;',
    '<scr<script>ipt>alert(1)</script>',
    '\u202e<script>alert(1)</script>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<template><script>alert(1)</script></template>',
    '<img/src=x/onerror=alert(1)>',
    '<img src="x` `<script>alert(1)</script>"` `>',
    '[a](javascript://example.com/%0Aalert(1))',
    '[a](https:javascript:alert(1))',
    '[a](//evil.example)',
    '[a](\\javascript:alert(1))',
    '$$\\href{javascript:alert(1)}{x}$$',
    '```mermaid\ngraph TD; A-->B; click A "javascript:alert(1)"\n```',
    '<svg><animate onbegin=alert(1) attributeName=x></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"></svg>',
    '<portal src="javascript:alert(1)"></portal>',
    '<audio src=x onerror=alert(1)>',
    '<select><style></select><img src=x onerror=alert(1)></style>',
    '<textarea><script>alert(1)</script></textarea>',
    '<xmp><script>alert(1)</script></xmp>',
    '<plaintext><script>alert(1)</script>',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<frameset onload=alert(1)>',
    '<isindex action=javascript:alert(1)>',
    '[ref]\n\n[ref]: <javascript:alert(1)> "t"',
  ]
  const inert: ReadonlySet<string> = new Set(
    (
      'a blockquote br button code del div em figcaption figure h3 h4 h5 h6 hr img input li ol output p path pre rect span strong svg table tbody td th ' +
      'thead tr ul'
    ).split(' '),
  )

  /** As much as the lexer still gets in one line. */
  const fill = (unit: string): string => unit.repeat(Math.floor(6_100 / unit.length))

  /** What each attribute may hold; an attribute that is not listed may hold anything but is not a handler. */
  const values: Readonly<Record<string, RegExp>> = {
    href: /^(https?|mailto):/,
    src: /^\/api\/blobs\/[\w-]+$/,
    style: /^text-align: (left|center|right);$/,
  }
  const dangersOf = (element: Element): readonly string[] => {
    const tag = element.tagName.toLowerCase()
    const attributes = [...element.attributes].filter(
      ({ name, value }) =>
        /^(on.*|srcdoc|formaction|action|ping|background)$/i.test(name) || values[name]?.test(value) === false,
    )
    return [...(inert.has(tag) ? [] : [tag]), ...attributes.map(({ name, value }) => `${tag} ${name}=${value}`)]
  }

  test.each(payloads.flatMap((payload) => [payload, `text\n\n${payload}\n\ntext`, `- item ${payload}`]))(
    '%j does nothing',
    (payload) => {
      for (const streaming of [true, false]) {
        render(<Markdown text={payload} streaming={streaming} onOpenPath={() => undefined} />)
        expect([...box.querySelectorAll('.md *')].flatMap(dangersOf)).toEqual([])
      }
    },
  )

  test.each([
    ['a line of a megabyte', 'a'.repeat(1_000_000)],
    ['a line of a megabyte of emphasis marks', '**a '.repeat(250_000)],
    ['brackets without end', fill('[')],
    ['half links without end', fill('[a](b')],
    ['half images', fill('![a')],
    ['emphasis that never closes', fill('*a _b ')],
    ['emphasis that closes at the end', `${'*a **b '.repeat(860)}${'** *'.repeat(20)}`],
    ['backticks of every length', Array.from({ length: 120 }, (_, index) => `${'`'.repeat(index + 1)} `).join('')],
    ['quotes in quotes', fill('>')],
    ['lists in lists', fill('- ')],
    [
      'lists in lists, one deeper each line',
      Array.from({ length: 400 }, (_, index) => `${'  '.repeat(index)}- a`).join('\n'),
    ],
    ['a table of a thousand columns', `|${'a|'.repeat(1_000)}\n|${'-|'.repeat(1_000)}\n`],
    ['angle brackets', fill('<')],
    ['autolinks', fill('www.a')],
    ['addresses', fill('a@b.')],
    ['entities', fill('&#1;')],
    ['backslashes', fill('\\')],
    ['many definitions', '[a]: https://a.example\n'.repeat(5_000)],
    ['blank lines', '\n'.repeat(500_000)],
    ['spaces', ' '.repeat(200_000)],
    ['underscores between words', fill('a_b')],
    ['escaped marks', fill('\\*')],
    ['emphasis over many lines', '*a _b \n'.repeat(9_000)],
    ['emphasis over many lines of an item', `- x\n${'  *a _b \n'.repeat(7_000)}`],
    ['html that never ends', fill('<div ')],
  ])('%s is drawn within two seconds', (_, text) => {
    const before = performance.now()
    render(<Markdown text={text} />)
    render(<Markdown text={`${text} `} streaming />)
    expect(performance.now() - before).toBeLessThan(2_000)
    expect(box.querySelector('.md')).not.toBeNull()
  })
})
