import { isDeepStrictEqual } from 'node:util'
import {
  type Answer,
  type Item,
  type ItemId,
  type Origin,
  type Outcome,
  randomId,
  type RequestItem,
  type Session,
  type SessionState,
} from '@octo/protocol'
import type { AgentEnd, AgentSink, ItemDraft, NoticeDraft } from '../agents/index.ts'
import { isUnfinished } from '../store/index.ts'
import type { Journal } from './journal.ts'
import type { LiveItems } from './live-items.ts'
import type { PromptPart } from './prompts.ts'
import { settleItem } from './settle.ts'
import { addUsage, NO_USAGE, type Turn, turnDraft } from './turn.ts'
import type { Viewers } from './viewers.ts'

/** What waits to be stored before an agent that is faster than the disk is slowed down. */
const MAX_DIRTY_ITEMS = 500
const MAX_DIRTY_BYTES = 33_554_432

/** A timer of more than 2^31 - 1 ms would fire at once. No request is open for the 24 days that this is. */
const MAX_TIMER_MS = 2_147_483_647

/** As many as a person may give. */
const MAX_TITLE_CHARS = 200

export interface ConversationOptions {
  readonly journal: Journal
  readonly items: LiveItems
  readonly viewers: Viewers
  readonly now: () => number
  /** The turn has ended; what it left is changed in memory, and on its way to the store. */
  readonly onTurnEnded: (outcome: Outcome) => void
  /** The agent's process has gone. */
  readonly onAgentEnded: () => void
  /** Slows the agent down, or lets it go on. */
  readonly onCrowded: (crowded: boolean) => void
}

/** What a session is busy with. */
type Work = 'turn' | 'compaction'

/**
 * What happens in a session, in memory: turns begin and end, and what the agent does between becomes items. It is the sink
 * the agent's adapter speaks to. Nothing here waits; the journal stores and the viewers are told behind it.
 */
export class Conversation implements AgentSink {
  readonly #options: ConversationOptions
  readonly #deadlines = new Map<ItemId, NodeJS.Timeout>()
  #turn: Turn | null = null
  #work: Work | null = null
  #stopping = false
  #crowded = false

  constructor(options: ConversationOptions) {
    this.#options = options
  }

  get work(): Work | null {
    return this.#work
  }

  get stopping(): boolean {
    return this.#stopping
  }

  /** The turn that runs. */
  get turn(): Turn | null {
    return this.#turn
  }

  /** Begins a turn, whose item is the first of what follows. */
  beginTurn(origin: Origin): Turn {
    const { items, journal, now } = this.#options
    items.beginTurn()
    const startedAt = now()
    const turn: Turn = {
      id: randomId('trn'),
      item: randomId('itm'),
      origin,
      startedAt,
      usage: undefined,
      model: undefined,
      touched: new Set(),
    }
    this.#turn = turn
    this.#work = 'turn'
    this.#stopping = false
    items.put(turnDraft(turn), turn.id)
    journal.set({ phase: 'starting', updatedAt: startedAt })
    this.#setState('working')
    return turn
  }

  /** Takes a beginning back that could not be stored. */
  undoTurn(turn: Turn, before: Session): void {
    if (this.#turn !== turn) return
    this.#turn = null
    this.#work = null
    this.#options.items.remove(turn.item)
    this.#options.journal.set({ phase: before.phase, updatedAt: before.updatedAt, state: before.state })
  }

  /** Adds what a user gave to the running turn. */
  addUser(message: {
    readonly parts: readonly PromptPart[]
    readonly author: string
    readonly delivery: 'prompt' | 'steer'
    readonly command: Extract<Item, { kind: 'user' }>['command']
  }): ItemId {
    const id = randomId('itm')
    const { parts, author, delivery, command } = message
    const draft = { id, kind: 'user' as const, parts: [...parts], author, delivery, ...(command && { command }) }
    this.#options.items.put(draft, this.#turn?.id)
    this.#options.journal.touch()
    return id
  }

  beginCompaction(): void {
    this.#work = 'compaction'
    this.#stopping = false
    this.#options.journal.set({ phase: 'compacting' })
    this.#setState('working')
  }

  endCompaction(): void {
    if (this.#work !== 'compaction') return
    this.#work = null
    this.#stopping = false
    this.#options.journal.set({ phase: undefined })
    this.#setState('idle')
  }

  /** Marks what runs as being stopped, and cancels what waits for a person. @returns how to take that back */
  beginStop(by: string): () => void {
    const { items, journal, now } = this.#options
    const before = journal.working
    const open = this.openRequests()
    this.#stopping = true
    for (const request of open) {
      items.adopt({ ...request, state: 'answered', answer: { type: 'cancel' }, answeredBy: by, answeredAt: now() })
    }
    this.#setState('stopping')
    return () => {
      this.#stopping = false
      for (const request of open) items.adopt(request)
      journal.set({ state: before.state, waiting: before.waiting })
    }
  }

  /** Notes who answered a request, and what. @returns how to take that back */
  answerRequest(request: RequestItem, given: { readonly answer: Answer; readonly by: string }): () => void {
    const { items, now } = this.#options
    items.adopt({ ...request, state: 'answered', answer: given.answer, answeredBy: given.by, answeredAt: now() })
    this.#refreshState()
    return () => {
      items.adopt(request)
      this.#refreshState()
    }
  }

  openRequests(): RequestItem[] {
    return this.#options.items
      .values()
      .filter((item) => item.kind === 'request' && item.state === 'open') as RequestItem[]
  }

  notice(notice: Omit<NoticeDraft, 'id' | 'kind'>): void {
    this.put({ id: randomId('itm'), kind: 'notice', ...notice })
  }

  /** Marks everything that a process before this one left unfinished. */
  recover(unfinished: readonly Item[], reason: string): void {
    const { items, now } = this.#options
    const cut = { outcome: { type: 'interrupted', reason } as const, now: now() }
    const turn = unfinished.findLast((item) => item.kind === 'turn')
    for (const item of unfinished) items.adopt(settleItem(item, cut))
    const id = randomId('itm')
    items.put({ id, kind: 'notice', level: 'warning', code: 'crash', text: reason }, turn?.turn)
    this.#options.journal.set({ phase: undefined, waiting: 0 })
    this.#setState('interrupted')
  }

  /** Ends everything that depended on an agent that is gone: its requests first of all. */
  withdraw(outcome: Outcome): void {
    if (this.#work === 'turn') this.turnEnded(outcome, { agentGone: true })
    else this.#settle(outcome, true)
    this.endCompaction()
    this.#refreshState()
  }

  put(item: ItemDraft): void {
    this.#options.items.put(item, this.#turn?.id)
    if (item.kind === 'tool') for (const path of item.touched) this.#turn?.touched.add(path)
    if (item.kind === 'request') this.#watchDeadline(item)
    this.#options.journal.touch()
    if (item.kind === 'request') this.#refreshState()
    this.#checkCrowd()
  }

  remove(item: ItemId): void {
    this.#options.items.remove(item)
    this.#options.journal.touch()
  }

  append(item: ItemId, part: number, text: string): void {
    const { items, journal, viewers } = this.#options
    items.append(item, part, text)
    if (items.isDirty(item)) journal.touch()
    else journal.grew()
    viewers.grew()
  }

  turnStarted(): void {
    if (this.#turn === null) this.beginTurn('background')
  }

  turnEnded(outcome: Outcome, { agentGone = false } = {}): void {
    const turn = this.#turn
    if (turn === null) return
    const { items, journal, now, onTurnEnded } = this.#options
    const at = now()
    this.#settle(outcome, agentGone)
    items.put(turnDraft(turn, { outcome, at }), turn.id)
    items.endTurn()
    this.#turn = null
    this.#work = null
    this.#stopping = false
    journal.set({ phase: undefined, updatedAt: at })
    this.#setState(restState(outcome))
    onTurnEnded(outcome)
  }

  phase(phase: string | null): void {
    if ((this.#options.journal.working.phase ?? null) === phase || this.#work === null) return
    this.#options.journal.set({ phase: phase ?? undefined })
  }

  usage(usage: Session['usage'], model?: string): void {
    const { journal } = this.#options
    journal.set({ usage: addUsage(journal.working.usage, usage) })
    if (this.#turn === null) return
    this.#turn.usage = addUsage(this.#turn.usage ?? NO_USAGE, usage)
    this.#turn.model = model ?? this.#turn.model
  }

  context(context: NonNullable<Session['context']> | null): void {
    this.#setIfOther('context', context ?? undefined)
  }

  model(model: NonNullable<Session['model']>): void {
    this.#setIfOther('model', model)
  }

  effort(effort: string): void {
    this.#setIfOther('effort', effort)
  }

  capabilities(capabilities: Session['capabilities']): void {
    this.#setIfOther('capabilities', capabilities)
  }

  title(title: string): void {
    this.#setIfOther('title', title.slice(0, MAX_TITLE_CHARS))
  }

  state(state: unknown): void {
    this.#options.journal.setAgentState(state)
  }

  ended(end: AgentEnd): void {
    const details = end.details === '' ? {} : { details: end.details }
    if (this.#stopping) this.withdraw({ type: 'stopped' })
    else {
      if (this.#work !== null) this.notice({ level: 'error', code: 'crash', text: end.message, ...details })
      this.withdraw({ type: 'interrupted', reason: end.message })
    }
    this.#options.onAgentEnded()
  }

  /** The disk has caught up. */
  checkCrowd(): void {
    this.#checkCrowd()
  }

  /** Nothing is told of deadlines any more. */
  close(): void {
    for (const timer of this.#deadlines.values()) clearTimeout(timer)
    this.#deadlines.clear()
  }

  /** Agents repeat themselves; what they say again is no change. */
  #setIfOther<Name extends 'context' | 'model' | 'effort' | 'capabilities' | 'title'>(
    name: Name,
    value: Session[Name] | undefined,
  ): void {
    const { journal } = this.#options
    if (!isDeepStrictEqual(journal.working[name], value)) journal.set({ [name]: value })
  }

  /** Ends what is unfinished; while the agent lives, its questions stay open. */
  #settle(outcome: Outcome, agentGone: boolean): void {
    const { items, journal, now } = this.#options
    for (const item of items.values()) {
      if (!isUnfinished(item) || item.kind === 'turn') continue
      if (item.kind === 'request' && !agentGone) continue
      items.adopt(settleItem(item, { outcome, now: now() }))
    }
    journal.touch()
  }

  #setState(state: SessionState): void {
    const { journal } = this.#options
    const waiting = this.openRequests().length
    const shown = state === 'working' && waiting > 0 ? 'waiting' : state
    journal.set({ state: shown, waiting })
  }

  /** A question came or went. */
  #refreshState(): void {
    const { state } = this.#options.journal.working
    if (this.#work === null || this.#stopping) this.#setState(state)
    else this.#setState('working')
  }

  /** pi and others stop waiting at a deadline without a word. */
  #watchDeadline(item: Extract<ItemDraft, { kind: 'request' }>): void {
    if (item.deadline === undefined || this.#deadlines.has(item.id)) return
    const timer = setTimeout(
      () => {
        this.#deadlines.delete(item.id)
        const request = this.#options.items.get(item.id)
        if (request?.kind !== 'request' || request.state !== 'open') return
        this.#options.items.adopt({ ...request, state: 'withdrawn' })
        this.#refreshState()
      },
      Math.min(item.deadline - this.#options.now(), MAX_TIMER_MS),
    )
    this.#deadlines.set(item.id, timer)
  }

  #checkCrowd(): void {
    const { items, onCrowded } = this.#options
    const crowded = items.dirtyCount > MAX_DIRTY_ITEMS || items.blobBytes > MAX_DIRTY_BYTES
    if (crowded === this.#crowded) return
    this.#crowded = crowded
    onCrowded(crowded)
  }
}

/** What a session is after a turn. */
function restState(outcome: Outcome): SessionState {
  switch (outcome.type) {
    case 'done':
    case 'token_limit':
    case 'refusal':
    case 'stopped':
      return 'idle'
    case 'interrupted':
      return 'interrupted'
    case 'failed':
      return 'failed'
  }
}
