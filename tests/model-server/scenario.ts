/** A tool call the model makes. */
export interface ModelCall {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
}

/** What the server does with one request. */
export type Reply =
  | {
      readonly type: 'answer'
      readonly thinking: readonly string[]
      readonly text: readonly string[]
      readonly calls: readonly ModelCall[]
      readonly stop: 'end' | 'tool' | 'length' | 'refusal'
      /** Each piece of text waits for a `release()` of the test. */
      readonly held: boolean
      /** The connection is cut after half of the text. */
      readonly dropped: boolean
      /** It ended at the limit, though little was used: an agent may try to get it whole. */
      readonly cut: boolean
    }
  | { readonly type: 'error'; readonly status: number; readonly message: string }
  /** Takes the request and never answers. */
  | { readonly type: 'silence' }

/** What a request means, whichever API it came by. */
export interface Scene {
  /** The last message of the user. */
  readonly prompt: string
  /** How many answers this prompt has had already. */
  readonly round: number
  /** Results of the tools called since the prompt. */
  readonly results: readonly string[]
  readonly images: readonly string[]
  readonly key: string | null
  /** How often this very request has come before, for failures that pass. */
  readonly attempt: number
  /** Whether a prompt was refused as too long before; an agent's summary repeats the marker that asks for it. */
  readonly overflowed: boolean
}

/** `#name` or `#name argument` or `#name "argument with spaces"`. */
const MARKER = /#([a-z]\w*|\d{3})(?:[ \t]+(?:"([^"]*)"|(?!#)(\S+)))?/gu

interface Marker {
  readonly name: string
  readonly argument: string
}

/** Pieces of a long answer; about what providers send. */
const LONG_PIECE = 250

/** A tool may say more than anybody wants to hear again. */
const MAX_REPEATED_CHARS = 300

const failures: Readonly<Record<string, string>> = {
  '400': 'The request is not valid.',
  '401': 'Incorrect API key provided.',
  '403': 'You do not have access to this model.',
  '404': 'The model does not exist.',
  '429': 'Rate limit reached. Please try again later.',
  '500': 'The server had an error while processing your request.',
  '503': 'The model is overloaded.',
  '529': 'Overloaded',
}

/** Decides what the model does, by the markers in the prompt. Without one it repeats what it was told. */
export function playScene(scene: Scene): Reply {
  if (scene.key === 'bad-key') return failure('401')
  // An agent that summarises sends the conversation along; its markers have been played already.
  if (/<conversation>|^# Conversation$/mu.test(scene.prompt)) return answer({ text: ['Summary: ', 'they talked.'] })
  const markers = readMarkers(scene.prompt)
  const failing = markers.find(({ name }) => name in failures)
  if (failing !== undefined && scene.attempt < Number(failing.argument || Number.POSITIVE_INFINITY)) {
    return failure(failing.name)
  }
  const call = markers.flatMap(readCall)[scene.round]
  if (call !== undefined) return answer({ text: [], calls: [call], stop: 'tool', ...thoughts(markers) })
  return lastAnswer(scene, markers)
}

function lastAnswer(scene: Scene, markers: readonly Marker[]): Reply {
  const find = (name: string): Marker | undefined => markers.find((marker) => marker.name === name)
  const long = find('long')
  const hold = find('hold')
  if (find('silence') !== undefined) return { type: 'silence' }
  if (find('overflow') !== undefined && !scene.overflowed) {
    return { type: 'error', status: 400, message: 'prompt is too long: 250000 tokens > 200000 maximum' }
  }
  if (find('refuse') !== undefined) return answer({ text: ['I will not do that.'], stop: 'refusal' })
  if (find('length') !== undefined) return answer({ text: ['This goes on and ', 'on and'], stop: 'length' })
  if (find('cut') !== undefined) return answer({ text: ['This was ', 'cut'], stop: 'length', cut: true })
  if (find('image') !== undefined) return answer({ text: [`I see ${scene.images.join(', ') || 'no image'}.`] })
  if (find('unicode') !== undefined) return answer({ text: ['Grüße ', '🦑\u2028line', ' 漢字 ', '\u0007end'] })
  if (long !== undefined) return answer({ text: pieces(Number(long.argument || 10_000)), ...thoughts(markers) })
  if (hold !== undefined) {
    const count = Number(hold.argument || 3)
    const text = Array.from({ length: count }, (_, index) => `piece ${index + 1} `)
    return answer({ text, held: true, ...thoughts(markers) })
  }
  const dropped = find('drop') !== undefined && scene.attempt === 0
  const results = scene.results.map((result) => result.slice(0, MAX_REPEATED_CHARS)).join(' | ')
  const said = scene.results.length > 0 ? `The tools said: ${results}` : `You said: ${scene.prompt}`
  return answer({ text: words(said), dropped, ...thoughts(markers) })
}

/** Tool calls as pi's tools want them. */
function readCall({ name, argument }: Marker): ModelCall[] {
  if (name === 'write')
    return [{ tool: 'write', input: { path: argument, content: `Written by the model.\nSecond line.\n` } }]
  if (name === 'edit') {
    const edits = [{ oldText: 'Second line.', newText: 'Another line.' }]
    return [{ tool: 'edit', input: { path: argument, edits } }]
  }
  if (name === 'read') return [{ tool: 'read', input: { path: argument } }]
  if (name === 'bash') return [{ tool: 'bash', input: { command: argument } }]
  return []
}

function answer(options: {
  readonly text: readonly string[]
  readonly thinking?: readonly string[]
  readonly calls?: readonly ModelCall[]
  readonly stop?: 'end' | 'tool' | 'length' | 'refusal'
  readonly held?: boolean
  readonly dropped?: boolean
  readonly cut?: boolean
}): Reply {
  return { type: 'answer', thinking: [], calls: [], stop: 'end', held: false, dropped: false, cut: false, ...options }
}

function failure(status: string): Reply {
  return { type: 'error', status: Number(status), message: failures[status] ?? 'Failed.' }
}

function thoughts(markers: readonly Marker[]): { readonly thinking: readonly string[] } {
  const wanted = markers.some(({ name }) => name === 'think')
  return { thinking: wanted ? ['Let me ', 'think about ', 'this.'] : [] }
}

function readMarkers(prompt: string): Marker[] {
  return [...prompt.matchAll(MARKER)].map((match) => ({
    name: match[1] ?? '',
    argument: match[2] ?? match[3] ?? '',
  }))
}

function words(text: string): string[] {
  return text.match(/\S+\s*/gu) ?? [text]
}

function pieces(chars: number): string[] {
  const line = 'The quick brown fox jumps over the lazy dog. '
  const text = line.repeat(Math.ceil(chars / line.length)).slice(0, chars)
  return Array.from({ length: Math.ceil(chars / LONG_PIECE) }, (_, index) =>
    text.slice(index * LONG_PIECE, (index + 1) * LONG_PIECE),
  )
}
