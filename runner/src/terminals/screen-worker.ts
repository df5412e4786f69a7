/** The thread that keeps the screens of all terminals. It starts with the first terminal. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import type { FromScreens, ScreenNumber, ToScreens } from './screen-messages.ts'
import { Screen } from './screen.ts'

/**
 * What packing lets go of is collected at once when it is so much, and else when there is time: V8 sees small objects,
 * not the cells behind them, and would leave megabytes lying for as long as nothing happens.
 */
const COLLECT_BYTES = 1_048_576
const COLLECT_AFTER_MS = 300

setFlagsFromString('--expose-gc')
const runCollector = runInNewContext('gc') as () => void
let garbageBytes = 0
let collectTimer: NodeJS.Timeout | null = null

function collect(): void {
  if (collectTimer !== null) clearTimeout(collectTimer)
  collectTimer = null
  garbageBytes = 0
  runCollector()
}

function onPacked(bytes: number): void {
  garbageBytes += bytes
  if (garbageBytes >= COLLECT_BYTES) collect()
  else if (collectTimer === null) collectTimer = setTimeout(collect, COLLECT_AFTER_MS)
  else collectTimer.refresh()
}

const screens = new Map<ScreenNumber, Screen>()

if (parentPort === null) throw new Error('The thread of the screens was started as a program')
const port = parentPort

function say(message: FromScreens, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

port.on('message', (message: ToScreens) => {
  if (message.kind === 'open') {
    const { screen, size, scrollbackLines } = message
    const onTitle = (title: string): void => say({ kind: 'title', screen, title })
    screens.set(screen, new Screen({ ...size, scrollbackLines, onTitle, onPacked }))
    return
  }
  const screen = screens.get(message.screen)
  if (screen === undefined) throw new Error(`There is no screen ${message.screen}`)
  switch (message.kind) {
    case 'write': {
      const { buffer, byteLength: bytes } = message.bytes
      screen.write(message.bytes, (replies) => {
        // xterm still looks at the length of the piece it has just parsed, so the buffer leaves a moment later.
        queueMicrotask(() => say({ kind: 'parsed', screen: message.screen, bytes, replies, buffer }, [buffer]))
      })
      return
    }
    case 'resize':
      screen.resize(message.size)
      return
    case 'snapshot':
      screen.snapshot((bytes) => {
        // After what was parsed before it is told.
        queueMicrotask(() => say({ kind: 'snapshot', request: message.request, bytes }, [bytes.buffer]))
      })
      return
    case 'close':
      screen.dispose()
      screens.delete(message.screen)
  }
})
