import type { ClientId, NotificationName, RunnerStatus } from '@octo/protocol'
import { OctoError, randomId } from '@octo/protocol/client'
import type { Reply } from './calls.ts'
import { createCalls } from './calls.ts'
import type { Hello, Link, Renewal } from './link.ts'
import { createLink } from './link.ts'
import type { Mux, MuxState } from './mux.ts'
import type { MuxSocket, OpenSocket } from './socket.ts'
import { createStreams } from './streams.ts'

/** The runner that calls go to when they name none. */
const USUAL_RUNNER = 'local'

export interface MuxOptions {
  readonly openSocket: OpenSocket
  readonly renewLogin: () => Promise<Renewal>
  /** From 0 to 1, for the jitter of delays. */
  readonly random?: () => number
  readonly clientId?: ClientId
}

type Listener = (notice: never) => void

interface ServerNotice {
  readonly method: NotificationName
  readonly params: unknown
}

/** Makes the connection of this tab and begins to connect. */
export function createMux(options: MuxOptions): Mux {
  const clientId = options.clientId ?? randomId('cli')
  const calls = createCalls()
  const streams = createStreams()
  const noticeListeners = new Map<string, Set<Listener>>()
  const stateListeners = new Set<() => void>()
  const readyListeners = new Set<() => void>()
  let state: MuxState = { phase: 'connecting' }

  const setState = (next: MuxState): void => {
    state = next
    for (const listener of stateListeners) listener()
  }

  const announceReady = (): void => {
    for (const listener of readyListeners) guarded(listener)
  }

  const greeted = ({ user, build, limits, runners }: Hello, socket: MuxSocket): void => {
    const send = (data: string | Uint8Array<ArrayBuffer>): void => socket.send(data)
    streams.connected(send)
    setState({ phase: 'ready', user, build, limits, runners })
    calls.connected(send)
    if (isRunnerReady(state)) announceReady()
  }

  const runnerChanged = (status: RunnerStatus): void => {
    if (state.phase !== 'ready') return
    const before = state.runners.find(({ runner }) => runner === status.runner)
    const runners = [...state.runners.filter(({ runner }) => runner !== status.runner), status]
    const isBack = status.state === 'ready' && (before?.state !== 'ready' || before.epoch !== status.epoch)
    if (isBack) streams.renumber()
    setState({ ...state, runners })
    if (!isBack) return
    calls.runnerBack()
    if (status.runner === USUAL_RUNNER) announceReady()
  }

  const receive = (text: string): void => {
    const message = JSON.parse(text) as Reply | ServerNotice
    if ('id' in message) return calls.settle(message)
    if (message.method === 'system.runner') runnerChanged(message.params as RunnerStatus)
    for (const listener of noticeListeners.get(message.method) ?? []) guarded(() => listener(message.params as never))
  }

  const down = (nextTryAt: number | null): void => {
    calls.disconnected()
    streams.disconnected()
    // Someone who is logged out stays so until the server says hello.
    if (state.phase === 'logged-out' || (state.phase === 'connecting' && nextTryAt === null)) return
    const since = state.phase === 'reconnecting' ? state.since : Date.now()
    setState({ phase: 'reconnecting', since, nextTryAt })
  }

  const ended = (phase: 'logged-out' | 'outdated', error: OctoError): void => {
    setState({ phase })
    calls.failAll(error)
  }

  const link: Link = createLink({
    clientId,
    openSocket: options.openSocket,
    renewLogin: options.renewLogin,
    random: options.random ?? Math.random,
    events: {
      ready: greeted,
      down,
      text: receive,
      bytes: (bytes) => streams.receive(bytes),
      loggedOut: () => ended('logged-out', new OctoError('unauthenticated', 'Your login has ended. Log in again.')),
      outdated: () =>
        ended('outdated', new OctoError('version_mismatch', 'The server was updated. Reload the page to go on.')),
    },
  })

  const call = (request: Parameters<typeof calls.open>[0]): Promise<never> => calls.open(request) as Promise<never>

  return {
    clientId,
    get state() {
      return state
    },
    subscribe: (listener) => added(stateListeners, listener),
    query: (method, params, { signal, runner } = {}) => call({ method, params, signal, runner }),
    command: (method, params, { signal, runner, command = randomId('cmd') } = {}) =>
      call({ method, params, command, signal, runner }),
    on: (name, listener) => {
      const listeners = noticeListeners.get(name) ?? new Set()
      noticeListeners.set(name, listeners)
      return added(listeners, listener as Listener)
    },
    onReady: (listener) => {
      if (isRunnerReady(state)) guarded(listener)
      return added(readyListeners, listener)
    },
    openStream: (listener) => streams.open(listener),
    retryNow: () => link.check(),
    close: () => {
      link.close()
      calls.failAll(new OctoError('cancelled', 'The connection was closed.'))
    },
  }
}

/** Whether calls to the user's runner can be answered now. */
function isRunnerReady(state: MuxState): boolean {
  return usualRunner(state)?.state === 'ready'
}

/** What is known of the user's runner; `null` while there is no connection. */
export function usualRunner(state: MuxState): RunnerStatus | null {
  if (state.phase !== 'ready') return null
  return state.runners.find(({ runner }) => runner === USUAL_RUNNER) ?? null
}

function added<T>(set: Set<T>, entry: T): () => void {
  set.add(entry)
  return () => {
    set.delete(entry)
  }
}

/** A listener that throws is a bug of its own room; it must not keep the others from hearing. */
function guarded(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
