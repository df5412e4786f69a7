import type { ItemId } from '@octo/protocol'
import type { ToolDraft } from '../adapter.ts'
import { growth } from '../lib/growth.ts'
import type { Tools } from './assistant-message.ts'
import type { Message, ToolResult } from './events.ts'
import { changedPaths, resultParts, resultText, toolCategory, toolInput, toolTitle } from './tools.ts'

/** pi shows at most the last 50 KB of an output; more than twice that is needed to recognise where it went on. */
const REMEMBERED_CHARS = 131_072

interface Call {
  readonly draft: ToolDraft
  /** The arguments as they are; the item holds them capped. */
  readonly input: unknown
  /** The end of what was streamed of its output. */
  readonly shown: string
}

/** The tool calls of a turn, from the model's first word of one to its result. */
export class ToolCalls {
  readonly #tools: Tools
  readonly #cwd: string
  readonly #calls = new Map<string, Call>()
  /** Announced by the answer that is streamed now; they are void if it is. */
  #fresh: string[] = []

  constructor(tools: Tools, cwd: string) {
    this.#tools = tools
    this.#cwd = cwd
  }

  /** Forgets the calls of the turn before. */
  beginTurn(): void {
    this.#calls.clear()
    this.#fresh = []
  }

  beginMessage(): void {
    this.#fresh = []
  }

  /** Takes back what an answer announced that broke off and will be asked for again. */
  voidMessage(): void {
    for (const id of this.#fresh) {
      const call = this.#calls.get(id)
      if (call?.draft.status !== 'pending') continue
      this.#calls.delete(id)
      this.#tools.sink.remove(call.draft.id)
    }
    this.#fresh = []
  }

  announce(id: string, name: string): void {
    if (id === '' || this.#calls.has(id)) return
    this.#fresh.push(id)
    this.#set(id, this.#newCall(id, name))
  }

  /** The model has said with which arguments it calls. */
  specify(id: string, name: string, input: unknown): void {
    this.announce(id, name)
    const call = this.#calls.get(id) ?? this.#newCall(id, name)
    if (call.draft.status !== 'pending') return
    const shown = { input: toolInput(input), title: toolTitle(name, input) }
    this.#set(id, { ...call, input, draft: { ...call.draft, ...shown } })
  }

  /** The whole answer has come, with all its calls. */
  endMessage(message: Message): void {
    for (const block of message.content) {
      if (block.type !== 'toolCall' || block.id === undefined || block.name === undefined) continue
      if (this.#calls.get(block.id)?.input === undefined) this.specify(block.id, block.name, block.arguments)
    }
  }

  start(id: string, name: string, input: unknown): void {
    this.specify(id, name, input)
    const call = this.#calls.get(id) ?? this.#newCall(id, name)
    this.#set(id, { ...call, draft: { ...call.draft, status: 'running', startedAt: this.#tools.now() } })
  }

  /** pi repeats the whole output each time, or its end if it is long; only what is new is passed on. */
  progress(id: string, result: ToolResult): void {
    const call = this.#calls.get(id)
    if (call?.draft.status !== 'running') return
    const text = resultText(result)
    const grown = call.draft.output.length === 0 ? null : growth(call.shown, text)
    if (grown !== null) {
      if (grown === '') return
      this.#calls.set(id, { ...call, shown: (call.shown + grown).slice(-REMEMBERED_CHARS) })
      this.#tools.sink.append(call.draft.id, 0, grown)
      return
    }
    if (text === '') return
    this.#set(id, {
      ...call,
      shown: text.slice(-REMEMBERED_CHARS),
      draft: { ...call.draft, output: [{ type: 'text', text, growing: true }] },
    })
  }

  end(id: string, result: ToolResult, isError: boolean): void {
    const call = this.#calls.get(id)
    if (call === undefined) return
    const touched = isError ? [] : changedPaths(call.draft.name, call.input, this.#cwd)
    this.#set(id, {
      ...call,
      shown: '',
      draft: {
        ...call.draft,
        status: isError ? 'failed' : 'done',
        output: resultParts(result, touched[0]),
        touched,
        endedAt: this.#tools.now(),
      },
    })
  }

  #newCall(id: string, name: string): Call {
    const draft: ToolDraft = {
      id: this.#tools.newId() satisfies ItemId,
      kind: 'tool',
      call: id,
      name,
      title: name,
      category: toolCategory(name),
      input: null,
      status: 'pending',
      output: [],
      touched: [],
    }
    return { draft, input: undefined, shown: '' }
  }

  #set(id: string, call: Call): void {
    this.#calls.set(id, call)
    this.#tools.sink.put(call.draft)
  }
}
