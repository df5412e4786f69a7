/** What is being completed at the caret: a file after `@`, or a command after a `/` that begins the text. */
export interface Trigger {
  readonly kind: 'file' | 'command'
  readonly query: string
  /** Where the sign stands, and where the word ends. */
  readonly from: number
  readonly to: number
}

/** Longer words are no file somebody looks for. */
const MAX_QUERY_CHARS = 200

/** Finds what is being completed; `null` when nothing is. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret)
  const command = /^\/([\w:.-]*)$/.exec(before)
  if (command !== null) return { kind: 'command', query: command[1] ?? '', from: 0, to: caret }
  const file = /(?:^|[\s([{"'`])@([^\s@]*)$/.exec(before)
  const query = file?.[1]
  if (query === undefined || query.length > MAX_QUERY_CHARS) return null
  return { kind: 'file', query, from: caret - query.length - 1, to: caret }
}

/** The text with the completion in the place of what was typed, and where the caret goes. */
export function completed(text: string, trigger: Trigger, value: string): { text: string; caret: number } {
  const sign = trigger.kind === 'file' ? '@' : '/'
  const inserted = `${sign}${value} `
  const rest = text.slice(trigger.to).replace(/^ /, '')
  return { text: text.slice(0, trigger.from) + inserted + rest, caret: trigger.from + inserted.length }
}

/** How well a command's name answers a query: lower is better, `null` not at all. */
export function rankCommand(name: string, query: string): number | null {
  const lower = name.toLowerCase()
  const wanted = query.toLowerCase()
  if (wanted === '' || lower.startsWith(wanted)) return 0
  if (lower.includes(wanted)) return 1
  let from = 0
  for (const char of wanted) {
    from = lower.indexOf(char, from) + 1
    if (from === 0) return null
  }
  return 2
}
