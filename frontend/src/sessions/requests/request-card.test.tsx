// @vitest-environment happy-dom
import type { RequestItem, SessionId } from '@octo/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { acting, press, type, useRender } from '../../lib/render.test-support.tsx'
import { createMux } from '../../mux/create-mux.ts'
import { FakeServer } from '../../mux/fake-server.test-support.ts'
import { MuxProvider } from '../../mux/react.tsx'
import { RequestCard } from './request-card.tsx'

const render = useRender()
let server: FakeServer

beforeEach(() => {
  server = new FakeServer()
  vi.spyOn(performance, 'now').mockReturnValue(0)
})

afterEach(() => {
  vi.restoreAllMocks()
})

const PERMISSION = {
  id: 'itm_1',
  kind: 'request',
  request: 'permission',
  title: 'Run a command?',
  message: 'rm -rf build',
  wants: 'option',
  state: 'open',
  options: [
    { id: 'once', label: 'Allow', effect: 'allow_once' },
    { id: 'no', label: 'Reject', effect: 'reject' },
  ],
} as unknown as RequestItem

async function show(item: RequestItem): Promise<void> {
  const mux = createMux({ openSocket: server.openSocket, renewLogin: () => Promise.resolve('renewed') })
  await vi.waitUntil(() => server.serve() || server.deliver() || mux.state.phase === 'ready')
  await render(
    <MuxProvider mux={mux}>
      <textarea aria-label="elsewhere" />
      <RequestCard session={'ses_1' as SessionId} item={item} more={0} takesFocus />
    </MuxProvider>,
  )
}

/** The time after which keys count: what was pressed before the card appeared was meant for something else. */
function laterOn(): void {
  vi.spyOn(performance, 'now').mockReturnValue(1_000)
}

function answers(): readonly unknown[] {
  server.flush()
  return server.received.map(({ params }) => (params as { answer: unknown }).answer)
}

test('a number key answers, once', async () => {
  await show(PERMISSION)
  laterOn()
  await press(document.body, '2')
  await press(document.body, '2')
  expect(answers()).toEqual([{ type: 'option', option: 'no' }])
})

test('a key pressed as the card appears, or in a field, is no answer', async () => {
  await show(PERMISSION)
  await press(document.body, '1')
  laterOn()
  await press(document.querySelector('textarea') ?? document.body, '1')
  await press(document.body, '3')
  expect(answers()).toEqual([])
})

test('the card takes the keyboard, but not from what is being written', async () => {
  await show(PERMISSION)
  expect(document.activeElement?.tagName).toBe('SECTION')
  const field = document.querySelector('textarea')
  if (field === null) throw new Error('no field')
  await type(field, 'half a thought')
  field.focus()
  await show({ ...PERMISSION, id: 'itm_2' as RequestItem['id'] })
  expect(document.activeElement).toBe(field)
})

test('what is asked for is shown as it is, not as Markdown', async () => {
  await show({ ...PERMISSION, message: 'echo **not bold** <b>x</b>' })
  expect(document.body.textContent).toContain('echo **not bold** <b>x</b>')
})

test('a question is answered with text', async () => {
  await show({ ...PERMISSION, request: 'question', wants: 'text', options: [], prefill: 'main' })
  const field = document.querySelector('input')
  if (field === null) throw new Error('no field')
  expect(field.value).toBe('main')
  await type(field, 'trunk')
  await acting(() => field.form?.requestSubmit())
  expect(answers()).toEqual([{ type: 'text', text: 'trunk' }])
})
