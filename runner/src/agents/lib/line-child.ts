import { setTimeout as delay } from 'node:timers/promises'
import { OctoError } from '@octo/protocol'
import type { HostedProcess, ProcessExit, ProcessHost, ProcessSpec } from '../../holder/index.ts'
import type { Log } from '../../lib/log.ts'
import { ByteRing } from './byte-ring.ts'
import { LineSplitter } from './line-splitter.ts'

/** One message. A tool's result with several images is the largest honest one; it stays below this. */
const MAX_LINE_BYTES = 8 * 1_048_576

/** What is kept of stderr: enough for a stack trace, little enough to keep for every agent. */
const STDERR_BYTES = 65_536
const STDERR_LINES = 20

/** A wrapper may print a greeting; a program that prints more than this is not speaking our language. */
const MAX_STRAY_LINES = 20

/** What waits for an agent that does not read. A prompt with images is the largest single message. */
const MAX_UNWRITTEN_BYTES = 64 * 1_048_576

/** How long each of the gentler ways to end a process may take before the next. */
const PATIENCE_MS = 2_000

/** How a child ended, for people. */
export interface ChildEnd {
  /** One sentence fragment after the agent's name, such as "ended with code 1". */
  readonly reason: string
  /** The last lines of stderr, or what else there is to see. */
  readonly details: string
  /** Whether {@link LineChild.end} was asked before. */
  readonly expected: boolean
}

export interface LineChildOptions {
  readonly host: ProcessHost
  readonly spec: ProcessSpec
  readonly log: Log
  /** See {@link LineSplitter}. */
  readonly skippable?: (head: string) => boolean
  /** Takes each message, in order. */
  onMessage(message: object): void
  /** Called once, when the process and all it started are gone. */
  onEnd(end: ChildEnd): void
}

/**
 * Starts a program that speaks JSON, one object a line, over its standard streams.
 * @throws OctoError as {@link ProcessHost.start} does
 */
export async function startLineChild(options: LineChildOptions): Promise<LineChild> {
  const child = new LineChild(options)
  await child.start()
  return child
}

export class LineChild {
  readonly #options: LineChildOptions
  readonly #stderr = new ByteRing(STDERR_BYTES)
  readonly #splitter: LineSplitter
  readonly #ended = Promise.withResolvers<void>()
  #process: HostedProcess | null = null
  #unwritten = 0
  #strayLines = 0
  #fault: string | null = null
  #expected = false
  #gone = false

  constructor(options: LineChildOptions) {
    this.#options = options
    const { skippable } = options
    this.#splitter = new LineSplitter(
      skippable === undefined ? { maxBytes: MAX_LINE_BYTES } : { maxBytes: MAX_LINE_BYTES, skippable },
      {
        line: (text) => this.#takeLine(text),
        tooLong: () => this.#fail(`sent a line longer than ${MAX_LINE_BYTES / 1_048_576} MiB`),
      },
    )
  }

  async start(): Promise<void> {
    this.#process = await this.#options.host.start(this.#options.spec, {
      output: (bytes) => this.#splitter.push(bytes),
      errorOutput: (bytes) => this.#stderr.push(bytes),
      exited: (exit) => this.#finish(exit),
    })
  }

  /** Resolves when the process and all it started are gone. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** The last lines of stderr so far. */
  get errorLines(): string {
    return this.#stderr.lastLines(STDERR_LINES)
  }

  /**
   * Sends one message. Resolves when more may follow.
   * @throws OctoError `agent_failed` if the agent has left too much unread. To an agent that has ended it is a no-op
   */
  async send(message: object): Promise<void> {
    if (this.#gone || this.#process === null) return
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`, 'utf8')
    if (this.#unwritten + bytes.length > MAX_UNWRITTEN_BYTES) {
      throw new OctoError('agent_failed', 'The agent does not read what it is sent. Stop it and try again.')
    }
    this.#unwritten += bytes.length
    try {
      await this.#process.write(bytes)
    } finally {
      this.#unwritten -= bytes.length
    }
  }

  pause(): void {
    this.#process?.pause()
  }

  resume(): void {
    this.#process?.resume()
  }

  /** How many processes the agent has started that still live. */
  async childCount(): Promise<number> {
    return (await this.#process?.childCount()) ?? 0
  }

  /** Ends it: closes its input, and if it stays, asks and then forces its whole tree to go. */
  async end(): Promise<void> {
    this.#expected = true
    if (await this.#goneAfter(() => this.#process?.closeInput())) return
    if (await this.#goneAfter(() => void this.#process?.signalTree('SIGTERM'))) return
    await this.kill()
  }

  /** Kills it and everything it started, at once. */
  async kill(): Promise<void> {
    this.#expected = true
    await this.#process?.signalTree('SIGKILL')
    await this.#ended.promise
  }

  /** Takes a step and says whether the process was gone soon after. */
  async #goneAfter(step: () => void): Promise<boolean> {
    if (this.#gone) return true
    step()
    const patience = new AbortController()
    const late = delay(PATIENCE_MS, false, { signal: patience.signal }).catch(() => false)
    const gone = await Promise.race([this.#ended.promise.then(() => true), late])
    patience.abort()
    return gone
  }

  #takeLine(text: string): void {
    if (this.#fault !== null || text === '') return
    const message = parseObject(text)
    if (message !== null) {
      this.#options.onMessage(message)
      return
    }
    this.#strayLines += 1
    this.#stderr.push(Buffer.from(`${text.slice(0, 200)}\n`))
    this.#options.log.debug('agents.stray_line', { bytes: text.length })
    if (this.#strayLines > MAX_STRAY_LINES) this.#fail('sends something that is not its protocol')
  }

  #fail(reason: string): void {
    if (this.#fault !== null) return
    this.#fault = reason
    void this.#process?.signalTree('SIGKILL')
  }

  #finish(exit: ProcessExit): void {
    this.#gone = true
    const cutOff = this.#splitter.rest === '' ? '' : ' in the middle of a message'
    this.#ended.resolve()
    this.#options.onEnd({
      reason: this.#fault ?? `${describeExit(exit)}${cutOff}`,
      details: this.errorLines,
      expected: this.#expected && this.#fault === null,
    })
  }
}

function describeExit({ code, signal }: ProcessExit): string {
  if (signal !== null) return `was ended by ${signal}`
  return code === 0 ? 'ended by itself' : `ended with code ${code}`
}

/** `null` for what is no JSON object. */
function parseObject(text: string): object | null {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
