// Speaks pi's RPC dialect and stamps what it says with the moment it says it, so that the way to the client can be timed.
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

interface Command {
  readonly id?: string
  readonly type: string
  readonly message?: string
}

const MODEL = { id: 'demo-scripted', name: 'Stamps', provider: 'demo', reasoning: false, input: ['text'] }
const STATE = { model: MODEL, thinkingLevel: 'off', isStreaming: false, isCompacting: false, messageCount: 0 }

/** What a command is answered with; everything else is answered with nothing. */
const answers: Readonly<Record<string, unknown>> = {
  get_state: STATE,
  set_model: MODEL,
  get_available_thinking_levels: { levels: ['off'] },
  get_session_stats: { tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 }, cost: 0 },
  get_commands: { commands: [] },
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

/** The same clock in every process of the machine. */
function stamp(): string {
  return String(process.hrtime.bigint())
}

/** `tails COUNT MS`: so many pieces of text, one every so many milliseconds, each its own time stamp. */
async function tails(count: number, everyMs: number): Promise<void> {
  const message = { role: 'assistant', content: [], model: MODEL.id, provider: MODEL.provider }
  say({ type: 'message_start', message })
  update({ type: 'text_start', contentIndex: 0 })
  let text = ''
  for (let piece = 0; piece < count; piece += 1) {
    if (everyMs > 0) await delay(everyMs)
    const delta = `${stamp()} `
    text += delta
    update({ type: 'text_delta', contentIndex: 0, delta })
  }
  update({ type: 'text_end', contentIndex: 0, content: text })
  say({ type: 'message_end', message: { ...message, content: [{ type: 'text', text }], stopReason: 'stop' } })
}

function update(assistantMessageEvent: object): void {
  say({ type: 'message_update', assistantMessageEvent })
}

/** `tools COUNT MS`: so many finished tool calls; each call's id is the time stamp of its start. */
async function tools(count: number, everyMs: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    if (everyMs > 0) await delay(everyMs)
    const call = { toolCallId: stamp(), toolName: 'bash' }
    say({ type: 'tool_execution_start', ...call, args: { command: `echo step ${at}` } })
    const result = { content: [{ type: 'text', text: `step ${at}\n` }] }
    say({ type: 'tool_execution_end', ...call, result, isError: false })
  }
}

async function turn(wish: string): Promise<void> {
  const [what, count = '1', everyMs = '0'] = wish.split(' ')
  say({ type: 'agent_start' })
  say({ type: 'turn_start' })
  if (what === 'tails') await tails(Number(count), Number(everyMs))
  else await tools(Number(count), Number(everyMs))
  say({ type: 'turn_end' })
  say({ type: 'agent_end', messages: [] })
  say({ type: 'agent_settled' })
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, type, message = '' } = JSON.parse(line) as Command
  say({ type: 'response', id, command: type, success: true, data: answers[type] ?? {} })
  if (type === 'prompt') await turn(message)
}
