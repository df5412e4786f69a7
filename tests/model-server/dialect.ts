import { createHash } from 'node:crypto'
import type { ModelCall, Reply, Scene } from './scenario.ts'

type Answer = Extract<Reply, { type: 'answer' }>

/** One way to be asked: how a request is read, and how an answer and its pieces are written. */
export interface Dialect {
  readonly name: 'openai' | 'anthropic'
  readScene(body: unknown): Omit<Scene, 'key' | 'attempt' | 'overflowed'>
  /** The events of an answer: what comes before the text, each piece of text, and what comes behind it. */
  events(answer: Answer, body: unknown): { before: string[]; text: string[]; after: string[] }
  error(status: number, message: string): object
}

const USAGE = { input: 120, output: 30 }

/** The parts of a request this server reads; agents under test send nothing else there. */
interface Part {
  readonly type: string
  readonly text?: string
  readonly content?: Content
  readonly image_url?: { readonly url: string }
  readonly source?: { readonly media_type?: string; readonly data?: string }
}
type Content = string | readonly Part[] | null | undefined

interface Message {
  readonly role: string
  readonly content?: Content
}

function messagesOf(body: unknown): readonly Message[] {
  return (body as { readonly messages: readonly Message[] }).messages
}

function parts(content: Content): readonly Part[] {
  if (content === null || content === undefined) return []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function textOf(content: Content): string {
  return parts(content)
    .flatMap((part) => (part.type === 'text' && part.text !== undefined ? [part.text] : []))
    .join('\n')
}

/** An answer that ends at the token limit has used it up. */
function outputTokens(answer: Answer, body: unknown): number {
  const { max_tokens: limit, max_completion_tokens: newer } = body as Readonly<Record<string, number | undefined>>
  return answer.stop === 'length' && !answer.cut ? (limit ?? newer ?? USAGE.output) : USAGE.output
}

/** Says of an image what proves that exactly these bytes arrived. */
function describeImage(mediaType: string, base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  return `${mediaType} of ${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`
}

function describePart(part: Part): string[] {
  const url = /^data:([^;]+);base64,(.*)$/su.exec(part.image_url?.url ?? '')
  if (url !== null) return [describeImage(url[1] ?? '', url[2] ?? '')]
  if (part.type !== 'image' || part.source?.data === undefined) return []
  return [describeImage(part.source.media_type ?? '', part.source.data)]
}

function event(data: object, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`
}

export const openai: Dialect = {
  name: 'openai',
  readScene(body) {
    const messages = messagesOf(body)
    const at = messages.findLastIndex(({ role }) => role === 'user')
    const since = messages.slice(at + 1)
    return {
      prompt: textOf(messages[at]?.content),
      round: since.filter(({ role }) => role === 'assistant').length,
      results: since.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
      images: parts(messages[at]?.content).flatMap(describePart),
    }
  },
  events(answer, body) {
    const { model } = body as { readonly model: string }
    const output = outputTokens(answer, body)
    const chunk = (delta: object, finish: string | null = null): string =>
      event({
        id: 'chat-1',
        object: 'chat.completion.chunk',
        model,
        choices: [{ index: 0, delta, finish_reason: finish }],
      })
    const finish = { end: 'stop', tool: 'tool_calls', length: 'length', refusal: 'content_filter' }[answer.stop]
    const usage = {
      prompt_tokens: USAGE.input,
      completion_tokens: output,
      total_tokens: USAGE.input + output,
    }
    return {
      before: [chunk({ role: 'assistant' }), ...answer.thinking.map((text) => chunk({ reasoning_content: text }))],
      text: answer.text.map((text) => chunk({ content: text })),
      after: [
        ...answer.calls.map((call, index) => chunk({ tool_calls: [{ index, ...openaiCall(call) }] })),
        chunk({}, finish),
        event({ id: 'chat-1', object: 'chat.completion.chunk', model, choices: [], usage }),
        'data: [DONE]\n\n',
      ],
    }
  },
  error: (_status, message) => ({ error: { message, type: 'error', code: null } }),
}

let calls = 0

function openaiCall({ tool, input }: ModelCall): object {
  calls += 1
  return { id: `call_${calls}`, type: 'function', function: { name: tool, arguments: JSON.stringify(input) } }
}

export const anthropic: Dialect = {
  name: 'anthropic',
  readScene(body) {
    const messages = messagesOf(body)
    const isResult = (part: Part): boolean => part.type === 'tool_result'
    const at = messages.findLastIndex(({ role, content }) => role === 'user' && !parts(content).some(isResult))
    const since = messages.slice(at + 1)
    const results = since.flatMap(({ content }) => parts(content).filter(isResult))
    return {
      prompt: textOf(messages[at]?.content),
      round: since.filter(({ role }) => role === 'assistant').length,
      results: results.map(({ content }) => textOf(content)),
      images: parts(messages[at]?.content).flatMap(describePart),
    }
  },
  events(answer, body) {
    const { model } = body as { readonly model: string }
    const output = outputTokens(answer, body)
    let index = -1
    const named = (data: { readonly type: string }): string => event(data, data.type)
    const open = (block: object): string =>
      named(withIndex('content_block_start', (index += 1), { content_block: block }))
    const delta = (value: object): string => named(withIndex('content_block_delta', index, { delta: value }))
    const close = (): string => named(withIndex('content_block_stop', index, {}))
    const before = [named(messageStart(model))]
    if (answer.thinking.length > 0) {
      before.push(open({ type: 'thinking', thinking: '', signature: '' }))
      for (const thinking of answer.thinking) before.push(delta({ type: 'thinking_delta', thinking }))
      before.push(delta({ type: 'signature_delta', signature: 'c2lnbmF0dXJl' }), close())
    }
    const text: string[] = []
    const after: string[] = []
    if (answer.text.length > 0) {
      before.push(open({ type: 'text', text: '' }))
      text.push(...answer.text.map((piece) => delta({ type: 'text_delta', text: piece })))
      after.push(close())
    }
    for (const call of answer.calls) {
      calls += 1
      after.push(open({ type: 'tool_use', id: `call_${calls}`, name: call.tool, input: {} }))
      after.push(delta({ type: 'input_json_delta', partial_json: JSON.stringify(call.input) }), close())
    }
    const stop = { end: 'end_turn', tool: 'tool_use', length: 'max_tokens', refusal: 'refusal' }[answer.stop]
    const usage = { output_tokens: output }
    after.push(
      event({ type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage }, 'message_delta'),
    )
    after.push(named({ type: 'message_stop' }))
    return { before, text, after }
  },
  error: (status, message) => ({ type: 'error', error: { type: anthropicErrors[status] ?? 'api_error', message } }),
}

const anthropicErrors: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

function withIndex(type: string, index: number, rest: object): { readonly type: string } {
  return { type, index, ...rest } as { readonly type: string }
}

function messageStart(model: string): { readonly type: string } {
  const usage = {
    input_tokens: USAGE.input,
    output_tokens: 1,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null, usage }
  return { type: 'message_start', message } as { readonly type: string }
}
