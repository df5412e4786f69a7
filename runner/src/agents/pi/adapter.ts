import { access, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type AgentConfig, type Capabilities, type ModelRef, OctoError, randomId } from '@octo/protocol'
import { z } from 'zod'
import type { ProcessHost, ProcessSpec } from '../../holder/index.ts'
import type { Log } from '../../lib/log.ts'
import { Serial } from '../../lib/serial.ts'
import type { ModelsForAgents } from '../../models/index.ts'
import type { Adapter, AgentSink, AgentStart, AgentStatus, AgentTimes, RunningAgent } from '../adapter.ts'
import { cleanEnvironment } from '../lib/clean-environment.ts'
import { startLineChild } from '../lib/line-child.ts'
import { askVersion } from '../lib/version.ts'
import { keyEnvironment, type ModelKey, modelKey, writePiFiles } from './config-files.ts'
import { findPinnedPi } from './pinned.ts'
import { RunningPi } from './running-pi.ts'
import { PiTranslator } from './translator.ts'

const USUAL_TIMES: AgentTimes = { readyMs: 30_000, stopMs: 5_000 }

const CAPABILITIES: Capabilities = {
  steer: true,
  images: true,
  models: true,
  efforts: [],
  modes: [],
  compact: true,
  fork: false,
  commands: true,
  resume: true,
}

/** What a session keeps of pi: where pi keeps the history. */
const AgentState = z.object({ file: z.string() })

/** Events that repeat what came before them, and grow with the turn. */
const REPETITION = /^\{"type":"(?:agent_end|turn_end)"/u

export interface PiAdapterOptions {
  /** The agent's name in the configuration. */
  readonly title: string
  readonly config: AgentConfig
  /** pi's own folder: settings, extensions, sessions. */
  readonly folder: string
  readonly host: ProcessHost
  readonly models: ModelsForAgents
  readonly log: Log
  readonly times?: AgentTimes
}

export function createPiAdapter(options: PiAdapterOptions): Adapter {
  return new PiAdapter(options)
}

class PiAdapter implements Adapter {
  readonly kind = 'pi'
  readonly capabilities = CAPABILITIES
  readonly #options: PiAdapterOptions
  readonly #running = new Set<RunningPi>()
  /** Writes of pi's files follow each other. */
  readonly #writes = new Serial()
  /** Picked models that pi said it does not know; they are described to it from its next start on. */
  readonly #unknown = new Set<ModelKey>()

  constructor(options: PiAdapterOptions) {
    this.#options = options
    options.models.onChange(() => {
      for (const pi of this.#running) pi.markStale()
    })
  }

  async status(): Promise<AgentStatus> {
    const { command, args = [] } = this.#options.config
    if (command !== undefined) return askVersion(this.#options.host, { command, args })
    const pinned = await findPinnedPi()
    if (pinned !== null) return { installed: true, version: pinned.version }
    return { installed: false, problem: 'The pi that belongs to octo is missing. Run ./setup.sh again.' }
  }

  async start(start: AgentStart, sink: AgentSink): Promise<RunningAgent> {
    const first = await this.#launch(start, sink)
    if (!this.#unknown.has(modelKey(start.model)) || !first.stale) return first
    // pi did not know the model; now it is told, and asked once more.
    await first.close()
    const second = await this.#launch(start, sink)
    if (!second.stale) return second
    await second.close()
    throw new OctoError('no_model', `pi cannot use the model ${modelKey(start.model)}. Choose another one.`)
  }

  async forget(state: unknown): Promise<void> {
    const known = AgentState.safeParse(state)
    // The path came from pi itself; what is not in its folder of histories is not ours to delete.
    if (!known.success || dirname(known.data.file) !== this.#sessions) return
    await rm(known.data.file, { force: true })
  }

  get #sessions(): string {
    return join(this.#options.folder, 'sessions')
  }

  async #launch(start: AgentStart, sink: AgentSink): Promise<RunningPi> {
    const { models, host, log, title, times = USUAL_TIMES } = this.#options
    models.find(start.model)
    const providers = await models.providers()
    await this.#writes.run(() => writePiFiles(this.#options.folder, providers, this.#unknown))
    const history = await this.#findHistory(start, sink)
    const translator = new PiTranslator({ sink, cwd: start.cwd, newId: () => randomId('itm'), now: Date.now })
    const onUnknownModel = (model: ModelRef): void => void this.#unknown.add(modelKey(model))
    const pi = new RunningPi({ title, sink, translator, capabilities: CAPABILITIES, times, log, onUnknownModel })
    const child = await startLineChild({
      host,
      log,
      spec: await this.#spec(start, { history, keys: keyEnvironment(providers) }),
      skippable: (head) => REPETITION.test(head),
      onMessage: pi.onMessage,
      onEnd: (end) => {
        this.#running.delete(pi)
        pi.onEnd(end)
      },
    })
    this.#running.add(pi)
    try {
      const { sessionFile } = await pi.greet(child, start)
      if (sessionFile !== undefined) sink.state({ file: sessionFile } satisfies z.infer<typeof AgentState>)
    } catch (error) {
      await pi.close()
      throw withErrorLines(error, child.errorLines)
    }
    if (history === null) {
      pi.rename(start.title).catch((error: unknown) => log.debug('agents.not_named', { agent: 'pi', error }))
    }
    return pi
  }

  async #spec(
    start: AgentStart,
    { history, keys }: { readonly history: string | null; readonly keys: Readonly<Record<string, string>> },
  ): Promise<ProcessSpec> {
    const { config, folder } = this.#options
    const program = await this.#program()
    return {
      command: program.command,
      args: [...program.args, ...(history === null ? [] : ['--session', history])],
      cwd: start.cwd,
      env: cleanEnvironment({
        PI_CODING_AGENT_DIR: folder,
        PI_CODING_AGENT_SESSION_DIR: this.#sessions,
        PI_OFFLINE: '1',
        PI_SKIP_VERSION_CHECK: '1',
        PI_TELEMETRY: '0',
        // Node would keep compiled code in a folder of /tmp that other users could have made before.
        NODE_COMPILE_CACHE: join(folder, 'cache'),
        ...keys,
        ...config.env,
      }),
    }
  }

  async #program(): Promise<{ readonly command: string; readonly args: readonly string[] }> {
    const { command, args = [] } = this.#options.config
    if (command !== undefined) return { command, args: [...args, '--mode', 'rpc'] }
    const pinned = await findPinnedPi()
    if (pinned !== null) return { command: process.execPath, args: [pinned.script, ...args] }
    throw new OctoError('agent_missing', 'The pi that belongs to octo is missing. Run ./setup.sh again.')
  }

  /** pi's record of the conversation, if it is still there. */
  async #findHistory({ state }: AgentStart, sink: AgentSink): Promise<string | null> {
    const known = AgentState.safeParse(state)
    if (!known.success) return null
    const { file } = known.data
    if (await isThere(file)) return file
    sink.put({
      id: randomId('itm'),
      kind: 'notice',
      level: 'warning',
      code: 'agent',
      text: "pi's own record of this conversation is not there: it goes on without remembering it.",
      details: file,
    })
    return null
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Adds what the agent said last to the failure of its start. */
function withErrorLines(error: unknown, stderr: string): unknown {
  if (!(error instanceof OctoError) || stderr === '') return error
  return new OctoError(error.code, error.message, { cause: error, details: { ...error.details, stderr } })
}
