/**
 * Records what the pinned pi says in the situations that matter, for the translator's tests:
 * `node runner/src/agents/pi/testing/record.ts [NAME…]` writes `transcripts/NAME.txt`, in which `>` lines were sent to pi
 * and `<` lines came from it.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ModelServer, startModelServer, TEST_MODEL } from '../../../../../tests/model-server/index.ts'
import { findPinnedPi } from '../pinned.ts'

/** One step: something sent to pi, or something waited for. */
type Step =
  | { readonly send: object }
  | { readonly prompt: string }
  | { readonly reply: object }
  | { readonly until: string }
  | 'settled'
  | 'held'
  | { readonly release: number }

interface Situation {
  readonly api: 'openai' | 'anthropic'
  readonly steps: readonly Step[]
  readonly extension?: string
}

const TINY_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const GATE = `export default function (pi) {
  pi.on('tool_call', async (event, ctx) => {
    if (event.toolName !== 'bash') return
    const choice = await ctx.ui.select('Run ' + event.input.command + '?', ['Allow', 'Block'])
    if (choice !== 'Allow') return { block: true, reason: 'Blocked by the user' }
    ctx.ui.notify('Allowed once', 'info')
  })
  pi.registerCommand('ask', {
    description: 'Asks a few things',
    handler: async (args, ctx) => {
      const name = await ctx.ui.input('Name?', 'your name')
      const sure = await ctx.ui.confirm('Sure?', 'Really, ' + name + '?')
      const text = await ctx.ui.editor('Edit', 'line 1')
      ctx.ui.notify(name + ' ' + sure + ' ' + text, 'warning')
      ctx.ui.setStatus('key', 'value')
    },
  })
  pi.registerCommand('wake', { description: 'Lets the model work', handler: async () => pi.sendUserMessage('from an extension') })
}`

const situations: Readonly<Record<string, Situation>> = {
  'text-and-thinking': { api: 'openai', steps: [{ prompt: '#think hello' }, 'settled'] },
  'anthropic-thinking-and-tool': { api: 'anthropic', steps: [{ prompt: '#think #write a.txt' }, 'settled'] },
  tools: {
    api: 'openai',
    steps: [
      { prompt: '#write out.txt #bash "cat out.txt; sleep 0.3; echo two" #edit out.txt #read out.txt' },
      'settled',
    ],
  },
  'failed-tool': { api: 'openai', steps: [{ prompt: '#bash "echo no; exit 3" #read missing.txt' }, 'settled'] },
  'long-output': {
    api: 'openai',
    steps: [{ prompt: '#bash "for i in 1 2 3; do seq $i 1300; sleep 0.15; done"' }, 'settled'],
  },
  'image-from-tool': { api: 'openai', steps: [{ prompt: '#read dot.png' }, 'settled'] },
  unicode: { api: 'openai', steps: [{ prompt: '#unicode' }, 'settled'] },
  'rate-limit-then-fine': { api: 'openai', steps: [{ prompt: '#429 1 hello' }, 'settled'] },
  'overloaded-then-fine': { api: 'anthropic', steps: [{ prompt: '#529 1 hello' }, 'settled'] },
  'broken-stream': { api: 'openai', steps: [{ prompt: '#drop hello there my dear friends' }, 'settled'] },
  'wrong-key': { api: 'openai', steps: [{ prompt: '#401' }, 'settled'] },
  'server-fails': { api: 'openai', steps: [{ prompt: '#500' }, 'settled'] },
  'token-limit': { api: 'anthropic', steps: [{ prompt: '#length' }, 'settled'] },
  'cut-answer': { api: 'anthropic', steps: [{ prompt: '#cut' }, 'settled'] },
  refusal: { api: 'anthropic', steps: [{ prompt: '#refuse' }, 'settled'] },
  steer: {
    api: 'openai',
    steps: [
      { prompt: '#bash "echo x; sleep 0.5"' },
      { until: '"text":"x' },
      { send: { type: 'prompt', message: 'steered', streamingBehavior: 'steer' } },
      'settled',
    ],
  },
  'stop-in-stream': {
    api: 'openai',
    steps: [
      { prompt: '#think #hold 5' },
      'held',
      { release: 1 },
      { until: 'piece 1' },
      { send: { type: 'abort' } },
      'settled',
    ],
  },
  'stop-in-tool': {
    api: 'openai',
    steps: [{ prompt: '#bash "echo x; sleep 100"' }, { until: '"text":"x' }, { send: { type: 'abort' } }, 'settled'],
  },
  dialogs: {
    api: 'openai',
    extension: GATE,
    steps: [
      { prompt: '#bash "echo hi"' },
      { until: '"select"' },
      { reply: { value: 'Allow' } },
      'settled',
      { prompt: '#bash "echo no"' },
      { until: '"select"' },
      { reply: { cancelled: true } },
      'settled',
      { prompt: '/ask' },
      { until: '"input"' },
      { reply: { value: 'Ada' } },
      { until: '"confirm"' },
      { reply: { confirmed: true } },
      { until: '"editor"' },
      { reply: { value: 'line 2' } },
      { until: '"command":"prompt"' },
    ],
  },
  'extension-begins': { api: 'openai', extension: GATE, steps: [{ prompt: '/wake' }, 'settled'] },
  compaction: {
    api: 'openai',
    steps: [
      { prompt: 'one' },
      'settled',
      { prompt: 'two' },
      'settled',
      { prompt: 'three' },
      'settled',
      { send: { type: 'compact' } },
      { until: '"command":"compact"' },
    ],
  },
  'nothing-to-compact': {
    api: 'openai',
    steps: [{ send: { type: 'compact' } }, { until: '"command":"compact"' }],
  },
  overflow: {
    api: 'openai',
    steps: [{ prompt: 'one' }, 'settled', { prompt: 'two' }, 'settled', { prompt: '#overflow' }, 'settled'],
  },
}

async function record(name: string, situation: Situation): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'octo-record-'))
  const server = await startModelServer()
  try {
    await prepare(folder, situation, server)
    const pi = await startPi(folder)
    const session = new Session(pi, server)
    for (const step of situation.steps) await session.take(step)
    pi.stdin.end()
    await once(pi, 'close')
    const text = session.transcript
      .replaceAll(folder, '/recorded')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/gu, 'http://model')
    await writeFile(join(import.meta.dirname, 'transcripts', `${name}.txt`), text)
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

async function prepare(folder: string, situation: Situation, server: ModelServer): Promise<void> {
  await mkdir(join(folder, 'agent', 'extensions'), { recursive: true })
  await mkdir(join(folder, 'work'))
  await writeFile(join(folder, 'work', 'dot.png'), Buffer.from(TINY_PNG, 'base64'))
  const provider = {
    baseUrl: situation.api === 'anthropic' ? server.anthropicUrl : server.url,
    api: situation.api === 'anthropic' ? 'anthropic-messages' : 'openai-completions',
    apiKey: 'none',
    models: [
      {
        id: TEST_MODEL,
        name: 'Test model',
        reasoning: true,
        input: ['text', 'image'],
        contextWindow: 200_000,
        cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
      },
    ],
  }
  const settings = {
    retry: { enabled: true, maxRetries: 2, baseDelayMs: 10 },
    compaction: { enabled: true, keepRecentTokens: 1, reserveTokens: 16_384 },
  }
  await writeFile(join(folder, 'agent', 'models.json'), JSON.stringify({ providers: { test: provider } }))
  await writeFile(join(folder, 'agent', 'settings.json'), JSON.stringify(settings))
  if (situation.extension !== undefined) {
    await writeFile(join(folder, 'agent', 'extensions', 'gate.ts'), situation.extension)
  }
}

async function startPi(folder: string): Promise<ChildProcessWithoutNullStreams> {
  const pinned = await findPinnedPi()
  if (pinned === null) throw new Error('pi is not installed.')
  const model = ['--provider', 'test', '--model', TEST_MODEL, '--system-prompt', 'Be brief.']
  return spawn(process.execPath, [pinned.script, ...model, '--session-dir', join(folder, 'sessions')], {
    cwd: join(folder, 'work'),
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      LANG: 'C.UTF-8',
      SHELL: '/bin/bash',
      TMPDIR: folder,
      PI_CODING_AGENT_DIR: join(folder, 'agent'),
      PI_OFFLINE: '1',
    },
    stdio: 'pipe',
  })
}

class Session {
  transcript = ''
  readonly #pi: ChildProcessWithoutNullStreams
  readonly #server: ModelServer
  readonly #watchers = new Set<() => void>()
  #rest = ''
  #seen = 0
  #sent = 0

  constructor(pi: ChildProcessWithoutNullStreams, server: ModelServer) {
    this.#pi = pi
    this.#server = server
    pi.stderr.pipe(process.stderr)
    pi.stdout.setEncoding('utf8').on('data', (text: string) => this.#hear(text))
  }

  async take(step: Step): Promise<void> {
    if (step === 'settled') await this.#until('"type":"agent_settled"')
    else if (step === 'held') await this.#server.held()
    else if ('prompt' in step) this.#send({ type: 'prompt', message: step.prompt })
    else if ('send' in step) this.#send(step.send)
    else if ('reply' in step) this.#reply(step.reply)
    else if ('release' in step) this.#server.release(step.release)
    else await this.#until(step.until)
  }

  #send(message: object): void {
    this.#sent += 1
    this.#seen = this.transcript.length
    this.#write({ id: `octo-${this.#sent}`, ...message })
  }

  #reply(value: object): void {
    const asked = [...this.transcript.matchAll(/"extension_ui_request","id":"([^"]+)"/gu)].at(-1)?.[1]
    this.#write({ type: 'extension_ui_response', id: asked, ...value })
  }

  #write(message: object): void {
    const line = JSON.stringify(message)
    this.transcript += `> ${line}\n`
    this.#pi.stdin.write(`${line}\n`)
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.transcript += `< ${line}\n`
    for (const wake of this.#watchers) wake()
  }

  async #until(text: string): Promise<void> {
    for (;;) {
      const at = this.transcript.indexOf(text, this.#seen)
      if (at !== -1) {
        this.#seen = at + text.length
        return
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#watchers.delete(wake)
          resolve()
        }
        this.#watchers.add(wake)
      })
    }
  }
}

const names = process.argv.slice(2)
for (const [name, situation] of Object.entries(situations)) {
  if (names.length > 0 && !names.includes(name)) continue
  await record(name, situation)
  process.stderr.write(`recorded ${name}\n`)
}
