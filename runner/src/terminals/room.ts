import {
  type BinaryFrame,
  FrameKind,
  type Input,
  OctoError,
  type Result,
  type RunnerConfig,
  randomId,
  type Terminal,
  type TerminalId,
  type Workspace,
  type WorkspaceId,
} from '@octo/protocol'
import { LiveList } from '../lib/live-list.ts'
import type { Log } from '../lib/log.ts'
import type { Caller, Connection, Room } from '../wire/room.ts'
import { killTrees, type ProcessTree, processStart } from './kill-tree.ts'
import { LiveTerminal } from './live-terminal.ts'
import { Pty } from './pty.ts'
import { Screens } from './screens.ts'
import { findFolder, findShell, shellEnvironment } from './shell.ts'
import type { Viewer } from './viewer.ts'

/** Streams one connection may have open; a tab that shows this many terminals at once does not exist. */
const MAX_STREAMS = 64

export interface TerminalsRoomOptions {
  readonly log: Log
  readonly config: RunnerConfig['terminals']
  readonly workspaces: {
    /** @throws OctoError `not_found` or `workspace_gone` */
    resolve(id: WorkspaceId): Workspace | Promise<Workspace>
  }
}

export interface TerminalsRoom extends Room<'terminals'> {
  /** Ends and removes all terminals of a workspace, e.g. because it is removed. */
  closeWorkspace(workspace: WorkspaceId): Promise<void>
}

interface Open {
  readonly live: LiveTerminal
  readonly tree: ProcessTree
  /** Set once closing began; whoever asks again waits for the same end. */
  closing: Promise<void> | null
}

interface OpenStream {
  readonly terminal: TerminalId
  readonly live: LiveTerminal
  readonly viewer: Viewer
}

/** Makes the room of terminals; nothing runs before the first one is created. */
export function createTerminalsRoom(options: TerminalsRoomOptions): TerminalsRoom {
  return new TerminalsRoomImpl(options).door
}

class TerminalsRoomImpl {
  readonly #options: TerminalsRoomOptions
  readonly #screens: Screens
  readonly #list = new LiveList<Terminal>()
  readonly #open = new Map<TerminalId, Open>()
  readonly #streams = new Map<Connection, Map<number, OpenStream>>()
  readonly #subscribed = new WeakSet<Connection>()
  /** Terminals that are being started; they count for the limit. */
  #starting = 0
  #closed = false

  constructor(options: TerminalsRoomOptions) {
    this.#options = options
    this.#screens = new Screens(options.log)
  }

  get door(): TerminalsRoom {
    return {
      methods: {
        'terminals.list': async (input, caller) => this.#listFor(input, caller),
        'terminals.create': (input) => this.#create(input),
        'terminals.attach': async (input, caller) => this.#attach(input, caller),
        'terminals.detach': async (input, caller) => this.#detach(input.stream, caller),
        'terminals.resize': async (input) => this.#find(input.terminal).live.resize(input.client, sizeOf(input)),
        'terminals.rename': async (input) => this.#find(input.terminal).live.rename(input.name),
        'terminals.close': async (input) => {
          await this.#closeTerminals([this.#find(input.terminal)])
          return {}
        },
      },
      frame: (connection, frame) => this.#frame(connection, frame),
      counts: () => ({ terminals: this.#open.size }),
      closeWorkspace: (workspace) =>
        this.#closeTerminals([...this.#open.values()].filter(({ live }) => live.entry.workspace === workspace)),
      close: () => this.#close(),
    }
  }

  #listFor(input: Input<'terminals.list'>, caller: Caller): Result<'terminals.list'> {
    const { connection } = caller
    if (connection !== undefined && !this.#subscribed.has(connection)) {
      this.#subscribed.add(connection)
      connection.onClose(this.#list.subscribe((change) => connection.notify('terminals.changed', change)))
    }
    return this.#list.since(input)
  }

  async #create(input: Input<'terminals.create'>): Promise<Terminal> {
    const { max } = this.#options.config
    if (this.#open.size + this.#starting >= max) {
      throw new OctoError('busy', `There are ${max} terminals, the most this runner allows. Close one first.`)
    }
    this.#starting += 1
    try {
      return await this.#start(input)
    } finally {
      this.#starting -= 1
    }
  }

  async #start(input: Input<'terminals.create'>): Promise<Terminal> {
    const workspace = await this.#options.workspaces.resolve(input.workspace)
    const cwd = await findFolder(workspace, input.folder)
    const shell = await findShell(this.#options.config.shell)
    if (this.#closed) throw new OctoError('runner_unavailable', 'The runner is stopping.')
    const id = randomId('trm')
    const entry: Terminal = {
      id,
      workspace: input.workspace,
      name: input.name ?? this.#freeName(input.workspace),
      ...sizeOf(input),
      state: 'running',
      createdAt: Date.now(),
    }
    const live = this.#startLive(entry, (events) => {
      const env = shellEnvironment(process.env, id, shell.file)
      return new Pty({ ...shell, ...events, ...sizeOf(entry), env, cwd })
    })
    const tree = { terminal: id, pid: live.pid, startedAt: processStart(live.pid) }
    this.#open.set(id, { live, tree, closing: null })
    this.#list.upsert(live.entry)
    this.#options.log.info('terminals.opened', { terminal: id, workspace: input.workspace, pid: live.pid })
    return live.entry
  }

  #startLive(entry: Terminal, start: ConstructorParameters<typeof LiveTerminal>[0]['start']): LiveTerminal {
    try {
      return new LiveTerminal({
        entry,
        start,
        scrollbackLines: this.#options.config.scrollbackLines,
        screens: this.#screens,
        onChange: (changed) => this.#onChange(changed),
        onStalled: (viewer) => this.#dropViewer(viewer, entry.id, 'stalled'),
        onScreenFailed: (error) => this.#options.log.error('terminals.screen_failed', { terminal: entry.id, error }),
      })
    } catch (cause) {
      throw new OctoError('overloaded', 'The system has no terminal or process left to start a shell.', { cause })
    }
  }

  #onChange(entry: Terminal): void {
    // A terminal that is not in the map yet, or not any more, is nobody's business.
    if (!this.#open.has(entry.id)) return
    this.#list.upsert(entry)
    if (entry.state === 'ended') {
      this.#options.log.info('terminals.ended', { terminal: entry.id, exitCode: entry.exitCode, signal: entry.signal })
    }
  }

  /** The lowest number no terminal of the workspace has in its name. */
  #freeName(workspace: WorkspaceId): string {
    const names = new Set(this.#list.values().flatMap((entry) => (entry.workspace === workspace ? [entry.name] : [])))
    let number = 1
    while (names.has(`Terminal ${number}`)) number += 1
    return `Terminal ${number}`
  }

  #find(id: TerminalId): Open {
    const open = this.#open.get(id)
    if (open === undefined) throw new OctoError('not_found', 'This terminal was closed, or never was.')
    return open
  }

  #attach(input: Input<'terminals.attach'>, caller: Caller): Result<'terminals.attach'> {
    const { connection } = caller
    if (connection === undefined) {
      throw new OctoError('unsupported', 'A terminal can be attached over the WebSocket only.')
    }
    const { live } = this.#find(input.terminal)
    const streams = this.#streamsOf(connection)
    if (streams.has(input.stream)) {
      throw new OctoError('stream_in_use', `Stream ${input.stream} is open already on this connection.`)
    }
    if (streams.size >= MAX_STREAMS) {
      throw new OctoError(
        'busy',
        `This connection has ${MAX_STREAMS} streams open, the most allowed. Detach one first.`,
      )
    }
    const { viewer, offset, screen, input: written } = live.attach(connection, input.stream, input.client, input.after)
    streams.set(input.stream, { terminal: input.terminal, live, viewer })
    // Bytes follow the answer.
    setImmediate(() => viewer.pump())
    return { terminal: live.entry, offset, screen, input: written }
  }

  #streamsOf(connection: Connection): Map<number, OpenStream> {
    const known = this.#streams.get(connection)
    if (known !== undefined) return known
    const streams = new Map<number, OpenStream>()
    this.#streams.set(connection, streams)
    connection.onClose(() => {
      this.#streams.delete(connection)
      for (const { live, viewer } of streams.values()) live.detach(viewer)
    })
    return streams
  }

  #detach(stream: number, caller: Caller): Result<'terminals.detach'> {
    const streams = caller.connection === undefined ? undefined : this.#streams.get(caller.connection)
    const open = streams?.get(stream)
    streams?.delete(stream)
    open?.live.detach(open.viewer)
    return {}
  }

  #dropViewer(viewer: Viewer, terminal: TerminalId, reason: 'removed' | 'stalled'): void {
    const streams = this.#streams.get(viewer.connection)
    const open = streams?.get(viewer.stream)
    if (open?.viewer !== viewer) return
    streams?.delete(viewer.stream)
    open.live.detach(viewer)
    viewer.connection.notify('terminals.detached', { stream: viewer.stream, terminal, reason })
  }

  #frame(connection: Connection, frame: BinaryFrame): void {
    const open = this.#streams.get(connection)?.get(frame.stream)
    // Frames that crossed a detach on their way are nobody's any more.
    if (open === undefined) return
    const { live, viewer, terminal } = open
    if (frame.kind === FrameKind.outputAck) viewer.acknowledge(frame.offset)
    if (frame.kind !== FrameKind.input) return
    if (!live.type(viewer.client, frame.offset, frame.payload)) this.#dropViewer(viewer, terminal, 'stalled')
  }

  async #closeTerminals(opens: readonly Open[]): Promise<void> {
    const others = opens.flatMap((open) => (open.closing === null ? [] : [open.closing]))
    const fresh = opens.filter((open) => open.closing === null)
    const ending = this.#end(fresh)
    for (const open of fresh) open.closing = ending
    await Promise.all([ending, ...others])
  }

  async #end(opens: readonly Open[]): Promise<void> {
    if (opens.length === 0) return
    const survivors = await killTrees(opens.map((open) => open.tree))
    if (survivors.length > 0) this.#options.log.warn('terminals.survivors', { pids: survivors })
    for (const { live } of opens) {
      const { id } = live.entry
      this.#open.delete(id)
      for (const viewer of live.viewers) this.#dropViewer(viewer, id, 'removed')
      live.dispose()
      this.#list.remove(id)
      this.#options.log.info('terminals.closed', { terminal: id })
    }
  }

  async #close(): Promise<void> {
    this.#closed = true
    await this.#closeTerminals([...this.#open.values()])
    await this.#screens.close()
  }
}

function sizeOf({ cols, rows }: { readonly cols: number; readonly rows: number }): { cols: number; rows: number } {
  return { cols, rows }
}
