import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { spawn } from 'node-pty'
import { WebSocket, WebSocketServer } from 'ws'

/** What terminals cost with nothing around them: one `ws` server, one node-pty, bytes through and through. */
export interface BareTerminal {
  readonly socket: WebSocket
  close(): Promise<void>
}

export async function startBareTerminal(command: string, args: readonly string[]): Promise<BareTerminal> {
  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  const pty = spawn(command, [...args], { cols: 80, rows: 24, encoding: null })
  server.on('connection', (peer) => {
    pty.onData((data) => peer.send(data))
    peer.on('message', (data: Buffer) => pty.write(data.toString('utf8')))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
  await once(socket, 'open')
  return {
    socket,
    async close() {
      socket.terminate()
      pty.kill('SIGKILL')
      server.close()
      http.close()
      await once(http, 'close')
    },
  }
}
