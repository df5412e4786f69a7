/**
 * An agent that speaks pi's RPC dialect and misbehaves in a way of one's choice. Configured as
 * `command = "node"`, `args = ["…/tests/agents/pi-like.ts", "MODE"]`, `kind = "pi"`.
 *
 * | mode | what it does |
 * |---|---|
 * | `well` | answers each prompt in a few words |
 * | `exits` | says why on stderr and ends at once |
 * | `silent` | answers nothing at all |
 * | `garbage` | writes bytes that are no protocol |
 * | `half-line` | ends in the middle of a message |
 * | `long-line` | writes 64 MB without a line break |
 * | `dies` | is killed in the middle of an answer, a child of its own left behind |
 * | `deaf` | takes a prompt, then ignores everything: the stop, the end of its input, signals |
 * | `floods` | streams 20,000 pieces and 2,000 notices as fast as it can |
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

interface Command {
  readonly id?: string
  readonly type: string
  readonly message?: string
}

const mode = process.argv[2] ?? 'well'
const model = { id: 'test-model', name: 'Test model', provider: 'test', contextWindow: 200_000, reasoning: false }
const message = { role: 'assistant', content: [] as object[], model: 'test-model', stopReason: 'pending' }

const FLOOD_PIECES = 20_000
const FLOOD_NOTICES = 2_000
const LONG_LINE_MB = 64

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

function begin(): void {
  say({ type: 'agent_start' })
  say({ type: 'message_start', message })
  say({ type: 'message_update', assistantMessageEvent: { type: 'text_start', contentIndex: 0 } })
}

function piece(delta: string): void {
  say({ type: 'message_update', assistantMessageEvent: { type: 'text_delta', contentIndex: 0, delta } })
}

function end(text: string): void {
  say({ type: 'message_update', assistantMessageEvent: { type: 'text_end', contentIndex: 0, content: text } })
  say({ type: 'message_end', message: { ...message, content: [{ type: 'text', text }], stopReason: 'stop' } })
  say({ type: 'agent_settled' })
}

/** How each mode takes a prompt that it has accepted. */
const turns: Readonly<Record<string, (text: string) => void>> = {
  well(text) {
    begin()
    piece('You said: ')
    piece(text)
    end(`You said: ${text}`)
  },
  'half-line'() {
    begin()
    process.stdout.write('{"type":"message_upd', () => process.exit(0))
  },
  'long-line'() {
    begin()
    const block = Buffer.alloc(1_048_576, 'x')
    for (let count = 0; count < LONG_LINE_MB; count += 1) process.stdout.write(block)
  },
  dies() {
    begin()
    piece('I was about to ')
    process.stderr.write('segmentation fault (not really)\n')
    const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
    piece(`pid=${child.pid} `)
    setImmediate(() => process.kill(process.pid, 'SIGKILL'))
  },
  deaf() {
    begin()
    piece('la la la')
  },
  floods() {
    begin()
    for (let count = 0; count < FLOOD_PIECES; count += 1) piece(`${count % 10}`)
    for (let count = 0; count < FLOOD_NOTICES; count += 1) {
      say({ type: 'extension_ui_request', id: `n${count}`, method: 'notify', message: `notice ${count}` })
    }
    end(Array.from({ length: FLOOD_PIECES }, (_, count) => `${count % 10}`).join(''))
  },
}

function answer(command: Command, data?: object): void {
  say({ id: command.id, type: 'response', command: command.type, success: true, ...(data && { data }) })
}

function take(command: Command): void {
  switch (command.type) {
    case 'get_state':
      answer(command, { model, thinkingLevel: 'off', isStreaming: false })
      return
    case 'set_model':
      answer(command, model)
      return
    case 'get_available_thinking_levels':
      answer(command, { levels: ['off'] })
      return
    case 'prompt':
      answer(command)
      turns[mode]?.(command.message ?? '')
      return
    case 'abort':
    case 'clear_queue':
      if (mode !== 'deaf') answer(command)
      return
    default:
      answer(command, {})
  }
}

if (process.argv.includes('--version')) {
  process.stdout.write('pi-like 1.2.3\n', () => process.exit(0))
} else if (mode === 'exits') {
  process.stderr.write('The configuration is broken:\n  line 3: no such thing\n', () => process.exit(3))
} else if (mode === 'garbage') {
  const block = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 37) % 256))
  setInterval(() => process.stdout.write(block), 1)
} else {
  if (mode === 'deaf') for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => undefined)
  const input = createInterface({ input: process.stdin })
  if (mode !== 'silent') input.on('line', (line) => take(JSON.parse(line) as Command))
  input.on('close', () => {
    if (mode !== 'deaf') process.exit(0)
  })
  if (mode === 'deaf' || mode === 'silent') setInterval(() => undefined, 60_000)
}
