/** The least a connection needs of a WebSocket, so that tests can bring one of their own. */
export interface MuxSocket {
  send(data: string | Uint8Array<ArrayBuffer>): void
  /** Closes it; `closed` is not called for it any more. */
  cut(): void
}

export interface SocketEvents {
  readonly opened: () => void
  readonly text: (data: string) => void
  readonly bytes: (data: Uint8Array) => void
  readonly closed: () => void
}

export type OpenSocket = (events: SocketEvents) => MuxSocket

/** Opens `/api/ws/mux` of the server this page came from. */
export function openBrowserSocket(events: SocketEvents): MuxSocket {
  const url = new URL('/api/ws/mux', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  const stop = new AbortController()
  const { signal } = stop
  socket.addEventListener('open', events.opened, { signal })
  socket.addEventListener('close', events.closed, { signal })
  socket.addEventListener(
    'message',
    (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === 'string') events.text(event.data)
      else events.bytes(new Uint8Array(event.data))
    },
    { signal },
  )
  return {
    send: (data) => socket.send(data),
    cut: () => {
      stop.abort()
      socket.close()
    },
  }
}
