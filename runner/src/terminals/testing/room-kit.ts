import { chmod, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BinaryFrame,
  type ClientId,
  FrameKind,
  type Notice,
  type NotificationName,
  type Result,
  RunnerConfig,
  randomId,
  type Terminal,
  type TerminalId,
  type Workspace,
} from '@octo/protocol'
import { silentLog } from '../../lib/log.ts'
import type { CommandCaller, Connection } from '../../wire/room.ts'
import { testActor } from '../../wire/testing/fake-connection.ts'
import { createTerminalsRoom, type TerminalsRoom } from '../index.ts'

export interface RoomKit extends AsyncDisposable {
  readonly room: TerminalsRoom
  readonly workspace: Workspace
  /** Starts a terminal that runs this shell script instead of a shell. */
  run(script: string, size?: { readonly cols: number; readonly rows: number }): Promise<Terminal>
  client(): TestClient
}

/** Runs the script of the folder it starts in or, as soon as it is there, the one that was written for this terminal. */
const PROGRAM = `#!/bin/sh
[ -e ./script.sh ] && exec /bin/sh ./script.sh
while [ ! -e "./$OCTO_TERMINAL.sh" ]; do sleep 0.005; done
exec /bin/sh "./$OCTO_TERMINAL.sh"
`

/** A room with real terminals in a workspace of its own, below the system's folder for temporary files. */
export async function openRoom(config: Partial<RunnerConfig['terminals']> = {}): Promise<RoomKit> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'octo-terminals-')))
  const path = join(root, 'workspace')
  await mkdir(path)
  const program = join(root, 'program')
  await writeFile(program, PROGRAM)
  await chmod(program, 0o755)
  const workspace: Workspace = {
    id: randomId('wsp'),
    name: 'workspace',
    path,
    present: true,
    git: false,
    createdAt: 0,
    updatedAt: 0,
  }
  const room = createTerminalsRoom({
    log: silentLog,
    config: { ...RunnerConfig.parse({}).terminals, shell: program, ...config },
    workspaces: { resolve: () => workspace },
  })
  return {
    room,
    workspace,
    client: () => new TestClient(room),
    async run(script, size = { cols: 80, rows: 24 }) {
      const terminal = await room.methods['terminals.create']({ workspace: workspace.id, ...size }, callerOf(null))
      const file = join(path, `${terminal.id}.sh`)
      await writeFile(`${file}.new`, script)
      await rename(`${file}.new`, file)
      return terminal
    },
    async [Symbol.asyncDispose]() {
      await room.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** A caller over a connection, or over HTTP without one. Terminals store nothing, so no record is ever made. */
export function callerOf(connection: Connection | null): CommandCaller<never> {
  const caller: CommandCaller<never> = {
    actor: testActor,
    signal: new AbortController().signal,
    command: randomId('cmd'),
    record: () => {
      throw new Error('a terminal stores nothing')
    },
  }
  return connection === null ? caller : { ...caller, connection }
}

/** A tab: it survives its connections. What it is sent it takes as a browser would, and acknowledges if it is told to. */
export class TestClient {
  readonly id: ClientId = randomId('cli')
  readonly room: TerminalsRoom
  /** All output in order, as long as no screen came in between. */
  readonly output: Buffer[] = []
  readonly screens: { readonly offset: number; readonly bytes: Uint8Array }[] = []
  readonly notices: { readonly name: string; readonly params: unknown }[] = []
  /** Whether output is acknowledged as it comes. */
  acknowledges = true
  /** Offset of the next byte of output it expects. */
  offset = 0
  inputAcked = 0
  frames = 0
  /** The stream it attached last; the next one gets the number after it. */
  stream = 0
  bufferedBytes = 0
  #connection: TestConnection
  /** Whether a screen that comes now is another piece of the one before. */
  #inScreen = false
  #waiters = new Set<() => void>()

  constructor(room: TerminalsRoom) {
    this.room = room
    this.#connection = this.#connect()
  }

  get text(): string {
    return Buffer.concat(this.output).toString('utf8')
  }

  /** Attaches from where it is, or without `after` for a screen. */
  async attach(terminal: TerminalId, from: 'start' | 'here' | 'screen' = 'start'): Promise<Result<'terminals.attach'>> {
    this.stream += 1
    this.#inScreen = false
    const after = from === 'screen' ? {} : { after: from === 'start' ? 0 : this.offset }
    const input = { terminal, stream: this.stream, client: this.id, ...after }
    const attached = await this.room.methods['terminals.attach'](input, callerOf(this.#connection))
    this.offset = attached.offset
    return attached
  }

  list(): Promise<Result<'terminals.list'>> {
    return this.room.methods['terminals.list']({}, callerOf(this.#connection))
  }

  resize(terminal: TerminalId, cols: number, rows: number): Promise<Result<'terminals.resize'>> {
    const input = { terminal, client: this.id, cols, rows }
    return this.room.methods['terminals.resize'](input, callerOf(this.#connection))
  }

  detach(stream: number = this.stream): Promise<Result<'terminals.detach'>> {
    return this.room.methods['terminals.detach']({ stream }, callerOf(this.#connection))
  }

  /** Sends input that begins at `offset` of all this client ever sent. */
  type(offset: number, data: string | Uint8Array): void {
    const payload = typeof data === 'string' ? Buffer.from(data) : data
    this.room.frame?.(this.#connection, { kind: FrameKind.input, stream: this.stream, offset, payload })
  }

  acknowledge(offset: number = this.offset): void {
    const payload = new Uint8Array(0)
    this.room.frame?.(this.#connection, { kind: FrameKind.outputAck, stream: this.stream, offset, payload })
  }

  /** Loses the connection and gets another one. */
  reconnect(): void {
    this.#connection.close()
    this.#connection = this.#connect()
  }

  /** Resolves as soon as `condition` holds; it is looked at after everything this client is sent. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.add(resolve))
  }

  untilText(text: string): Promise<void> {
    return this.until(() => this.text.includes(text))
  }

  told<Name extends NotificationName>(name: Name): Notice<Name>[] {
    return this.notices.filter((notice) => notice.name === name).map((notice) => notice.params as Notice<Name>)
  }

  /** The newest entry of a terminal this client was told of in the list. */
  entry(terminal: TerminalId): Terminal | undefined {
    const items = this.told('terminals.changed').flatMap((change) => change.items)
    const found = items.findLast((item) => item.id === terminal)
    return found === undefined || 'removed' in found ? undefined : found
  }

  drain(): void {
    this.bufferedBytes = 0
    this.#connection.drain()
  }

  #connect(): TestConnection {
    return new TestConnection({
      frame: (frame) => this.#onFrame(frame),
      notice: (name, params) => {
        this.notices.push({ name, params })
        this.#wake()
      },
      bufferedBytes: () => this.bufferedBytes,
    })
  }

  #onFrame(frame: BinaryFrame): void {
    if (frame.stream !== this.stream) throw new Error(`a frame for stream ${frame.stream}, which is gone`)
    this.frames += 1
    if (frame.kind === FrameKind.inputAck) this.inputAcked = frame.offset
    if (frame.kind === FrameKind.output) {
      if (frame.offset !== this.offset) throw new Error(`expected output at ${this.offset}, got ${frame.offset}`)
      this.output.push(Buffer.from(frame.payload))
      this.offset += frame.payload.byteLength
    }
    if (frame.kind === FrameKind.screen) {
      const before = this.#inScreen ? this.screens.pop()?.bytes : undefined
      this.screens.push({ offset: frame.offset, bytes: Buffer.concat([before ?? new Uint8Array(0), frame.payload]) })
      this.output.length = 0
      this.offset = frame.offset
    }
    this.#inScreen = frame.kind === FrameKind.screen
    if (this.acknowledges && frame.kind !== FrameKind.inputAck) queueMicrotask(() => this.acknowledge())
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiters) resolve()
    this.#waiters.clear()
  }
}

interface Sink {
  readonly frame: (frame: BinaryFrame) => void
  readonly notice: (name: string, params: unknown) => void
  readonly bufferedBytes: () => number
}

class TestConnection implements Connection {
  readonly actor = testActor
  readonly #sink: Sink
  readonly #closers = new Set<() => void>()
  #drainers: (() => void)[] = []
  #open = true

  constructor(sink: Sink) {
    this.#sink = sink
  }

  get bufferedBytes(): number {
    return this.#sink.bufferedBytes()
  }

  notify<Name extends NotificationName>(name: Name, params: Notice<Name>): void {
    if (this.#open) this.#sink.notice(name, params)
  }

  sendFrame(frame: BinaryFrame): void {
    if (this.#open) this.#sink.frame({ ...frame, payload: frame.payload.slice() })
  }

  onDrained(listener: () => void): void {
    this.#drainers.push(listener)
  }

  onClose(listener: () => void): () => void {
    this.#closers.add(listener)
    return () => this.#closers.delete(listener)
  }

  drain(): void {
    const drainers = this.#drainers
    this.#drainers = []
    for (const listener of drainers) listener()
  }

  close(): void {
    this.#open = false
    for (const listener of this.#closers) listener()
  }
}
