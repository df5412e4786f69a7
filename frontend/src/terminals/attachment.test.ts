import type { ClientId, Notice, Result, TerminalId } from '@octo/protocol'
import { FrameKind, MAX_FRAME_BYTES, OctoError } from '@octo/protocol/client'
import { expect, test } from 'vitest'
import type { Mux, Stream } from '../mux/index.ts'
import { Attachment } from './attachment.ts'
import type { AttachmentState, Size, Surface } from './attachment.ts'

const terminal = 'trm_test' as TerminalId
const client = 'cli_test' as ClientId
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const entry = { id: terminal, cols: 80, rows: 24 } as Result<'terminals.attach'>['terminal']

interface Asked {
  readonly method: string
  readonly params: unknown
  readonly answer: (result: unknown) => Promise<void>
  readonly fail: (error: OctoError) => Promise<void>
}

/** A connection in the hands of the test: it answers, cuts and comes back when it is told to. */
class FakeMux implements Pick<Mux, 'query' | 'on' | 'onReady' | 'openStream'> {
  readonly asked: Asked[] = []
  readonly sent: { readonly kind: number; readonly offset: number; readonly text: string }[] = []
  number = 1
  closed = false
  #ready: (() => void)[] = []
  #detached: ((notice: Notice<'terminals.detached'>) => void)[] = []
  #frame: Parameters<Mux['openStream']>[0] = () => undefined

  query: Mux['query'] = (method, params, options) =>
    new Promise((resolve, reject) => {
      const tick = async (): Promise<void> => {
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
      }
      options?.signal?.addEventListener('abort', () => reject(new OctoError('cancelled', 'given up')))
      this.asked.push({
        method,
        params,
        answer: (result) => {
          resolve(result as never)
          return tick()
        },
        fail: (error) => {
          reject(error)
          return tick()
        },
      })
    })

  on: Mux['on'] = (_, listener) => {
    this.#detached.push(listener as (notice: Notice<'terminals.detached'>) => void)
    return () => undefined
  }

  onReady: Mux['onReady'] = (listener) => {
    this.#ready.push(listener)
    listener()
    return () => undefined
  }

  openStream: Mux['openStream'] = (listener): Stream => {
    this.#frame = listener
    const current = (): number => this.number
    return {
      get number() {
        return current()
      },
      send: (kind, offset, payload) => this.sent.push({ kind, offset, text: textOf(payload) }),
      close: () => {
        this.closed = true
      },
    }
  }

  /** The connection was lost and is back. */
  comeBack(): void {
    this.number += 1
    for (const listener of this.#ready) listener()
  }

  detach(reason: 'removed' | 'stalled'): void {
    for (const listener of this.#detached) listener({ stream: this.number, terminal, reason })
  }

  output(offset: number, text: string): void {
    this.#frame({ kind: FrameKind.output, stream: this.number, offset, payload: bytesOf(text) })
  }

  screen(offset: number, payload: Uint8Array): void {
    this.#frame({ kind: FrameKind.screen, stream: this.number, offset, payload })
  }

  inputAck(offset: number): void {
    this.#frame({ kind: FrameKind.inputAck, stream: this.number, offset, payload: new Uint8Array(0) })
  }

  last(method: string): Asked {
    const asked = this.asked.findLast((candidate) => candidate.method === method)
    if (asked === undefined) throw new Error(`${method} was not asked`)
    return asked
  }

  sentOf(kind: number): { readonly offset: number; readonly text: string }[] {
    return this.sent.filter((frame) => frame.kind === kind).map(({ offset, text }) => ({ offset, text }))
  }
}

class FakeSurface implements Surface {
  text = ''
  sizes: Size[] = []
  /** Draws when told to. */
  readonly waiting: (() => void)[] = []

  draw(bytes: Uint8Array, onDrawn: () => void): void {
    this.text += textOf(bytes)
    this.waiting.push(onDrawn)
  }

  restore(bytes: Uint8Array, size: Size, onDrawn: () => void): void {
    this.text = textOf(bytes)
    this.sizes.push(size)
    this.waiting.push(onDrawn)
  }

  resize(size: Size): void {
    this.sizes.push({ cols: size.cols, rows: size.rows })
  }

  drawAll(): void {
    for (const done of this.waiting.splice(0)) done()
  }
}

function open(): { mux: FakeMux; surface: FakeSurface; attachment: Attachment; states: AttachmentState['phase'][] } {
  const mux = new FakeMux()
  const surface = new FakeSurface()
  const states: AttachmentState['phase'][] = []
  const attachment = new Attachment({ mux, terminal, client, surface, onState: ({ phase }) => states.push(phase) })
  return { mux, surface, attachment, states }
}

const attached = (more: Partial<Result<'terminals.attach'>>): unknown => ({
  terminal: entry,
  offset: 0,
  screen: false,
  input: 0,
  ...more,
})

async function openLive(): Promise<ReturnType<typeof open>> {
  const all = open()
  await all.mux.last('terminals.attach').answer(attached({ offset: 100, screen: true }))
  all.mux.screen(100, bytesOf('\u001B[8;24;80tscreen'))
  all.surface.drawAll()
  return all
}

test('a new view gets a screen of its size and then what follows, and tells what was drawn', async () => {
  const { mux, surface, states } = await openLive()
  expect(mux.asked[0]?.params).toEqual({ terminal, client, stream: 1 })
  mux.output(100, ' and more')
  expect([surface.text, surface.sizes, states]).toEqual([
    '\u001B[8;24;80tscreen and more',
    [{ cols: 80, rows: 24 }],
    ['live'],
  ])
  expect(mux.sentOf(FrameKind.outputAck)).toEqual([{ offset: 100, text: '' }])
  surface.drawAll()
  expect(mux.sentOf(FrameKind.outputAck).at(-1)).toEqual({ offset: 109, text: '' })
})

test('after a cut it asks for what it lacks, draws nothing twice, and clears nothing', async () => {
  const { mux, surface } = await openLive()
  mux.output(100, 'abc')
  mux.comeBack()
  expect(mux.last('terminals.attach').params).toEqual({ terminal, client, stream: 2, after: 103 })
  await mux.last('terminals.attach').answer(attached({ offset: 103 }))
  mux.output(101, 'bcdef')
  expect(surface.text).toBe('\u001B[8;24;80tscreenabcdef')
})

test('a screen in several pieces is one screen, and a later one clears again', async () => {
  const { mux, surface } = open()
  await mux.last('terminals.attach').answer(attached({ offset: 9, screen: true }))
  const first = new Uint8Array(MAX_FRAME_BYTES - 13).fill(0x61)
  first.set(bytesOf('\u001B[8;24;80t'))
  mux.screen(9, first)
  mux.screen(9, bytesOf('end'))
  expect([surface.sizes.length, surface.text.length, surface.text.endsWith('aend')]).toEqual([
    1,
    first.length + 3,
    true,
  ])
  mux.screen(50, bytesOf('\u001B[8;30;90tnew'))
  expect([surface.sizes.at(-1), surface.text]).toEqual([{ cols: 90, rows: 30 }, '\u001B[8;30;90tnew'])
})

test('typing waits for the connection, goes out once, and again only as far as it was not written', async () => {
  const { mux, attachment } = open()
  attachment.type('ab')
  expect(mux.sentOf(FrameKind.input)).toEqual([])
  await mux.last('terminals.attach').answer(attached({ input: 0 }))
  attachment.type('c')
  expect(mux.sentOf(FrameKind.input)).toEqual([
    { offset: 0, text: 'ab' },
    { offset: 2, text: 'c' },
  ])
  mux.inputAck(1)
  mux.comeBack()
  attachment.type('d')
  mux.sent.length = 0
  await mux.last('terminals.attach').answer(attached({ input: 2 }))
  expect(mux.sentOf(FrameKind.input)).toEqual([
    { offset: 2, text: 'c' },
    { offset: 3, text: 'd' },
  ])
})

test('ctrl-c overtakes a paste: what was not sent is dropped, and the program told that the paste is over', async () => {
  const { mux, attachment } = await openLive()
  attachment.type(`\u001B[200~${'x'.repeat(1_000_000)}\u001B[201~`)
  const before = mux.sentOf(FrameKind.input).reduce((sum, { text }) => sum + text.length, 0)
  attachment.type('\u0003')
  expect(mux.sentOf(FrameKind.input).at(-1)).toEqual({ offset: before, text: '\u0003' })
  mux.inputAck(before + 1)
  const after = mux
    .sentOf(FrameKind.input)
    .map(({ text }) => text)
    .join('')
    .slice(before)
  expect([before, after]).toEqual([131_072, '\u0003\u001B[201~\u0003'])
})

test('a view that fell asleep on its own draws what it has, then comes back', async () => {
  const { mux, surface, states } = await openLive()
  mux.output(100, 'flood')
  mux.detach('stalled')
  expect(mux.asked.filter(({ method }) => method === 'terminals.attach')).toHaveLength(1)
  surface.drawAll()
  expect(mux.last('terminals.attach').params).toMatchObject({ after: 105 })
  await mux.last('terminals.attach').answer(attached({ offset: 105 }))
  expect(states).toEqual(['live', 'waiting', 'live'])
})

test('a hidden view lets go of its stream and takes it up where it was', async () => {
  const { mux, attachment, states } = await openLive()
  void attachment.sleep()
  expect(mux.last('terminals.detach').params).toEqual({ stream: 1 })
  mux.comeBack()
  expect(mux.asked.filter(({ method }) => method === 'terminals.attach')).toHaveLength(1)
  attachment.wake()
  expect(mux.last('terminals.attach').params).toEqual({ terminal, client, stream: 2, after: 100 })
  await mux.last('terminals.attach').answer(attached({ offset: 100 }))
  expect(states).toEqual(['live', 'asleep', 'waiting', 'live'])
})

test('an attempt that came through although it was given up is undone before the next', async () => {
  const { mux, states } = open()
  await mux.last('terminals.attach').fail(new OctoError('stream_in_use', 'in use'))
  await mux.last('terminals.detach').answer({})
  await mux.last('terminals.attach').answer(attached({}))
  expect([mux.asked.map(({ method }) => method), states]).toEqual([
    ['terminals.attach', 'terminals.detach', 'terminals.attach'],
    ['live'],
  ])
})

test('a terminal that is closed, and one that cannot be had, say so; the latter can be tried again', async () => {
  const closed = await openLive()
  closed.mux.detach('removed')
  closed.mux.comeBack()
  expect([closed.states, closed.mux.asked.length]).toEqual([['live', 'gone'], 1])
  const refused = open()
  await refused.mux.last('terminals.attach').fail(new OctoError('busy', 'too many'))
  expect(refused.attachment.state).toMatchObject({ phase: 'failed', error: { message: 'too many' } })
  refused.attachment.retry()
  await refused.mux.last('terminals.attach').answer(attached({}))
  expect(refused.states).toEqual(['failed', 'waiting', 'live'])
})

test('the size is wished after each attaching, and the terminal takes the one that is decided', async () => {
  const { mux, surface, attachment } = open()
  attachment.wish({ cols: 100, rows: 30 })
  expect(mux.asked).toHaveLength(1)
  await mux.last('terminals.attach').answer(attached({}))
  expect(mux.last('terminals.resize').params).toEqual({ terminal, client, cols: 100, rows: 30 })
  await mux.last('terminals.resize').answer({ cols: 44, rows: 20 })
  expect(surface.sizes).toEqual([
    { cols: 80, rows: 24 },
    { cols: 44, rows: 20 },
  ])
})

test('closing lets go of the stream and leaves the terminal alone', async () => {
  const { mux, attachment } = await openLive()
  attachment.close()
  expect([mux.last('terminals.detach').params, mux.closed]).toEqual([{ stream: 1 }, true])
})
