// @vitest-environment happy-dom
import type { WorkspaceId } from '@octo/protocol'
import { beforeEach, expect, test, vi } from 'vitest'
import { press, type, useRender } from '../../lib/render.test-support.tsx'
import { createMux } from '../../mux/create-mux.ts'
import { FakeServer } from '../../mux/fake-server.test-support.ts'
import { MuxProvider } from '../../mux/react.tsx'
import { draftOf } from '../drafts.ts'
import { ComposerFrame } from './composer-frame.tsx'

const render = useRender()
let sent: string[]
let stopped: number
let count = 0

interface Options {
  readonly working?: boolean
  readonly steers?: boolean
  readonly paths?: readonly string[]
}

/** A composer with a draft of its own, on a fake server that finds the given files. */
async function show({ working = false, steers = false, paths = [] }: Options = {}): Promise<HTMLTextAreaElement> {
  const server = new FakeServer()
  server.handler = () => ({ result: { paths, truncated: false } })
  const mux = createMux({ openSocket: server.openSocket, renewLogin: () => Promise.resolve('renewed') })
  await vi.waitUntil(() => server.serve() || server.deliver() || mux.state.phase === 'ready')
  count += 1
  const draft = draftOf(`composer-${count}`)
  await render(
    <MuxProvider mux={mux}>
      <ComposerFrame
        draft={draft}
        placeholder="Message"
        scope={{ workspace: 'w' as WorkspaceId, session: null }}
        working={working}
        steers={steers}
        takesImages
        onSend={(how) => {
          sent.push(`${how}: ${draft.draft.text}`)
          draft.clear()
        }}
        onStop={() => {
          stopped += 1
        }}
        toolbar={null}
      />
    </MuxProvider>,
  )
  const timer = setInterval(() => server.flush(), 5)
  cleanups.push(() => clearInterval(timer))
  const field = document.querySelector('textarea')
  if (field === null) throw new Error('the composer has no field')
  return field
}

const cleanups: (() => void)[] = []

beforeEach(() => {
  sent = []
  stopped = 0
  for (const cleanup of cleanups.splice(0)) cleanup()
})

test('Enter sends, Shift+Enter makes a line, nothing is sent when nothing is written', async () => {
  const field = await show()
  expect(await press(field, 'Enter')).toBe(true)
  await type(field, 'hello')
  expect(await press(field, 'Enter', { shiftKey: true })).toBe(false)
  await press(field, 'Enter')
  expect(sent).toEqual(['prompt: hello'])
  expect(field.value).toBe('')
})

test('Enter that ends the composition of a word sends nothing', async () => {
  const field = await show()
  await type(field, 'にほん')
  expect(await press(field, 'Enter', { isComposing: true })).toBe(false)
  expect(sent).toEqual([])
})

test('the second key steers while the agent works and can be steered, and sends otherwise', async () => {
  const field = await show({ working: true, steers: true })
  await type(field, 'mind the roses')
  await press(field, 'Enter', { ctrlKey: true })
  await type(field, 'then this')
  await press(field, 'Enter')
  expect(sent).toEqual(['steer: mind the roses', 'prompt: then this'])
})

test('an agent that cannot be steered gets a prompt', async () => {
  const field = await show({ working: true })
  await type(field, 'hello')
  await press(field, 'Enter', { ctrlKey: true })
  expect(sent).toEqual(['prompt: hello'])
})

test('Escape stops the agent, and does nothing while it rests', async () => {
  await press(await show({ working: true }), 'Escape')
  expect(stopped).toBe(1)
})

test('@ completes a file: Enter takes it, and the next Enter sends', async () => {
  const field = await show({ paths: ['src/a.ts', 'src/b.ts'] })
  await type(field, 'see @s')
  await vi.waitUntil(() => document.querySelectorAll('[role="option"]').length === 2)
  await press(field, 'ArrowDown')
  await press(field, 'Enter')
  expect(field.value).toBe('see @src/b.ts ')
  expect(sent).toEqual([])
  await press(field, 'Enter')
  expect(sent).toEqual(['prompt: see @src/b.ts '])
})

test('Escape closes the completion and does not stop the agent', async () => {
  const field = await show({ working: true, paths: ['a.ts'] })
  await type(field, '@a')
  await vi.waitUntil(() => document.querySelectorAll('[role="option"]').length === 1)
  await press(field, 'Escape')
  expect(document.querySelectorAll('[role="option"]')).toHaveLength(0)
  expect(stopped).toBe(0)
})
