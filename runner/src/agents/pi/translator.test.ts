import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Item, ItemId, Outcome } from '@octo/protocol'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ItemDraft, NoticeDraft, RequestDraft, ToolDraft } from '../adapter.ts'
import { LineSplitter } from '../lib/line-splitter.ts'
import { RecordingSink } from '../testing/recording-sink.ts'
import { PiEvent, redundantEvents } from './events.ts'
import { PiTranslator } from './translator.ts'

const FOLDER = join(import.meta.dirname, 'testing', 'transcripts')

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => basename(name, '.txt'))

/** Stretches of a transcript: what was sent at once, or what came in between. */
type Stretch = { readonly sent: Sent } | { readonly came: Buffer }

interface Sent {
  readonly type: string
  readonly id: string
  readonly streamingBehavior?: string
  readonly value?: string
  readonly confirmed?: boolean
}

function readTranscript(name: string): Stretch[] {
  const stretches: Stretch[] = []
  let came = ''
  for (const line of readFileSync(join(FOLDER, `${name}.txt`), 'utf8').split('\n')) {
    if (line.startsWith('< ')) came += `${line.slice(2)}\n`
    if (!line.startsWith('> ')) continue
    stretches.push({ came: Buffer.from(came) }, { sent: JSON.parse(line.slice(2)) as Sent })
    came = ''
  }
  return [...stretches, { came: Buffer.from(came) }]
}

/** Plays a transcript to a new translator, its bytes cut into pieces of these sizes over and over. */
function play(name: string, sizes: readonly number[] = []): { sink: RecordingSink; translator: PiTranslator } {
  const sink = new RecordingSink()
  let ids = 0
  let time = 0
  const translator = new PiTranslator({
    sink,
    cwd: '/recorded/work',
    newId: () => `itm_${(ids += 1)}` as ItemId,
    now: () => (time += 1),
  })
  const splitter = new LineSplitter(
    { maxBytes: 8_388_608 },
    {
      line: (text) => take(translator, JSON.parse(text) as { type: string; command?: string; id?: string }),
      tooLong: (head) => expect.fail(head),
    },
  )
  let piece = 0
  for (const stretch of readTranscript(name)) {
    if ('sent' in stretch) tell(translator, sink, stretch.sent)
    else {
      for (let at = 0; at < stretch.came.length; piece += 1) {
        const size = sizes[piece % sizes.length] ?? stretch.came.length
        splitter.push(stretch.came.subarray(at, at + size))
        at += size
      }
    }
  }
  return { sink, translator }
}

/** What the process owner would do with a line. */
function take(translator: PiTranslator, message: { type: string; command?: string; id?: string }): void {
  if (message.type !== 'response') translator.event(message)
  // Only an extension's command is answered without work having begun.
  else if (message.command === 'prompt' && translator.inTurn && !translator.running && answersDialog(message)) {
    translator.settle()
  }
}

/** The recorded `/ask` is the third prompt, which its own dialogs answer. */
function answersDialog(message: { id?: string }): boolean {
  return message.id === 'octo-3'
}

function tell(translator: PiTranslator, sink: RecordingSink, sent: Sent): void {
  if (sent.type === 'prompt' && sent.streamingBehavior === undefined) translator.beginTurn()
  if (sent.streamingBehavior === 'steer') translator.steered()
  if (sent.type === 'abort') translator.stop()
  if (sent.type !== 'extension_ui_response') return
  const [open] = translator.openDialogs
  const request = [...sink.items.values()].find((item) => item.id === open) as RequestDraft
  if (sent.confirmed !== undefined) {
    expect(translator.answer(request.id, { type: 'confirm', confirmed: sent.confirmed })).toEqual(sent)
  } else if (sent.value === undefined) {
    expect(translator.answer(request.id, { type: 'cancel' })).toEqual(sent)
  } else if (request.wants === 'text') {
    expect(translator.answer(request.id, { type: 'text', text: sent.value })).toEqual(sent)
  } else {
    const option = request.options.find(({ label }) => label === sent.value)?.id ?? ''
    expect(translator.answer(request.id, { type: 'option', option })).toEqual(sent)
  }
}

function items<Kind extends ItemDraft['kind']>(sink: RecordingSink, kind: Kind): Extract<ItemDraft, { kind: Kind }>[] {
  return [...sink.items.values()].filter((item) => item.kind === kind) as Extract<ItemDraft, { kind: Kind }>[]
}

const texts = (sink: RecordingSink): string[] =>
  items(sink, 'assistant').flatMap(({ parts }) => parts.map(({ type, text }) => `${type}: ${text}`))

const outcomes = (sink: RecordingSink): Outcome[] => sink.given('turnEnded') as Outcome[]

const notices = (sink: RecordingSink): Partial<NoticeDraft>[] =>
  items(sink, 'notice').map(({ level, code, text }) => ({ level, code, text }))

describe.each(names)('the recording "%s"', (name) => {
  test('is understood to the last line', () => {
    const strangers = readTranscript(name)
      .flatMap((stretch) => ('came' in stretch ? stretch.came.toString().trim().split('\n') : []))
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { readonly type: string })
      .filter(({ type }) => type !== 'response' && !redundantEvents.has(type))
      .filter((event) => !PiEvent.safeParse(event).success)
    expect(strangers).toEqual([])
  })

  test('becomes the items that were approved', async () => {
    const { sink } = play(name)
    const shown = {
      items: [...sink.items.values()],
      rest: sink.calls.filter(([call]) => call !== 'put' && call !== 'append' && call !== 'remove'),
    }
    await expect(`${JSON.stringify(shown, null, 1)}\n`).toMatchFileSnapshot(
      join(FOLDER, '..', 'approved', `${name}.txt`),
    )
  })

  test('makes the same calls wherever its lines are cut or joined', () => {
    const whole = play(name).sink.calls
    const sizes = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(sizes, (cut) => {
        expect(play(name, cut).sink.calls).toEqual(whole)
      }),
      { numRuns: 12 },
    )
  })

  test('leaves nothing open when its turns have ended', () => {
    const { sink, translator } = play(name)
    const growing = items(sink, 'assistant').filter(({ parts }) => parts.some((part) => part.growing))
    const running = items(sink, 'tool').filter(({ status }) => status === 'running' || status === 'pending')
    const waiting = items(sink, 'notice').filter((notice) => notice.running === true)
    expect([growing, running, waiting, translator.openDialogs, translator.inTurn]).toEqual([[], [], [], [], false])
  })
})

test('text and thinking are streamed as they come and end as pi says', () => {
  const { sink } = play('text-and-thinking')
  expect(texts(sink)).toEqual(['thinking: Let me think about this.', 'text: You said: #think hello'])
  expect(sink.calls.filter(([call]) => call === 'append').map(([, , part, text]) => [part, text])).toEqual([
    [0, 'Let me '],
    [0, 'think about '],
    [0, 'this.'],
    [1, 'You '],
    [1, 'said: '],
    [1, '#think '],
    [1, 'hello'],
  ])
  expect(outcomes(sink)).toEqual([{ type: 'done' }])
  expect(sink.given('usage')).toEqual([{ input: 120, output: 30, cacheRead: 0, cacheWrite: 0, cost: 0.00081 }])
})

test('an edit shows its difference and the file it touched', () => {
  const { sink } = play('tools')
  const calls = items(sink, 'tool').map(({ name, title, category, status, touched }) => [
    name,
    title,
    category,
    status,
    touched,
  ])
  expect(calls).toEqual([
    ['write', 'out.txt', 'edit', 'done', ['out.txt']],
    ['bash', 'cat out.txt; sleep 0.3; echo two', 'execute', 'done', []],
    ['edit', 'out.txt', 'edit', 'done', ['out.txt']],
    ['read', 'out.txt', 'read', 'done', []],
  ])
  expect(items(sink, 'tool')[2]?.output).toEqual([
    {
      type: 'diff',
      path: 'out.txt',
      patch: '--- out.txt\n+++ out.txt\n@@ -1,2 +1,2 @@\n Written by the model.\n-Second line.\n+Another line.\n',
      added: 1,
      removed: 1,
    },
    { type: 'text', text: 'Successfully replaced 1 block(s) in out.txt.' },
  ])
})

test('long output that pi shows only the end of arrives once and whole while it grows', () => {
  const { sink } = play('long-output')
  const [tool] = items(sink, 'tool')
  const streamed: string[] = []
  for (const [call, item, part, text] of sink.calls) {
    const draft = item as ToolDraft
    if (call === 'put' && draft.id === tool?.id && draft.output[0]?.type === 'text' && draft.output[0].growing) {
      streamed.splice(0, streamed.length, draft.output[0].text)
    }
    if (call === 'append' && item === tool?.id && part === 0) streamed.push(text as string)
  }
  const lines = [1, 2, 3].flatMap((from) => Array.from({ length: 1_301 - from }, (_, index) => from + index))
  expect(streamed.join('').trimEnd()).toBe(lines.join('\n'))
  expect(streamed.length).toBeGreaterThan(2)
})

test('an answer that broke off is taken back, and the next one stands in its place', () => {
  const { sink } = play('broken-stream')
  expect(texts(sink)).toEqual(['text: You said: #drop hello there my dear friends'])
  const forms = sink.calls.filter(([call, item]) => call === 'put' && (item as Item).kind === 'assistant')
  const first = forms.findIndex(([, item]) => (item as { stop?: string }).stop === 'error')
  expect(forms[first + 1]?.[1]).toMatchObject({ parts: [] })
  expect(notices(sink)).toEqual([{ level: 'info', code: 'retry', text: 'The provider answers again, after 1 retry.' }])
})

test('an answer that pi asks for again because it was cut is shown once', () => {
  const { sink } = play('cut-answer')
  expect(texts(sink)).toHaveLength(1)
  expect(notices(sink).map(({ code, level }) => [code, level])).toEqual([['compaction', 'info']])
})

test('failures say what happened and what to do', () => {
  const ends = Object.fromEntries(
    ['wrong-key', 'server-fails', 'token-limit', 'refusal'].map((name) => [name, outcomes(play(name).sink)]),
  )
  expect(ends).toEqual({
    'wrong-key': [
      {
        type: 'failed',
        kind: 'auth',
        message:
          'The provider refused the key. Enter a valid one in the settings under Models, then send the prompt again.',
      },
    ],
    'server-fails': [
      {
        type: 'failed',
        kind: 'provider',
        message: 'The provider failed with status 500: The server had an error while processing your request.',
      },
    ],
    'token-limit': [{ type: 'token_limit' }],
    refusal: [{ type: 'refusal' }],
  })
})

test('a stop ends the turn as stopped, in an answer and in a command', () => {
  expect(outcomes(play('stop-in-stream').sink)).toEqual([{ type: 'stopped' }])
  const { sink } = play('stop-in-tool')
  expect(outcomes(sink)).toEqual([{ type: 'stopped' }])
  expect(items(sink, 'tool').map(({ status }) => status)).toEqual(['failed'])
})

test('dialogs of extensions become requests that can be answered', () => {
  const { sink } = play('dialogs')
  expect(items(sink, 'request').map(({ request, wants, title }) => [request, wants, title])).toEqual([
    ['permission', 'option', 'Run echo hi?'],
    ['permission', 'option', 'Run echo no?'],
    ['question', 'text', 'Name?'],
    ['dialog', 'confirm', 'Sure?'],
    ['question', 'text', 'Edit'],
  ])
  expect(notices(sink)).toEqual([
    { level: 'info', code: 'agent', text: 'Allowed once' },
    { level: 'warning', code: 'agent', text: 'Ada true line 2' },
  ])
  expect(outcomes(sink)).toEqual([{ type: 'done' }, { type: 'done' }, { type: 'done' }])
})

test('what an extension begins is a turn of its own, and what it asked is shown', () => {
  const { sink } = play('extension-begins')
  expect(texts(sink)).toEqual(['text: You said: from an extension'])
})

test('events of a later pi that speak to people are kept, others are dropped', () => {
  const sink = new RecordingSink()
  const translator = new PiTranslator({ sink, cwd: '/', newId: () => 'itm_1' as ItemId, now: () => 1 })
  translator.event({ type: 'weather', temperature: 20 } as { type: string })
  translator.event({ type: 'agent_mood', message: 'I am fine.' } as { type: string })
  translator.event({ type: 'message_update', assistantMessageEvent: { type: 'dance' } } as { type: string })
  expect([...sink.items.values()]).toEqual([
    {
      id: 'itm_1',
      kind: 'notice',
      level: 'info',
      code: 'agent',
      text: 'pi says: I am fine.',
      native: { type: 'agent_mood', message: 'I am fine.' },
    },
  ])
})
