import type {
  Answer,
  AssistantItem,
  Capabilities,
  DiffPart,
  ItemId,
  LinkPart,
  ModelRef,
  NoticeItem,
  Outcome,
  PlanItem,
  RequestItem,
  Result,
  SessionId,
  TaskItem,
  TextPart,
  ThinkingPart,
  ToolItem,
  Usage,
} from '@octo/protocol'

/** What an adapter leaves to the session: numbers, places, times, and how text is kept. */
type Owned = 'seq' | 'index' | 'turn' | 'createdAt'
type Streamed = 'rev' | 'kept' | 'blob'

export type TextDraft = Omit<TextPart, Streamed>
export type ThinkingDraft = Omit<ThinkingPart, Streamed>
export type DiffDraft = Omit<DiffPart, 'blob'>
/** An image as the agent gave it; the session makes it a blob. */
export interface ImageDraft {
  readonly type: 'image'
  /** Base 64. */
  readonly data: string
  readonly mediaType: string
}
export type OutputDraft = TextDraft | DiffDraft | ImageDraft | LinkPart

export type AssistantDraft = Omit<AssistantItem, Owned | 'parts'> & {
  readonly parts: readonly (TextDraft | ThinkingDraft)[]
}
export type ToolDraft = Omit<ToolItem, Owned | 'output'> & { readonly output: readonly OutputDraft[] }
export type RequestDraft = Omit<RequestItem, Owned>
export type PlanDraft = Omit<PlanItem, Owned>
export type TaskDraft = Omit<TaskItem, Owned>
export type NoticeDraft = Omit<NoticeItem, Owned>

/** An item as an adapter makes it. */
export type ItemDraft = AssistantDraft | ToolDraft | RequestDraft | PlanDraft | TaskDraft | NoticeDraft

/** How an agent's process ended without being asked to. */
export interface AgentEnd {
  /** A sentence for the user. */
  readonly message: string
  /** The last lines of its stderr. */
  readonly details: string
}

/**
 * Where an adapter puts what its agent does. All calls are synchronous and none fails; what follows from them (storing,
 * telling, limits) is the session's business.
 */
export interface AgentSink {
  /**
   * Sets an item: a new one, or a new form of one it has set before. Text that goes on where the form before ended is
   * taken as growth; any other text starts its part again.
   */
  put(item: ItemDraft): void
  /** Takes back an item that turned out never to have been, e.g. a call in an answer that broke off. */
  remove(item: ItemId): void
  /** Adds text to a growing part of an item. */
  append(item: ItemId, part: number, text: string): void
  /** The agent began to work without having been asked, e.g. because an extension sent it something. */
  turnStarted(): void
  /** The agent has confirmed the end of its work. */
  turnEnded(outcome: Outcome): void
  /** What it is doing right now, in a word or two; `null` when that is nothing special. */
  phase(phase: string | null): void
  /** What was used since the last call; it is added to the turn and to the session. */
  usage(usage: Usage, model?: string): void
  context(context: { readonly tokens: number; readonly window: number } | null): void
  model(model: ModelRef & { readonly name: string }): void
  effort(effort: string): void
  capabilities(capabilities: Capabilities): void
  title(title: string): void
  /** What {@link AgentStart.state} shall be the next time: the agent's own session id or file. */
  state(state: unknown): void
  /** The process has gone, with everything it had started. Nothing is called after this. */
  ended(end: AgentEnd): void
}

export interface AgentImage {
  readonly data: Uint8Array
  readonly mediaType: string
}

export interface AgentPrompt {
  readonly text: string
  readonly images: readonly AgentImage[]
}

export interface AgentStart {
  readonly session: SessionId
  readonly cwd: string
  readonly title: string
  readonly model: ModelRef
  readonly effort?: string | undefined
  /** What the last process of this session has left with {@link AgentSink.state}; `undefined` for a new session. */
  readonly state: unknown
}

/** Slash commands, as `sessions.commands` answers them. */
export type AgentCommands = Result<'sessions.commands'>['commands']

/** An agent's process that is ready for prompts. Calls that give a promise reject with an OctoError for the user. */
export interface RunningAgent {
  /** Whether it should be started anew before its next turn, because models or keys have changed since it was started. */
  readonly stale: boolean
  /** Begins a turn. Whatever comes of it is told to the sink, a refusal of the prompt included. */
  prompt(prompt: AgentPrompt): void
  /** Gives the running turn a message; if it ends in this moment, the message begins another one. */
  steer(prompt: AgentPrompt): Promise<void>
  /**
   * Stops what it is doing: cancels its open requests, then the turn, and kills the process if that does not help.
   * Resolves when the end was told to the sink, by `turnEnded` or `ended`.
   */
  stop(): Promise<void>
  /** Answers an open request. One that is not open any more is ignored. */
  answer(item: ItemId, answer: Answer): Promise<void>
  setModel(model: ModelRef): Promise<void>
  setEffort(effort: string): Promise<void>
  setMode(mode: string): Promise<void>
  /** Summarises the history; notices and the turn's end are told to the sink. */
  compact(hint: string | undefined): Promise<void>
  rename(title: string): Promise<void>
  commands(): Promise<AgentCommands>
  /** Stops reading what the agent says until {@link resume}, so that an agent too fast for the disk is slowed down. */
  pause(): void
  resume(): void
  /** Whether something the agent has started still runs, such as a server in the background. */
  hasChildren(): Promise<boolean>
  /** Ends the process and everything it has started. The sink is told nothing more. */
  close(): Promise<void>
}

/** How long an agent may take before it is given up. */
export interface AgentTimes {
  /** From the start of the process to its first answer; loading extensions is the largest part. */
  readonly readyMs: number
  /** From a stop to the confirmed end of the turn, before the process is killed. */
  readonly stopMs: number
}

/** Whether an agent can be used, as far as that can be told without starting a session. */
export interface AgentStatus {
  readonly installed: boolean
  readonly version?: string
  /** Why it cannot be used, and what to do. */
  readonly problem?: string
}

/** Speaks one kind of agent. One adapter serves all sessions of a configured agent. */
export interface Adapter {
  readonly kind: string
  /** What it can do, before a process has said more. */
  readonly capabilities: Capabilities
  status(): Promise<AgentStatus>
  /**
   * Starts the agent's process and waits until it is ready for a prompt.
   * @throws OctoError `agent_missing`, `agent_failed` (with the last lines of stderr in `details.stderr`),
   *   `agent_timeout`, `no_model` or `workspace_gone`; no process is left behind then
   */
  start(start: AgentStart, sink: AgentSink): Promise<RunningAgent>
  /** Deletes what the agent itself keeps of a session, given what that session kept with {@link AgentSink.state}. */
  forget(state: unknown): Promise<void>
}
