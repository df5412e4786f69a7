import type { Adapter, AgentSink, AgentStart, RunningAgent } from '../agents/index.ts'
import type { Log } from '../lib/log.ts'

/** An agent that has nothing to do is ended after this long; the next prompt starts it again, in about a second. */
const IDLE_MS = 600_000

export interface AgentSlotOptions {
  readonly adapter: () => Adapter
  readonly sink: AgentSink
  /** What to start the agent with, as of now. */
  readonly start: () => Promise<AgentStart>
  /** Waits until there is room for another agent. @throws OctoError `overloaded` */
  readonly admit: () => Promise<void>
  /** Whether the session needs its agent right now. */
  readonly isBusy: () => boolean
  readonly log: Log
  readonly idleMs?: number
}

/** The place of a session's agent: empty, or one process that is ready. */
export class AgentSlot {
  readonly #options: AgentSlotOptions
  #agent: RunningAgent | null = null
  #starting: Promise<RunningAgent> | null = null
  #idle: NodeJS.Timeout | undefined

  constructor(options: AgentSlotOptions) {
    this.#options = options
  }

  /** The agent, if one is ready. */
  get running(): RunningAgent | null {
    return this.#agent
  }

  get isEmpty(): boolean {
    return this.#agent === null && this.#starting === null
  }

  /**
   * The agent: the one that runs, or a new one. One that runs with old models or keys is replaced.
   * @throws OctoError as {@link Adapter.start} does
   */
  async ensure(): Promise<RunningAgent> {
    if (this.#starting !== null) return this.#starting
    if (this.#agent !== null && !this.#agent.stale) return this.#agent
    this.#starting = this.#start()
    try {
      return await this.#starting
    } finally {
      this.#starting = null
      this.rest()
    }
  }

  /** The process has ended by itself. */
  clear(): void {
    this.#agent = null
    clearTimeout(this.#idle)
  }

  /** Ends the agent and everything it has started. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#starting?.catch(() => undefined)
    const agent = this.#agent
    this.#agent = null
    await agent?.close()
  }

  /** Counts from now on how long the agent has nothing to do. */
  rest(): void {
    clearTimeout(this.#idle)
    if (this.#agent === null) return
    this.#idle = setTimeout(() => void this.#endIfIdle(), this.#options.idleMs ?? IDLE_MS)
    this.#idle.unref()
  }

  /** Ends the agent if nobody needs it. @returns whether it did */
  async endIfIdle(): Promise<boolean> {
    if (this.#agent === null || this.#starting !== null || this.#options.isBusy()) return false
    // A server the agent has started for the user goes on, and so does the agent, whose end would be its end.
    if (await this.#agent.hasChildren()) return false
    if (this.#options.isBusy()) return false
    await this.close()
    return true
  }

  async #endIfIdle(): Promise<void> {
    try {
      if (!(await this.endIfIdle())) this.rest()
    } catch (error) {
      this.#options.log.warn('sessions.agent_not_ended', { error })
    }
  }

  async #start(): Promise<RunningAgent> {
    const old = this.#agent
    this.#agent = null
    await old?.close()
    await this.#options.admit()
    this.#agent = await this.#options.adapter().start(await this.#options.start(), this.#options.sink)
    return this.#agent
  }
}
