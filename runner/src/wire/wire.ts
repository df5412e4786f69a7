import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/index.ts'
import { type AnyRoom, Dispatcher } from './dispatcher.ts'
import { listen } from './endpoint.ts'
import { createHttp, type RunnerIdentity } from './http.ts'
import { Ledger } from './ledger.ts'
import { MuxServer } from './mux.ts'

/** A local peer says its headers at once; a browser's slow upload passes through as a slow body. */
const HEADERS_MS = 10_000
const REQUEST_MS = 1_800_000

/** Longer than the backend keeps an idle connection, so that it is the backend that ends one. */
const KEEP_ALIVE_MS = 65_000

/** Commands that run when the runner ends get this long to end themselves. */
const COMMANDS_GRACE_MS = 2_000

export interface WireOptions {
  readonly rooms: readonly AnyRoom[]
  readonly store: Pick<Store, 'commandState' | 'commandStarted' | 'commandDone' | 'commandFailed'>
  readonly socket: string
  readonly identity: RunnerIdentity
  readonly log: Log
}

export interface Wire {
  /** Takes no new call, says goodbye to the sockets, and gives running commands a moment to end. */
  close(): Promise<void>
}

/**
 * Serves rooms on a Unix socket.
 * @throws OctoError if the socket cannot be had; see {@link listen}
 */
export async function openWire({ rooms, store, socket, identity, log }: WireOptions): Promise<Wire> {
  const ledger = new Ledger(store, log)
  const dispatcher = new Dispatcher(rooms, { ledger, log })
  const app = createHttp({ rooms, dispatcher, ledger, identity, log })
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    // The listener answers with a promise; a rejection has been answered and logged by then.
    (request, response) => void getListener(request, response),
  )
  const getListener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const mux = new MuxServer(server, { dispatcher, rooms, log })
  await listen(server, socket)
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await mux.close()
      await atMost(ledger.idle(), COMMANDS_GRACE_MS)
      server.closeAllConnections()
      await closed
    },
  }
}

async function atMost(work: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, ms)
  await Promise.race([work, late.promise])
  clearTimeout(timer)
}
