import type { Answer, Capabilities, ItemId, ModelRef } from '@octo/protocol'
import type {
  Adapter,
  AgentCommands,
  AgentPrompt,
  AgentSink,
  AgentStart,
  AgentStatus,
  RunningAgent,
} from '../../agents/index.ts'

export const FAKE_CAPABILITIES: Capabilities = {
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

/** An agent that does what a test says through its sink, and notes what it was told. */
export class FakeAgent implements Adapter {
  readonly kind = 'fake'
  readonly capabilities = FAKE_CAPABILITIES
  /** What it was told, in order. */
  readonly told: string[] = []
  readonly starts: AgentStart[] = []
  stale = false
  /** Set to keep a start waiting. */
  startGate: Promise<void> | null = null
  startFailure: Error | null = null
  #sink: AgentSink | null = null
  readonly #watchers = new Set<() => void>()

  get sink(): AgentSink {
    if (this.#sink === null) throw new Error('The agent was not started.')
    return this.#sink
  }

  async status(): Promise<AgentStatus> {
    return { installed: true }
  }

  async start(start: AgentStart, sink: AgentSink): Promise<RunningAgent> {
    this.starts.push(start)
    await this.startGate
    if (this.startFailure !== null) throw this.startFailure
    this.#sink = sink
    this.stale = false
    this.note('start')
    return new Running(this)
  }

  async forget(): Promise<void> {
    this.note('forget')
  }

  note(what: string): void {
    this.told.push(what)
    for (const wake of this.#watchers) wake()
    this.#watchers.clear()
  }

  /** Resolves as soon as it was told this. */
  async wasTold(what: string, times = 1): Promise<void> {
    while (this.told.filter((each) => each === what).length < times) {
      await new Promise<void>((resolve) => this.#watchers.add(resolve))
    }
  }
}

class Running implements RunningAgent {
  readonly #agent: FakeAgent

  constructor(agent: FakeAgent) {
    this.#agent = agent
  }

  get stale(): boolean {
    return this.#agent.stale
  }

  prompt({ text }: AgentPrompt): void {
    this.#agent.note(`prompt ${text}`)
  }

  async steer({ text }: AgentPrompt): Promise<void> {
    this.#agent.note(`steer ${text}`)
  }

  async stop(): Promise<void> {
    this.#agent.note('stop')
    this.#agent.sink.turnEnded({ type: 'stopped' })
  }

  async answer(item: ItemId, answer: Answer): Promise<void> {
    this.#agent.note(`answer ${item} ${answer.type}`)
  }

  async setModel({ provider, id }: ModelRef): Promise<void> {
    this.#agent.note(`model ${provider}/${id}`)
  }

  async setEffort(effort: string): Promise<void> {
    this.#agent.note(`effort ${effort}`)
  }

  async setMode(mode: string): Promise<void> {
    this.#agent.note(`mode ${mode}`)
  }

  async compact(): Promise<void> {
    this.#agent.note('compact')
  }

  async rename(title: string): Promise<void> {
    this.#agent.note(`rename ${title}`)
  }

  async commands(): Promise<AgentCommands> {
    return []
  }

  pause(): void {
    this.#agent.note('pause')
  }

  resume(): void {
    this.#agent.note('resume')
  }

  async hasChildren(): Promise<boolean> {
    return false
  }

  async close(): Promise<void> {
    this.#agent.note('close')
  }
}
