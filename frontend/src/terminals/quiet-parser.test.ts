// @vitest-environment happy-dom
import { Terminal } from '@xterm/xterm'
import { expect, test } from 'vitest'
import { hearClipboardWrites, hearWorkingFolder, silenceReplies } from './quiet-parser.ts'

interface Heard {
  /** What would be sent to the program. */
  readonly sent: string
  readonly clipboard: readonly string[]
  readonly folders: readonly string[]
}

/** What comes of output that a program prints. */
async function print(output: string): Promise<Heard> {
  const terminal = new Terminal({ allowProposedApi: true })
  const [clipboard, folders]: [string[], string[]] = [[], []]
  let sent = ''
  const { isFromPerson } = silenceReplies(terminal)
  terminal.onData((data) => {
    if (isFromPerson(data)) sent += data
  })
  hearClipboardWrites(terminal, (text) => clipboard.push(text))
  hearWorkingFolder(terminal, (path) => folders.push(path))
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  return { sent, clipboard, folders }
}

const NOTHING: Heard = { sent: '', clipboard: [], folders: [] }

test.each([
  ['what it is', '\u001B[c\u001B[>c\u001B[=c'],
  ['where the cursor is', '\u001B[5n\u001B[6n\u001B[?6n'],
  ['its modes', '\u001B[4$p\u001B[?2004$p\u001BP$qm\u001B\\'],
  ['its size and title', '\u001B[18t\u001B[14t\u001B[21t'],
  ['its colours', '\u001B]4;1;?\u0007\u001B]10;?\u0007\u001B]11;?\u0007\u001B]12;?\u0007'],
  ['what the clipboard holds', '\u001B]52;c;?\u0007'],
  ['for focus events', '\u001B[?1004h'],
])('a program that asks %s gets no answer from here', async (_, query) => {
  expect(await print(query)).toEqual(NOTHING)
})

test('what a person types still goes through', async () => {
  const terminal = new Terminal()
  let sent = ''
  const { isFromPerson } = silenceReplies(terminal)
  terminal.onData((data) => {
    if (isFromPerson(data)) sent += data
  })
  await new Promise<void>((resolve) => terminal.write('\u001B[?1004h\u001B[c', resolve))
  terminal.input('ls\r')
  expect(sent).toBe('ls\r')
})

test('a text for the clipboard is told, whatever its alphabet; what is no text is not', async () => {
  const encoded = btoa(String.fromCharCode(...new TextEncoder().encode('Grüße 漢字')))
  expect(await print(`\u001B]52;c;${encoded}\u0007`)).toEqual({ ...NOTHING, clipboard: ['Grüße 漢字'] })
  expect(await print('\u001B]52;c;not base64!\u0007\u001B]52;c;\u0007')).toEqual(NOTHING)
  expect(await print(`\u001B]52;c;${'A'.repeat(2_000_000)}\u0007`)).toEqual(NOTHING)
})

test('the folder a shell reports is told; what is no folder is not', async () => {
  expect(await print('\u001B]7;file://host/home/ada/my%20garden\u0007')).toEqual({
    ...NOTHING,
    folders: ['/home/ada/my garden'],
  })
  expect(await print('\u001B]7;file://host/%\u0007\u001B]7;https://example.org/\u0007')).toEqual(NOTHING)
})
