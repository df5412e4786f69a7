/** The thread that keeps the screens of all terminals. It starts with the first terminal. */
import { parentPort } from 'node:worker_threads'
import type { FromScreens, ScreenNumber, ToScreens } from './screen-messages.ts'
import { Screen } from './screen.ts'

const screens = new Map<ScreenNumber, Screen>()

if (parentPort === null) throw new Error('The thread of the screens was started as a program')
const port = parentPort

function say(message: FromScreens, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

port.on('message', (message: ToScreens) => {
  if (message.kind === 'open') {
    const { screen, size, scrollbackLines } = message
    screens.set(
      screen,
      new Screen({ ...size, scrollbackLines, onTitle: (title) => say({ kind: 'title', screen, title }) }),
    )
    return
  }
  const screen = screens.get(message.screen)
  if (screen === undefined) throw new Error(`There is no screen ${message.screen}`)
  switch (message.kind) {
    case 'write': {
      const { byteLength } = message.bytes
      screen.write(message.bytes, (replies) =>
        say({ kind: 'parsed', screen: message.screen, bytes: byteLength, replies }),
      )
      return
    }
    case 'resize':
      screen.resize(message.size)
      return
    case 'snapshot':
      screen.snapshot((bytes) => say({ kind: 'snapshot', request: message.request, bytes }, [bytes.buffer]))
      return
    case 'close':
      screen.dispose()
      screens.delete(message.screen)
  }
})
