import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Screen } from './screen.ts'
import { picture, plainTerminal, restore, writeTo } from './testing/screen-picture.ts'

const SIZE = { cols: 20, rows: 6 }
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function openScreen(scrollbackLines = 5_000, size = SIZE): { screen: Screen; titles: string[] } {
  const titles: string[] = []
  return {
    titles,
    screen: new Screen({ ...size, scrollbackLines, onTitle: (title) => titles.push(title), onPacked: () => {} }),
  }
}

function feed(screen: Screen, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => screen.write(bytes, resolve))
}

function snapshotOf(screen: Screen): Promise<Uint8Array> {
  return new Promise((resolve) => screen.snapshot(resolve))
}

/** Programs' habits: colours, wide characters, wrapping, margins, alternate screens, odd modes. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'plain lines': 'one\r\ntwo\r\nthree',
  'more lines than fit': Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\r\n'),
  'a prompt after a wrapped line': `${'abcdefghij'.repeat(5)}\r\n$ `,
  'the cursor after the last column': 'x'.repeat(20),
  'wide characters that wrap': '漢字かな交じり文と English 混在のテキスト 👩 ok\r\n',
  'colours and styles': '\x1b[1;31mred\x1b[0m \x1b[38;2;10;20;30;48;5;17mtrue\x1b[7m inv\x1b[0m\x1b[3;9mgone',
  'a coloured empty line': '\x1b[44m\x1b[2K\x1b[0m\r\nnext',
  'a scroll region': 'a\r\nb\r\nc\r\nd\x1b[2;4r\x1b[3;3H',
  'origin mode in a scroll region': '\x1b[2;5r\x1b[?6h\x1b[2;4Hx',
  'a hidden cursor and SGR mouse': '\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[?1h\x1b=ready',
  'line drawing': '\x1b(0lqqk\r\nx  x',
  'shifted line drawing': '\x1b)0\x0elqk\x0fabc\x0e',
  'a bar cursor, bracketed paste, focus events': '\x1b[5 q\x1b[?2004h\x1b[?1004h> ',
  'own tab stops': '\x1b[3g\x1b[5G\x1bH\x1b[11G\x1bH\r\ta\tb',
  'an alternate screen over a shell':
    'before\r\n$ vi\r\n\x1b[?1049h\x1b[2J\x1b[H~\r\n~\r\n\x1b[6;1H-- INSERT --\x1b[1;2H',
  'an alternate screen that was left': 'before\r\n\x1b[?1049hinside\x1b[?1049l$ ',
  'no wrapping and insert mode': '\x1b[?7l\x1b[4hlong long long long long long',
  'a saved cursor': 'abc\x1b7\r\ndef\x1b[5;5H',
  'cleared history': `${'gone\r\n'.repeat(20)}\x1b[3J\x1b[2J\x1b[Hclear`,
}

describe('a new viewer', () => {
  test.each(Object.entries(SCRIPTS))('sees %s as one that was there all the time', async (_, script) => {
    const { screen } = openScreen()
    await feed(screen, bytesOf(script))
    const there = plainTerminal(SIZE)
    await writeTo(there, script)
    const later = await restore(await snapshotOf(screen))
    expect(picture(later)).toEqual(picture(there))
    // A restore goes on like the original, too.
    const more = '\x1b8Q\x1b[L\tz\r\nnext\x1b[?1049l\x1b[1;1Hq'
    await writeTo(there, more)
    await writeTo(later, more)
    expect(picture(later)).toEqual(picture(there))
    screen.dispose()
  })

  test('may come in the middle of any character or sequence', async () => {
    const stream = bytesOf(
      'ä漢👩\x1b[1;31mred\x1b[0m\x1b]0;a title é\x07x\x1b]7;file:///tmp\x1b\\next\x1bP$qm\x1b\\\u009b32mgreen\x1b[?25l\x1b(0q\x1b(B\x1b#8',
    )
    const whole = plainTerminal(SIZE)
    await writeTo(whole, stream)
    const expected = picture(whole)
    for (let cut = 0; cut <= stream.byteLength; cut += 1) {
      const { screen } = openScreen()
      // Both in one piece and byte by byte: what is unfinished is found in either.
      const pieces =
        cut % 2 === 0 ? [stream.subarray(0, cut)] : [...stream.subarray(0, cut)].map((b) => Uint8Array.of(b))
      for (const piece of pieces) await feed(screen, piece)
      const later = await restore(await snapshotOf(screen))
      await writeTo(later, stream.subarray(cut))
      expect(picture(later), `cut at ${cut}`).toEqual(expected)
      screen.dispose()
    }
  }, 30_000)

  test('gets a screen of its own size, also after a resize', async () => {
    const { screen } = openScreen()
    await feed(screen, bytesOf('abcdefghijklmnopqrstuvwxyz\r\n$ '))
    screen.resize({ cols: 40, rows: 10 })
    const later = await restore(await snapshotOf(screen))
    expect([later.cols, later.rows, later.buffer.active.getLine(0)?.translateToString(true)]).toEqual([
      40,
      10,
      'abcdefghijklmnopqrstuvwxyz',
    ])
    screen.dispose()
  })
})

describe('queries', () => {
  test.each([
    ['device attributes', '\x1b[c', '\x1b[?1;2c'],
    ['the cursor position', 'ab\x1b[6n', '\x1b[1;3R'],
    ['a mode', '\x1b[?2004$p', '\x1b[?2004;2$y'],
  ])('%s are answered', async (_, query, answer) => {
    const { screen } = openScreen()
    expect(await feed(screen, bytesOf(query))).toBe(answer)
    screen.dispose()
  })

  test('no answer contains what a program put in a title or a string', async () => {
    const { screen } = openScreen()
    const answers = await feed(
      screen,
      bytesOf('\x1b]0;evil;rm -rf\x07\x1b[21t\x1bP$qevil\x1b\\\x1b]52;c;?\x07\x1b]4;1;?\x07'),
    )
    expect(answers).toBe('\x1bP0$r\x1b\\')
    screen.dispose()
  })

  test('a flood of queries is answered up to a limit', async () => {
    const { screen } = openScreen()
    const answers = await feed(screen, bytesOf('\x1b[c'.repeat(50_000)))
    expect(answers.length).toBeGreaterThan(60_000)
    expect(answers.length).toBeLessThan(70_000)
    screen.dispose()
  })
})

test('a title is told without controls and characters that turn the text around', async () => {
  const { screen, titles } = openScreen()
  await feed(screen, bytesOf(`\x1b]2;safe\u202etxt.exe\u2066!${'x'.repeat(500)}\x07`))
  expect(titles).toEqual([`safetxt.exe!${'x'.repeat(188)}`])
  screen.dispose()
})

test('an escape string without an end does not grow the screen', async () => {
  const { screen } = openScreen()
  await feed(screen, bytesOf('before\r\n\x1b]52;c;'))
  for (let round = 0; round < 200; round += 1) await feed(screen, bytesOf('A'.repeat(100_000)))
  const snapshot = await snapshotOf(screen)
  expect(snapshot.byteLength).toBeLessThan(70_000)
  const later = await restore(snapshot)
  await writeTo(later, 'AAAA\x07after')
  expect(picture(later)['normal']).toEqual(['before', 'after'])
  screen.dispose()
})

test('a screen whose every cell is coloured is sent within its limit', async () => {
  const { screen } = openScreen(5_000, { cols: 1_000, rows: 500 })
  const cell = (n: number): string => `\x1b[38;2;${n % 256};${n % 255};7;48;2;${n % 254};${n % 253};9mx`
  const row = Array.from({ length: 1_000 }, (_, n) => cell(n * 7)).join('')
  await feed(screen, bytesOf(row.repeat(500)))
  const snapshot = await snapshotOf(screen)
  expect(snapshot.byteLength).toBeLessThanOrEqual(4 * 1_048_576 + 100)
  const later = await restore(snapshot)
  expect(later.buffer.active.getLine(499)?.translateToString()).toBe('x'.repeat(1_000))
  screen.dispose()
}, 30_000)

describe('history of a quiet terminal', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  /** Time passes while the promise is on its way: xterm parses behind timers. */
  async function soon<Value>(promise: Promise<Value>): Promise<Value> {
    await vi.advanceTimersByTimeAsync(200)
    return promise
  }

  const numbered = (from: number, to: number): string =>
    Array.from(
      { length: to - from },
      (_, n) => `\x1b[3${(from + n) % 8}m${from + n}\x1b[0m ${'-'.repeat(n % 30)}\r\n`,
    ).join('')

  async function seenBy(script: string, scrollback = 5_000): Promise<unknown> {
    const there = plainTerminal(SIZE, scrollback)
    await soon(writeTo(there, script))
    return picture(there)
  }

  async function restored(screen: Screen, scrollback = 5_000): Promise<unknown> {
    return picture(await soon(restore(await soon(snapshotOf(screen)), scrollback)))
  }

  test('is packed and still complete', async () => {
    const { screen } = openScreen()
    let script = ''
    for (const part of [numbered(0, 700), numbered(700, 1_500), `${'wrapped '.repeat(40)}\r\n$ `]) {
      script += part
      await soon(feed(screen, bytesOf(part)))
      await vi.advanceTimersByTimeAsync(1_100)
      expect(await restored(screen)).toEqual(await seenBy(script))
    }
    screen.dispose()
  })

  test('is as long as the limit says', async () => {
    const { screen } = openScreen(600)
    let script = ''
    for (let round = 0; round < 6; round += 1) {
      const part = numbered(round * 300, round * 300 + 300)
      script += part
      await soon(feed(screen, bytesOf(part)))
      await vi.advanceTimersByTimeAsync(1_100)
    }
    expect(await restored(screen, 600)).toEqual(await seenBy(script, 600))
    screen.dispose()
  })

  test('is gone when it is cleared', async () => {
    const { screen } = openScreen()
    await soon(feed(screen, bytesOf(numbered(0, 500))))
    await vi.advanceTimersByTimeAsync(1_100)
    await soon(feed(screen, bytesOf('\x1b[3J\x1b[2J\x1b[Hclean')))
    const later = await soon(restore(await soon(snapshotOf(screen))))
    expect(picture(later)['normal']).toEqual(['clean'])
    screen.dispose()
  })

  test('stays complete while an alternate screen or a scroll region is in use', async () => {
    const { screen } = openScreen()
    const script = `${numbered(0, 500)}\x1b[2;5r\x1b[3;1H`
    await soon(feed(screen, bytesOf(script)))
    await vi.advanceTimersByTimeAsync(1_100)
    expect(await restored(screen)).toEqual(await seenBy(script))
    const full = `${script}\x1b[r\x1b[?1049h\x1b[Hvi`
    await soon(feed(screen, bytesOf('\x1b[r\x1b[?1049h\x1b[Hvi')))
    await vi.advanceTimersByTimeAsync(1_100)
    expect(await restored(screen)).toEqual(await seenBy(full))
    screen.dispose()
  })
})
