import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Connections of one address on which nobody has proved who they are. A browser opens six. */
const MAX_PENDING_PER_ADDRESS = 256

/**
 * Bounds the connections of strangers: when an address opens too many, the oldest goes. So a flood costs a bounded
 * number of sockets, and whoever comes next from the same address still gets in.
 */
export class PendingConnections {
  readonly #byAddress = new Map<string, Set<Socket>>()
  readonly #max: number

  constructor(server: Server, max = MAX_PENDING_PER_ADDRESS) {
    this.#max = max
    server.on('connection', (socket: Socket) => this.#add(socket))
  }

  /** The connection has proved who it is: it is no stranger's any more. */
  admit(socket: Socket): void {
    this.#remove(socket, socket.remoteAddress ?? '')
  }

  #add(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const sockets = this.#byAddress.get(address) ?? new Set()
    this.#byAddress.set(address, sockets)
    sockets.add(socket)
    socket.once('close', () => this.#remove(socket, address))
    if (sockets.size <= this.#max) return
    // A set keeps the order in which they came.
    const [oldest] = sockets
    if (oldest === undefined) return
    this.#remove(oldest, address)
    oldest.destroy()
  }

  #remove(socket: Socket, address: string): void {
    const sockets = this.#byAddress.get(address)
    if (sockets?.delete(socket) === true && sockets.size === 0) this.#byAddress.delete(address)
  }
}
