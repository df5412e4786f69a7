import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { OctoError } from '@octo/protocol'
import type { HostedProcess, ProcessExit, ProcessHost, ProcessListener, ProcessSpec } from './process-host.ts'
import { findMarked, findTree, killUntilGone, signalAll, type TreeQuery } from './process-tree.ts'

/** Says which process a child belongs to; whatever it starts inherits it. */
const PROCESS_MARK = 'OCTO_PROCESS'

/** Says which runner a child belongs to, so that the next one can clear away what this one could not. */
const HOST_MARK = 'OCTO_HOST'

/**
 * Holds the pipes in this very process: they close when it dies, and the processes behind them with it.
 * @param options.home the runner's own folder, which tells its processes from those of other runners
 */
export function createPipeHost(options: { readonly home: string }): ProcessHost {
  return new PipeHost(createHash('sha256').update(options.home).digest('hex').slice(0, 32))
}

class PipeHost implements ProcessHost {
  readonly #id: string
  readonly #running = new Set<PipedProcess>()

  constructor(id: string) {
    this.#id = id
  }

  async start(spec: ProcessSpec, listener: ProcessListener): Promise<HostedProcess> {
    await checkFolder(spec.cwd)
    const mark = randomUUID()
    const env = { ...spec.env, [PROCESS_MARK]: mark, [HOST_MARK]: this.#id }
    const child = spawnDetached(spec, env)
    try {
      await once(child, 'spawn')
    } catch (error) {
      throw startFailure(spec, error)
    }
    // From here on a failure of the process shows as its end.
    child.on('error', () => child.stdin.destroy())
    const hosted = new PipedProcess(child, `${PROCESS_MARK}=${mark}`, listener)
    this.#running.add(hosted)
    child.once('close', () => this.#running.delete(hosted))
    return hosted
  }

  async killLeftovers(): Promise<number> {
    return killUntilGone(() => findMarked(`${HOST_MARK}=${this.#id}`))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((hosted) => hosted.signalTree('SIGKILL')))
  }
}

function spawnDetached(spec: ProcessSpec, env: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams {
  try {
    // `detached` makes it the leader of a new session, so a terminal's signals never reach it and its group is its own.
    return spawn(spec.command, spec.args, { cwd: spec.cwd, env, detached: true, stdio: 'pipe' })
  } catch (error) {
    throw startFailure(spec, error)
  }
}

class PipedProcess implements HostedProcess {
  readonly pid: number
  readonly #child: ChildProcessWithoutNullStreams
  readonly #tree: TreeQuery

  constructor(child: ChildProcessWithoutNullStreams, mark: string, listener: ProcessListener) {
    this.#child = child
    this.pid = child.pid ?? -1
    this.#tree = { root: this.pid, mark }
    child.stdout.on('data', (bytes: Buffer) => listener.output(bytes))
    child.stderr.on('data', (bytes: Buffer) => listener.errorOutput(bytes))
    // A process that has gone closes its pipe under our writes; `exited` tells, so there is nothing more to say here.
    child.stdin.on('error', () => child.stdin.destroy())
    const closed = new Promise<ProcessExit>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }))
    })
    child.once('exit', () => void this.#takeTreeAlong(closed, listener))
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { stdin } = this.#child
    if (stdin.destroyed || stdin.writableEnded) return
    if (stdin.write(bytes)) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stdin.off('drain', done)
        stdin.off('close', done)
        resolve()
      }
      stdin.once('drain', done)
      stdin.once('close', done)
    })
  }

  closeInput(): void {
    this.#child.stdin.end()
  }

  pause(): void {
    this.#child.stdout.pause()
  }

  resume(): void {
    this.#child.stdout.resume()
  }

  async signalTree(signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    if (signal === 'SIGKILL') return killUntilGone(() => findTree(this.#tree))
    return signalAll(await findTree(this.#tree), signal)
  }

  async childCount(): Promise<number> {
    const tree = await findTree(this.#tree)
    return tree.filter((pid) => pid !== this.pid).length
  }

  /** Ends what the process has started, which may hold its pipes open for ever, and then tells its own end. */
  async #takeTreeAlong(closed: Promise<ProcessExit>, listener: ProcessListener): Promise<void> {
    this.resume()
    await this.signalTree('SIGKILL')
    const patience = setTimeout(() => {
      this.#child.stdout.destroy()
      this.#child.stderr.destroy()
    }, ABANDONED_PIPE_MS)
    const exit = await closed
    clearTimeout(patience)
    listener.exited(exit)
  }
}

/** For a pipe that a process out of our reach holds open: reading what lies in it takes far less. */
const ABANDONED_PIPE_MS = 500

async function checkFolder(cwd: string): Promise<void> {
  const folder = await stat(cwd).catch(() => null)
  if (folder === null || !folder.isDirectory()) {
    throw new OctoError('workspace_gone', `The folder ${cwd} is not there any more.`)
  }
}

function startFailure(spec: ProcessSpec, cause: unknown): OctoError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new OctoError('agent_missing', `There is no program ${spec.command}. Install it or correct its path.`, {
      cause,
    })
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new OctoError('permission_denied', `${spec.command} may not be run. Is it executable?`, { cause })
  }
  if (code === 'EAGAIN' || code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM') {
    return new OctoError('overloaded', `There is no room for another process (${code}). Close something first.`, {
      cause,
    })
  }
  return new OctoError('agent_failed', `${spec.command} could not be started: ${String(cause)}`, { cause })
}
