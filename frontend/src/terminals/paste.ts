/**
 * A pasted text as a terminal may get it. Escapes become visible signs, so that no text can end its own bracket and go on
 * as if it had been typed.
 */
export function cleanPaste(text: string): string {
  return text.replaceAll('\u001B', '␛').replaceAll('\u009B', '␛')
}

/** Whether pasting would run something before the user has seen it: several lines, to a program that takes each as typed. */
export function needsConsent(text: string, bracketed: boolean): boolean {
  return !bracketed && /[\r\n]/.test(text.replace(/\r?\n$/, ''))
}
