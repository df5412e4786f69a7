import { afterEach, expect, test } from 'vitest'
import { DEMO_MODEL_ID, type DemoModelServer, startDemoModel } from './server.ts'

let server: DemoModelServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

const tools = ['read', 'bash', 'edit', 'write'].map((name) => ({ type: 'function', function: { name } }))

async function ask(messages: object[], stream = false): Promise<Response> {
  server ??= await startDemoModel({ port: 0, wordMs: 0 })
  return fetch(`${server.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: DEMO_MODEL_ID, stream, messages, tools }),
  })
}

interface Whole {
  choices: {
    message: { content: string; tool_calls?: { id: string; function: { name: string; arguments: string } }[] }
  }[]
}

/** Plays a wish to its end, answering every tool call with the text given, and returns what was called and said. */
async function play(wish: string, results: readonly string[]): Promise<{ called: string[]; said: string }> {
  const messages: object[] = [{ role: 'user', content: wish }]
  const called: string[] = []
  const left = [...results]
  for (let round = 0; round < 10; round += 1) {
    const { message } = ((await (await ask(messages)).json()) as Whole).choices[0] ?? { message: { content: '' } }
    messages.push({ role: 'assistant', ...message })
    if (message.tool_calls === undefined) return { called, said: message.content }
    for (const call of message.tool_calls) {
      called.push(call.function.name)
      messages.push({ role: 'tool', tool_call_id: call.id, content: left.shift() ?? '' })
    }
  }
  throw new Error('the script does not end')
}

test('explaining a folder looks at it twice and names what it found', async () => {
  const { called, said } = await play('Explain this folder', ['README.md\nsrc', '      3 ts\n      1 md'])
  expect(called).toEqual(['bash', 'bash'])
  expect(said).toContain('`README.md`')
  expect(said).toContain('| .ts | 3 |')
})

test('writing a program writes it, runs it and counts its output', async () => {
  const { called, said } = await play('Please write and run a small program', ['ok', '2\n3\n5\n7'])
  expect(called).toEqual(['write', 'bash'])
  expect(said).toContain('**4 primes**')
})

test('fixing a failing test sees it fail, edits one line and sees it pass', async () => {
  const { called, said } = await play('Fix a failing test', ['', '', 'not ok', 'edited', 'ok - 1 + 2 + 3 is 6'])
  expect(called).toEqual(['write', 'write', 'bash', 'edit', 'bash'])
  expect(said).toContain('passes now')
})

test('a wish it does not know is answered with what it is', async () => {
  const { called, said } = await play('Prove the Riemann hypothesis', [])
  expect(called).toEqual([])
  expect(said).toContain('a script, not an intelligence')
})

test('a streamed answer is the whole answer in pieces', async () => {
  const text = await (await ask([{ role: 'user', content: 'hello' }], true)).text()
  const events = text.split('\n\n').filter((event) => event !== '')
  expect(events.at(-1)).toBe('data: [DONE]')
  const pieces = events.slice(0, -1).map((event) => {
    const data = JSON.parse(event.slice('data: '.length)) as { choices: { delta: { content?: string } }[] }
    return data.choices[0]?.delta.content ?? ''
  })
  expect(pieces.length).toBeGreaterThan(10)
  const whole = (await (await ask([{ role: 'user', content: 'hello' }])).json()) as Whole
  expect(pieces.join('')).toBe(whole.choices[0]?.message.content)
})

test('nonsense is refused with a sentence', async () => {
  server = await startDemoModel({ port: 0, wordMs: 0 })
  const reply = await fetch(`${server.url}/chat/completions`, { method: 'POST', body: '{"messages": 3}' })
  expect(reply.status).toBe(400)
  expect(await reply.json()).toEqual({ error: { message: 'This is no chat request.', type: 'invalid_request_error' } })
})
