import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A network between a browser and the product that can fail as networks do. */
export interface Wire {
  /** What the product must be told to allow. */
  readonly url: string
  readonly host: string
  leadTo(url: string): void
  /** Ends every connection and lets none through, until it is mended. */
  cut(): void
  /** Swallows what the product answers from now on: requests arrive, and nobody learns of it. */
  loseAnswers(): void
  mend(): void
  close(): Promise<void>
}

export async function openWire(): Promise<Wire> {
  const sockets = new Set<Socket>()
  let target = { port: 0 }
  let state: 'whole' | 'mute' | 'cut' = 'whole'
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A cut is what this is for; whoever sends learns of it by the close.
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((browser) => {
    keep(browser)
    if (state === 'cut') {
      browser.destroy()
      return
    }
    const product = connect(target.port, '127.0.0.1')
    keep(product)
    browser.pipe(product)
    product.on('data', (bytes) => {
      if (state !== 'mute') browser.write(bytes)
    })
    product.on('close', () => browser.destroy())
    browser.on('close', () => product.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://${host}`,
    host,
    leadTo: (url) => {
      target = { port: Number(new URL(url).port) }
    },
    cut() {
      state = 'cut'
      hangUp()
    },
    loseAnswers: () => {
      state = 'mute'
    },
    mend: () => {
      state = 'whole'
    },
    async close() {
      hangUp()
      server.close()
      await once(server, 'close')
    },
  }
}
