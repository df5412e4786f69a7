import type { IDisposable, Terminal } from '@xterm/xterm'

/** What the parser hands a handler: numbers, and for some a list of sub-parameters. */
type SequenceParams = readonly (number | readonly number[])[]

const FOCUS_EVENTS = 1_004

/**
 * Keeps this terminal from answering what programs ask: device attributes, cursor position, modes, colours. The screen
 * on the runner answers, once; ten viewers, or one that draws old output again, would answer as often.
 * @returns a filter for what the terminal emits: false for what no person caused
 */
export function silenceReplies(terminal: Terminal): { readonly isFromPerson: (data: string) => boolean } {
  const { parser } = terminal
  const swallow = (): boolean => true
  const swallowQuery = (data: string): boolean => data.includes('?')
  parser.registerCsiHandler({ final: 'c' }, swallow)
  parser.registerCsiHandler({ prefix: '>', final: 'c' }, swallow)
  parser.registerCsiHandler({ prefix: '=', final: 'c' }, swallow)
  parser.registerCsiHandler({ final: 'n' }, swallow)
  parser.registerCsiHandler({ prefix: '?', final: 'n' }, swallow)
  parser.registerCsiHandler({ intermediates: '$', final: 'p' }, swallow)
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, swallow)
  parser.registerCsiHandler({ final: 't' }, swallow)
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow)
  for (const colours of [4, 10, 11, 12]) parser.registerOscHandler(colours, swallowQuery)
  // Switching focus events on makes the terminal tell its focus at once, in the middle of parsing.
  let tellsFocus = false
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params: SequenceParams) => {
    if (!params.includes(FOCUS_EVENTS)) return false
    tellsFocus = true
    queueMicrotask(() => {
      tellsFocus = false
    })
    return false
  })
  return { isFromPerson: () => !tellsFocus }
}

/** Larger texts are no clipboard's business. */
const MAX_CLIPBOARD_CHARS = 1_048_576

/**
 * Hears programs that want to put something on the clipboard (OSC 52). To those that want to read it, nothing is said.
 * @param onText called with what a program wants there; whoever takes it asks the user first
 */
export function hearClipboardWrites(terminal: Terminal, onText: (text: string) => void): IDisposable {
  return terminal.parser.registerOscHandler(52, (data) => {
    const encoded = data.slice(data.indexOf(';') + 1)
    if (encoded === '?' || encoded.length > MAX_CLIPBOARD_CHARS) return true
    const text = decodeBase64(encoded)
    if (text !== null && text !== '') onText(text)
    return true
  })
}

function decodeBase64(encoded: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidCharacterError') return null
    throw error
  }
}

/**
 * Hears where the shell says it is (OSC 7, `file://HOST/PATH`).
 * @param onFolder called with the absolute path
 */
export function hearWorkingFolder(terminal: Terminal, onFolder: (path: string) => void): IDisposable {
  return terminal.parser.registerOscHandler(7, (data) => {
    const path = data.startsWith('file://') && URL.canParse(data) ? decodePath(new URL(data).pathname) : null
    if (path !== null) onFolder(path)
    return true
  })
}

function decodePath(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
