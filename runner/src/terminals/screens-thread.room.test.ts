import { expect, test } from 'vitest'
import { type Log, silentLog } from '../lib/log.ts'
import { type ScreenHandle, Screens } from './screens.ts'
import { picture, restore } from './testing/screen-picture.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function open(screens: Screens): ScreenHandle {
  const events = { onParsed: () => {}, onReply: () => {}, onTitle: () => {} }
  return screens.open({ size: { cols: 80, rows: 24 }, scrollbackLines: 1_000, events })
}

async function seen(screen: ScreenHandle): Promise<unknown> {
  return picture(await restore(await screen.snapshot()))['normal']
}

test('when the thread of the screens fails, the others go on with an empty screen', async () => {
  const errors: string[] = []
  const log: Log = { ...silentLog, error: (event) => errors.push(event) }
  const screens = new Screens(log)
  const [bad, good] = [open(screens), open(screens)]
  good.write(bytesOf('before'))
  expect(await seen(good)).toEqual(['before'])
  bad.close()
  // The thread knows this screen no longer, which is as good a fault as any.
  bad.write(bytesOf('fault'))
  await expect(good.snapshot()).rejects.toThrow('The screens failed')
  good.write(bytesOf('after'))
  expect([await seen(good), good.lag, errors]).toEqual([['after'], 0, ['terminals.screens_failed']])
  await screens.close()
})

test('a screen that is closed, and screens that end, leave nobody waiting', async () => {
  const screens = new Screens(silentLog)
  const [first, second] = [open(screens), open(screens)]
  const waiting = [first.snapshot(), second.snapshot()]
  const settled = Promise.allSettled(waiting)
  first.close()
  await screens.close()
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('what waits to be parsed is counted until it is', async () => {
  const screens = new Screens(silentLog)
  const screen = open(screens)
  for (let piece = 0; piece < 100; piece += 1) screen.write(bytesOf('x'.repeat(20_000)))
  expect(screen.lag).toBe(2_000_000)
  await screen.snapshot()
  expect(screen.lag).toBe(0)
  await screens.close()
})
