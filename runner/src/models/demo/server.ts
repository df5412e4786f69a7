import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { ChatRequest, readScene } from './conversation.ts'
import { nextStep, type Step } from './recipes.ts'

export const DEMO_MODEL_ID = 'demo-scripted'

/** A chat request carries a whole conversation; more than this no script of ours leads to. */
const MAX_BODY_BYTES = 16 * 1_048_576

/** Pause between two words, so that streaming can be seen; about the pace of a fast model. */
const WORD_MS = 18

export interface DemoModelServer {
  /** Base address for OpenAI clients, ending in /v1. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts the demo model on loopback: `POST /v1/chat/completions` (streamed or whole) and `GET /v1/models`.
 * @param options.port a free one if 0
 */
export async function startDemoModel(options: {
  readonly port: number
  readonly wordMs?: number
}): Promise<DemoModelServer> {
  const wordMs = options.wordMs ?? WORD_MS
  const server = createServer((request, response) => {
    answer(request, response, wordMs).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, failure(`The demo model failed: ${String(error)}`))
      else response.destroy()
    })
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, wordMs: number): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  if (request.method === 'GET' && path === '/v1/models') {
    sendJson(response, 200, { object: 'list', data: [{ id: DEMO_MODEL_ID, object: 'model', owned_by: 'octo' }] })
    return
  }
  if (request.method !== 'POST' || path !== '/v1/chat/completions') {
    sendJson(response, 404, failure('The demo model knows /v1/models and /v1/chat/completions.'))
    return
  }
  const body = await readBody(request)
  if (body === null) {
    sendJson(response, 413, failure('The conversation is too long for the demo model.'))
    return
  }
  const parsed = ChatRequest.safeParse(parseJson(body))
  if (!parsed.success) {
    sendJson(response, 400, failure('This is no chat request.'))
    return
  }
  const step = nextStep(readScene(parsed.data))
  const usage = { prompt_tokens: Math.ceil(body.length / 4), completion_tokens: Math.ceil(step.text.length / 4) + 10 }
  if (parsed.data.stream === true) await streamStep(response, step, { usage, wordMs })
  else sendJson(response, 200, wholeStep(step, usage))
}

interface TokenCounts {
  readonly prompt_tokens: number
  readonly completion_tokens: number
}

async function streamStep(
  response: ServerResponse,
  step: Step,
  options: { readonly usage: TokenCounts; readonly wordMs: number },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const send = (delta: object, finish: string | null = null): void => {
    response.write(`data: ${JSON.stringify(chunk({ delta, finish }))}\n\n`)
  }
  send({ role: 'assistant' })
  const spoken = [
    ...words(step.thinking ?? '').map((word) => ({ reasoning_content: word })),
    ...words(step.text).map((word) => ({ content: word })),
  ]
  for (const delta of spoken) {
    if (gone.signal.aborted) return
    send(delta)
    await delay(options.wordMs)
  }
  for (const [index, call] of toolCalls(step).entries()) send({ tool_calls: [{ index, ...call }] })
  send({}, finishReason(step))
  response.write(`data: ${JSON.stringify({ ...chunk({}), choices: [], usage: withTotal(options.usage) })}\n\n`)
  response.end('data: [DONE]\n\n')
}

function chunk(choice: { readonly delta?: object; readonly finish?: string | null }): object {
  return {
    id: 'demo',
    object: 'chat.completion.chunk',
    created: 0,
    model: DEMO_MODEL_ID,
    choices: [{ index: 0, delta: choice.delta ?? {}, finish_reason: choice.finish ?? null }],
  }
}

function wholeStep(step: Step, usage: TokenCounts): object {
  const calls = toolCalls(step)
  const message = { role: 'assistant', content: step.text, ...(calls.length === 0 ? {} : { tool_calls: calls }) }
  return {
    id: 'demo',
    object: 'chat.completion',
    created: 0,
    model: DEMO_MODEL_ID,
    choices: [{ index: 0, message, finish_reason: finishReason(step) }],
    usage: withTotal(usage),
  }
}

function withTotal(usage: TokenCounts): object {
  return { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens }
}

function finishReason(step: Step): string {
  return step.calls.length === 0 ? 'stop' : 'tool_calls'
}

function toolCalls(step: Step): object[] {
  return step.calls.map((call) => ({
    id: `call_${crypto.randomUUID()}`,
    type: 'function',
    function: { name: call.tool, arguments: JSON.stringify(call.input) },
  }))
}

/** Words with the white space behind them, so that joined again they are the text. */
function words(text: string): string[] {
  return text.match(/\S+\s*/gu) ?? []
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MAX_BODY_BYTES) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** `undefined` for what is no JSON; the schema behind it then says so. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function failure(message: string): object {
  return { error: { message, type: 'invalid_request_error' } }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
